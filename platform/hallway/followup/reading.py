"""Everything a batch of steps has to know, read at once: the people, their plans, what was done, what was said."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import select

from billing import Permission
from groundwork.database import Json, ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from hallway.followup import speaking
from hallway.followup.inside import Inside
from hallway.followup.models import Sequence, SequenceVersion
from hallway.followup.sequences import allowed, read_plan
from hallway.followup.steps import Plan
from tenants.models import Tenant

# Whoever stops a person locks the same row first.
LOCK = """
SELECT id, status FROM conversation WHERE tenant_id = %(tenant)s AND id IN (
  SELECT conversation_id FROM enrollment
  WHERE tenant_id = %(tenant)s AND id = ANY(CAST(%(ids)b AS uuid[])))
ORDER BY id FOR NO KEY UPDATE
"""
# Both directions in one reading of the thread: asked for by themselves, what we wrote would be looked for among all
# that the business ever sent, whenever the planner does not know yet how much that is.
READ = """
SELECT e.id, e.sequence_id, e.version, e.contact_id, e.conversation_id, e.facts, e.state, e.step, e.due_at,
  e.started_at, e.ended_at, e.stopped_by, e.stopped_why, said.heard_at, said.spoke_at
FROM enrollment e, LATERAL (
  SELECT max(m.at) FILTER (WHERE m.direction = 'in'
      AND coalesce(m.label_rule, '') NOT IN ('ordinary.tapback', 'ordinary.auto_reply')) AS heard_at,
    max(m.at) FILTER (WHERE m.direction = 'out' AND m.author_name IS NOT NULL AND m.purpose <> 'staff') AS spoke_at
  FROM message m WHERE m.tenant_id = %(tenant)s AND m.conversation_id = e.conversation_id) said
WHERE e.tenant_id = %(tenant)s AND e.id = ANY(CAST(%(ids)b AS uuid[]))
"""
DONE = """
SELECT enrollment_id, step, at FROM enrollment_step
WHERE tenant_id = %(tenant)s AND enrollment_id = ANY(CAST(%(ids)b AS uuid[]))
"""
Editions = dict[int, tuple[bool, Plan]]  # by number: whether people inside move to it, and the plan


class Talk(NamedTuple):
    """A conversation and whose it is."""

    id: uuid.UUID
    contact_id: uuid.UUID


class People:
    """What only some steps need of a batch's people: read for all of them when the first one is asked about."""

    def __init__(self, session: ScopedSession, tenant: Tenant, rows: Collection[Inside]) -> None:
        self._session, self._tenant = session, tenant
        self._contacts = {one.contact_id for one in rows}
        self._conversations = {one.conversation_id for one in rows}

    @cached_property
    def business(self) -> Json:
        """What words may name of the business, now."""
        return speaking.about_business(self._tenant)

    @cached_property
    def conversations(self) -> Mapping[uuid.UUID, Conversation]:
        found = select(Conversation).where(Conversation.id.in_(self._conversations))
        rows = self._session.scalars(found.execution_options(populate_existing=True))
        return {one.id: one for one in rows}

    @cached_property
    def contacts(self) -> Mapping[uuid.UUID, Contact]:
        rows = self._session.scalars(select(Contact).where(Contact.id.in_(self._contacts)))
        return {one.id: one for one in rows}

    @cached_property
    def addresses(self) -> Mapping[tuple[uuid.UUID, str], str]:
        """By contact and kind (phone, email): the first they have."""
        columns = (ContactPoint.contact_id, ContactPoint.kind, ContactPoint.value)
        theirs = select(*columns).where(ContactPoint.contact_id.in_(self._contacts))
        first: dict[tuple[uuid.UUID, str], str] = {}
        for contact_id, kind, value in self._session.execute(theirs.order_by(ContactPoint.id)):
            first.setdefault((contact_id, kind), value)
        return first


@dataclass
class Going:
    """One person in one sequence. `heard_at` is when they last wrote, `spoke_at` when a person of ours last did.

    `permission` is the billing plan's, for those who entered in a bigger one. `newest` is the version that
    people inside have to be in: a later one they move to, or their own.
    """

    tenant: Tenant
    permission: Permission
    moment: str
    enrollment: Inside
    newest: int
    plan: Plan
    closed: bool  # their conversation
    heard_at: datetime | None
    spoke_at: datetime | None
    people: People
    done: dict[str, datetime] = field(default_factory=dict)

    @property
    def conversation(self) -> Conversation:
        return self.people.conversations[self.enrollment.conversation_id]

    @property
    def talk(self) -> Talk:
        """The conversation for those who need no more than to know which."""
        return Talk(self.enrollment.conversation_id, self.enrollment.contact_id)

    @property
    def contact(self) -> Contact:
        return self.people.contacts[self.enrollment.contact_id]

    @property
    def phone(self) -> str | None:
        return self.people.addresses.get((self.enrollment.contact_id, "phone"))

    @property
    def email(self) -> str | None:
        return self.people.addresses.get((self.enrollment.contact_id, "email"))

    @property
    def replied(self) -> bool:
        """Whether they wrote since the moment that began this."""
        return self.heard_at is not None and self.heard_at > self.enrollment.started_at


def load(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Going]:
    """These enrollments with all that belongs to them. Conversations are locked first, as whoever stops them does."""
    mine = {"tenant": session.tenant_id, "ids": list(ids)}
    status = {row.id: row.status for row in session.run(LOCK, mine).all()}
    if not status:
        return {}
    found: Iterable[Any] = session.run(READ, mine).all()
    rows = [(Inside(*row[:13]), row.heard_at, row.spoke_at) for row in found]
    tenant = session.get_one(Tenant, session.tenant_id)
    people = People(session, tenant, [one for one, *_ in rows])
    editions = _editions(session, {one.sequence_id for one, *_ in rows})
    moments = _moments(session, editions)
    permissions = {id_: allowed(session, moment) for id_, moment in moments.items()}
    known: dict[uuid.UUID, Going] = {}
    for one, heard_at, spoke_at in rows:
        newest, plan = _edition_of(editions[one.sequence_id], one.version)
        whose = (tenant, permissions[one.sequence_id], moments[one.sequence_id], one)
        closed = status[one.conversation_id] == "closed"
        known[one.id] = Going(*whose, newest, plan, closed, heard_at, spoke_at, people)
    _add_what_was_done(session, known)
    return known


def _editions(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Editions]:
    found: dict[uuid.UUID, Editions] = defaultdict(dict)
    columns = (SequenceVersion.sequence_id, SequenceVersion.number, SequenceVersion.moves, SequenceVersion.plan)
    for id_, number, moves, plan in session.execute(select(*columns).where(SequenceVersion.sequence_id.in_(ids))):
        found[id_][number] = (moves, read_plan(plan))
    return found


def _moments(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    return {row[0]: row[1] for row in session.execute(select(Sequence.id, Sequence.moment).where(Sequence.id.in_(ids)))}


def _edition_of(editions: Editions, number: int) -> tuple[int, Plan]:
    newest = max([later for later, (moves, _) in editions.items() if moves and later > number], default=number)
    return newest, editions[newest][1]


def _add_what_was_done(session: ScopedSession, known: dict[uuid.UUID, Going]) -> None:
    found: Iterable[Any] = session.run(DONE, {"tenant": session.tenant_id, "ids": list(known)}).all()
    for id_, step, at in found:
        known[id_].done[step] = at
