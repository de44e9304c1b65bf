"""What the customer's calendar answers to an invite (RFC 5546, METHOD:REPLY): accepted or declined with one tap."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from icalendar import Calendar, Component

from groundwork.database import ScopedSession
from hallway.appointments import asking, changing, events
from hallway.appointments.models import AHEAD, Appointment
from hallway.conversations import Conversation, Message

LARGEST = 100_000  # characters; an answer has a few hundred


def hear_calendar(session: ScopedSession, conversation: Conversation, message: Message, data: bytes) -> bool:
    """Act on the calendar object of an e-mail. False when it is no answer to an invite as the visit now stands."""
    settled = False
    for id_, sequence, answer in _answers(data):
        visit = session.get(Appointment, (session.tenant_id, id_))
        if visit is None or visit.conversation_id != conversation.id or visit.status not in AHEAD:
            continue
        if answer == "ACCEPTED" and sequence == visit.version - 1:
            changing.confirm(session, visit)
            settled = True
        elif answer == "DECLINED":
            asking.wish_to_cancel(session, visit, "Declined in their calendar", message)
            settled = True
        elif answer == "TENTATIVE":
            events.note(session, visit, "changed", "Marked as “maybe” in their calendar")
            settled = True
    return settled


def _answers(data: bytes) -> Iterator[tuple[UUID, int, str]]:
    """(visit, its version as they knew it, ACCEPTED | DECLINED | ...), of what strangers wrote."""
    try:
        read = Calendar.from_ical(data.decode("utf-8", "replace")[:LARGEST])
        if str(read.get("METHOD", "")).upper() == "REPLY":
            yield from (_answer(event) for event in read.walk("VEVENT"))
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return


def _answer(event: Component) -> tuple[UUID, int, str]:
    who = event["ATTENDEE"]
    who = who[0] if isinstance(who, list) else who
    return UUID(str(event["UID"]).partition("@")[0]), int(event.get("SEQUENCE", 0)), str(who.params.get("PARTSTAT", ""))
