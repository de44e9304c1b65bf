"""Calls: rung through, screened, and when no human accepted, texted back. Start with `arrival` and `outcomes`."""

from hallway.calls.alarms import acknowledge, acknowledge_from, page_on_call, raise_alarm, raise_when_due
from hallway.calls.arrival import arrive
from hallway.calls.call_backs import (
    CannotCallBackError,
    bridge,
    bridged,
    call_back,
    leg_status,
    place,
    whisper,
)
from hallway.calls.following_up import call_came_first, follow_missed_call, take_up_missed_call
from hallway.calls.models import Alarm, Call, CallLeg, Phone, TextBackClaim, Voicemail
from hallway.calls.outcomes import MISSED_REASONS
from hallway.calls.overdue import close_overdue
from hallway.calls.progress import call_status, dial_done, find_out
from hallway.calls.screening import screen, screened
from hallway.calls.text_back import look_up_caller, text_back, text_back_when_known
from hallway.calls.voicemail import (
    fetch_recording,
    mark_heard,
    receive_recording,
    receive_transcription,
    thank,
)
from hallway.calls.wanted import take as take_wanted

__all__ = [
    "MISSED_REASONS",
    "Alarm",
    "Call",
    "CallLeg",
    "CannotCallBackError",
    "Phone",
    "TextBackClaim",
    "Voicemail",
    "acknowledge",
    "acknowledge_from",
    "arrive",
    "bridge",
    "bridged",
    "call_back",
    "call_came_first",
    "call_status",
    "close_overdue",
    "dial_done",
    "fetch_recording",
    "find_out",
    "follow_missed_call",
    "leg_status",
    "look_up_caller",
    "mark_heard",
    "page_on_call",
    "place",
    "raise_alarm",
    "raise_when_due",
    "receive_recording",
    "receive_transcription",
    "screen",
    "screened",
    "take_up_missed_call",
    "take_wanted",
    "text_back",
    "text_back_when_known",
    "thank",
    "whisper",
]
