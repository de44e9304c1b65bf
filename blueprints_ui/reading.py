"""What an open thread shows, gathered once for the page and for every fragment of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard
from uuid import UUID

from flask import g, url_for
from werkzeug.exceptions import BadRequest, NotFound

from blueprints_ui import guard
from blueprints_ui.guard import tenant_session
from groundwork import clock
from groundwork.database import new_id
from hallway import estimates, followup, notices, routing
from hallway.appointments import Appointment, calendar
from hallway.conversations import Message, handling, notes, snoozing
from hallway.conversations.inbox import BadCursorError
from hallway.estimates import Estimate
from hallway.followup import Followed
from hallway.insight import panel, thread
from hallway.leads.models import Lead, LeadField
from hallway.routing import Routed


@dataclass(frozen=True)
class Reading:
    """One conversation on the screen. `first` is the cursor from which its entries are fetched again."""

    head: panel.Head
    entries: list[thread.Entry]
    first: str | None
    earlier: str | None
    lead: Lead | None
    fields: dict[str, LeadField]
    choices: list[panel.Choice]
    mail: panel.MailWay | None
    token: UUID  # the id the next text will have, so that a form sent twice sends one text

    @property
    def id(self) -> UUID:
        return self.head.conversation.id

    @property
    def name(self) -> str | None:
        return self.head.contact.name

    @property
    def alarms(self) -> list[thread.Raised]:
        return [one for one in self.entries if isinstance(one, thread.Raised) and not one.alarm.acknowledged_at]

    @property
    def retried(self) -> set[UUID | None]:
        """Messages that a later one stands in for."""
        return {one.message.retry_of for one in self.entries if isinstance(one, thread.Said)}

    @property
    def composer(self) -> str:
        """What stands in the composer's place: open, read_only, stopped, blocked, no_phone."""
        if self.ways:
            return "open" if g.who.role in guard.WRITERS else "read_only"
        return self.head.closed_because or "no_phone"

    @property
    def ways(self) -> list[tuple[str, str]]:
        """How they may be written to, (channel, what to call it), first the one they wrote by last."""
        texts = [("sms", "Text")] if self.head.closed_because is None else []
        mails = [("email", "E-mail")] if self.mail and self.mail.open else []
        last = next((one.message for one in reversed(self.entries) if _is_theirs(one)), None)
        return mails + texts if last is not None and last.channel == "email" else texts + mails

    @property
    def subject(self) -> str:
        """The subject that an answer by e-mail would have."""
        said = (one.message.subject for one in reversed(self.entries) if isinstance(one, thread.Said))
        last = next((subject for subject in said if subject), "")
        return last if not last or last.lower().startswith("re:") else f"Re: {last}"

    @property
    def sleeps(self) -> list[snoozing.Choice]:
        """The usual times to put it aside until."""
        return snoozing.choices(g.tenant, clock.now())

    @property
    def sends(self) -> list[snoozing.Choice]:
        """The usual times to send a text at."""
        return snoozing.choices(g.tenant, clock.now(), snoozing.TEXT_MORNING)

    @property
    def story(self) -> list[panel.Step]:
        return panel.story(self.entries)

    @property
    def followed(self) -> Sequence[Followed]:
        return followup.of_conversation(tenant_session(), self.id) if "follow_up" in self.head.holds else []

    @property
    def routed(self) -> list[Routed]:
        """Where the lead went, and why, oldest first."""
        return routing.routed(tenant_session(), self.id) if "way" in self.head.holds else []

    @property
    def estimates(self) -> Sequence[Estimate]:
        return estimates.of_conversation(tenant_session(), self.id) if "estimate" in self.head.holds else []

    @cached_property
    def visits(self) -> list[Appointment]:
        held = "visit" in self.head.holds
        return calendar.of_conversation(tenant_session(), self.id, clock.now()) if held else []

    def members(self) -> list[panel.Choice]:
        return [choice for choice in self.choices if choice.kind == "member"]

    def phones(self) -> list[panel.Choice]:
        return [choice for choice in self.choices if choice.kind == "phone"]


def open_thread(conversation_id: UUID, message: str | None = None) -> Reading:
    """The newest entries, or everything from `message` on; marks the conversation read for those who may."""
    session, head = tenant_session(), find(conversation_id)
    if head.conversation.unread and g.who.role in guard.WRITERS:
        handling.read(session, conversation_id)
    if g.who.member_id:
        notices.opened(session, g.who.member_id, conversation_id=conversation_id)
    if head.mentioned and g.who.member_id:
        notes.see(session, conversation_id, g.who.member_id)
    first = _place_of(message, conversation_id) if message else None
    if first:
        return _reading(head, thread.since(session, conversation_id, first, head.holds), first, first)
    newest = thread.newest(session, conversation_id, holds=head.holds)
    return _reading(head, newest.entries, newest.first, newest.earlier)


def again(conversation_id: UUID, first: str | None) -> Reading:
    """The same entries as before and what came after them."""
    head = find(conversation_id)
    try:
        entries = thread.since(tenant_session(), conversation_id, first, head.holds)
    except BadCursorError as error:
        raise BadRequest(str(error)) from error
    return _reading(head, entries, first, None)


def find(conversation_id: UUID) -> panel.Head:
    head = panel.head(tenant_session(), conversation_id, g.who.member_id)
    if head is None and conversation_id in g.get("found", ()):
        raise guard.OutOfSight
    if head is None:
        raise NotFound("This conversation does not exist, or is not yours to see.")
    g.setdefault("found", set()).add(conversation_id)
    return head


def _reading(head: panel.Head, entries: list[thread.Entry], first: str | None, earlier: str | None) -> Reading:
    known = panel.lead(tenant_session(), head.conversation.id) if "lead" in head.holds else None
    lead, fields = known or (None, {})
    choices = panel.choices(tenant_session())
    mail = panel.mail_way(tenant_session(), head.contact)
    return Reading(head, entries, first, earlier, lead, fields, choices, mail, new_id())


def _is_theirs(entry: thread.Entry) -> TypeGuard[thread.Said]:
    return isinstance(entry, thread.Said) and entry.message.direction == "in"


def _place_of(message: str, conversation_id: UUID) -> str | None:
    """The cursor of a message of this conversation; None for any other, which then opens at its end."""
    try:
        found = tenant_session().get(Message, (g.tenant.id, UUID(message)))
    except ValueError:
        return None
    return thread.cursor(found.at, found.id) if found and found.conversation_id == conversation_id else None


def address_of(conversation_id: UUID) -> str:
    return url_for("inbox.show_thread", conversation_id=conversation_id)
