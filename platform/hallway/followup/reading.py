"""Everything a batch of steps has to know, read at once: the people, their plans, what was done, what was said."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, text

from billing import Permission
from groundwork.database import ScopedSession
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from hallway.followup.models import Enrollment, EnrollmentStep, Sequence, SequenceVersion
from hallway.followup.sequences import allowed, read_plan
from hallway.followup.steps import Plan
from tenants.models import Tenant

LAST_SAID = text("""
SELECT c.id, (SELECT max(m.at) FROM message m WHERE m.tenant_id = :tenant AND m.conversation_id = c.id
    AND m.direction = 'in'
    AND coalesce(m.label_rule, '') NOT IN ('ordinary.tapback', 'ordinary.auto_reply')) AS heard_at,
  (SELECT max(m.at) FROM message m WHERE m.tenant_id = :tenant AND m.conversation_id = c.id
    AND m.direction = 'out' AND m.author_name IS NOT NULL AND m.purpose <> 'staff') AS spoke_at
FROM unnest(CAST(:conversations AS uuid[])) AS c(id)
""")
Editions = dict[int, tuple[bool, Plan]]  # by number: whether people inside move to it, and the plan


@dataclass
class Going:
    """One person in one sequence. `heard_at` is when they last wrote, `spoke_at` when a person of ours last did.

    `permission` is the billing plan's, for those who entered in a bigger one. `newest` is the version that
    people inside have to be in: a later one they move to, or their own.
    """

    tenant: Tenant
    permission: Permission
    enrollment: Enrollment
    newest: int
    plan: Plan
    conversation: Conversation
    contact: Contact
    heard_at: datetime | None = None
    spoke_at: datetime | None = None
    done: dict[str, datetime] = field(default_factory=dict)
    phone: str | None = None
    email: str | None = None
    moment: str = ""

    @property
    def replied(self) -> bool:
        """Whether they wrote since the moment that began this."""
        return self.heard_at is not None and self.heard_at > self.enrollment.started_at


def load(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Going]:
    """These enrollments with all that belongs to them. Conversations are locked first, as whoever stops them does."""
    conversations = _locked(session, ids)
    mine = select(Enrollment).where(Enrollment.id.in_(ids)).order_by(Enrollment.id).with_for_update()
    enrollments = list(session.scalars(mine.execution_options(populate_existing=True)))
    editions = _editions(session, {one.sequence_id for one in enrollments})
    contacts = {one.contact_id for one in enrollments}
    people = {one.id: one for one in session.scalars(select(Contact).where(Contact.id.in_(contacts)))}
    tenant, moments = session.get_one(Tenant, session.tenant_id), _moments(session, editions)
    permissions = {id_: allowed(session, moment) for id_, moment in moments.items()}
    known: dict[uuid.UUID, Going] = {}
    for one in enrollments:
        newest, plan = _edition_of(editions[one.sequence_id], one.version)
        whose = (tenant, permissions[one.sequence_id], one)
        known[one.id] = Going(*whose, newest, plan, conversations[one.conversation_id], people[one.contact_id])
        known[one.id].moment = moments[one.sequence_id]
    _add_what_was_said(session, known.values())
    _add_what_was_done(session, known)
    _add_addresses(session, known.values())
    return known


def _locked(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Conversation]:
    theirs = select(Enrollment.conversation_id).where(Enrollment.id.in_(ids))
    held = select(Conversation).where(Conversation.id.in_(theirs)).order_by(Conversation.id)
    locked = held.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {one.id: one for one in session.scalars(locked)}


def _editions(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Editions]:
    found: dict[uuid.UUID, Editions] = defaultdict(dict)
    for one in session.scalars(select(SequenceVersion).where(SequenceVersion.sequence_id.in_(ids))):
        found[one.sequence_id][one.number] = (one.moves, read_plan(one.plan))
    return found


def _moments(session: ScopedSession, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    return {row[0]: row[1] for row in session.execute(select(Sequence.id, Sequence.moment).where(Sequence.id.in_(ids)))}


def _edition_of(editions: Editions, number: int) -> tuple[int, Plan]:
    newest = max([later for later, (moves, _) in editions.items() if moves and later > number], default=number)
    return newest, editions[newest][1]


def _add_what_was_said(session: ScopedSession, all_: Iterable[Going]) -> None:
    said = {"tenant": session.tenant_id, "conversations": list({one.conversation.id for one in all_})}
    rows = {row.id: row for row in session.execute(LAST_SAID, said)}
    for one in all_:
        one.heard_at, one.spoke_at = rows[one.conversation.id].heard_at, rows[one.conversation.id].spoke_at


def _add_what_was_done(session: ScopedSession, known: dict[uuid.UUID, Going]) -> None:
    columns = (EnrollmentStep.enrollment_id, EnrollmentStep.step, EnrollmentStep.at)
    for id_, step, at in session.execute(select(*columns).where(EnrollmentStep.enrollment_id.in_(known))):
        known[id_].done[step] = at


def _add_addresses(session: ScopedSession, all_: Iterable[Going]) -> None:
    theirs = ContactPoint.contact_id.in_({one.contact.id for one in all_})
    points: Many[ContactPoint] = session.scalars(select(ContactPoint).where(theirs).order_by(ContactPoint.id)).all()
    first: dict[tuple[uuid.UUID, str], str] = {}
    for point in points:
        first.setdefault((point.contact_id, point.kind), point.value)
    for one in all_:
        one.phone, one.email = first.get((one.contact.id, "phone")), first.get((one.contact.id, "email"))
