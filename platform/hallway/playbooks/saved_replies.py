"""Saved replies: words that members keep, and put into an answer by hand, filled in for the person they write to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from groundwork import clock, phones
from groundwork.database import Json, ScopedSession
from groundwork.refusing import FieldError
from hallway.channels.numbers import numbers
from hallway.playbooks.keys import SAVED_REPLY
from hallway.playbooks.lint import lint
from hallway.playbooks.models import SavedReply
from hallway.playbooks.templates import WordingError, render
from tenants import hours
from tenants.models import Tenant

LONGEST_NAME = 40
MOST = 200


class ReplyError(FieldError):
    """A saved reply that cannot be kept; `field` says which part, the message why."""


class Filled(NamedTuple):
    """A saved reply as it reads for one person."""

    id: UUID
    name: str
    text: str


def every(session: ScopedSession) -> Sequence[SavedReply]:
    return session.scalars(select(SavedReply).order_by(func.lower(SavedReply.name))).all()


def keep(session: ScopedSession, reply: SavedReply | None, name: str, source: str, by: str) -> SavedReply:
    """Save a new reply, or `reply` changed. Raises ReplyError: a name that is taken, words that would break."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise ReplyError("name", f"Give it a name of up to {LONGEST_NAME} characters.")
    taken = select(SavedReply.id).where(func.lower(SavedReply.name) == name.lower())
    if session.scalar(taken.where(SavedReply.id != reply.id) if reply else taken):
        raise ReplyError("name", "There is a saved reply with this name already.")
    if any(problem.level == "error" for problem in lint(source, SAVED_REPLY.name)):
        raise ReplyError("source", "Not saved yet: mend what is marked below.")
    if reply is None:
        if (session.scalar(select(func.count(SavedReply.id))) or 0) >= MOST:
            raise ReplyError("name", f"There are {MOST} saved replies already. Remove some that nobody uses.")
        reply = SavedReply(name=name, source=source)
        session.add(reply)
    reply.name, reply.source, reply.updated_by = name, source, by
    session.flush()
    return reply


def filled(session: ScopedSession, tenant: Tenant, contact: str | None, member: str) -> list[Filled]:
    """Every reply as it reads from `member` to `contact` (a name, if known). One that does not render is left out."""
    known = about(session, tenant) | {
        "contact": {"first_name": _first(contact)},
        "member": {"first_name": _first(member)},
    }
    found = []
    for reply in every(session):
        try:
            found.append(Filled(reply.id, reply.name, render(reply.source, known)))
        except WordingError:
            continue
    return found


def about(session: ScopedSession, tenant: Tenant) -> Json:
    """{"business": {...}}: what a reply may name of this business."""
    active = [number.e164 for number in numbers(session) if number.active]
    phone = active[0] if active else tenant.phone
    reopens = hours.reopens_in_words(tenant, clock.now())
    return {"business": {"name": tenant.name, "phone": phones.pretty(phone) if phone else None, "reopens": reopens}}


def _first(name: str | None) -> str | None:
    return name.split()[0] if name and name.split() else None
