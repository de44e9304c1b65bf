"""Notices: members are told by the ways they chose, each thing once, and nobody twice for one burst."""

from hallway.notices.delivering import deliver, text_if_unopened
from hallway.notices.events import EVENTS, WAYS
from hallway.notices.models import LeadCard, Notice, NoticeDelivery, NoticePlan, PushDevice, SlackHook, StaffDraft
from hallway.notices.notes import tell_of_note
from hallway.notices.telling import opened, tell, tell_managers

__all__ = [
    "EVENTS",
    "WAYS",
    "LeadCard",
    "Notice",
    "NoticeDelivery",
    "NoticePlan",
    "PushDevice",
    "SlackHook",
    "StaffDraft",
    "deliver",
    "opened",
    "tell",
    "tell_managers",
    "tell_of_note",
    "text_if_unopened",
]
