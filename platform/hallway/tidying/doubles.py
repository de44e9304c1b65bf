"""What may stand only once for one person: a run of a sequence, an open lead or alarm, a label, a card, a key."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select, update

from groundwork import clock
from groundwork.database import Base, Json, ScopedSession, new_id
from hallway import followup
from hallway.calls.models import Alarm
from hallway.conversations import Conversation
from hallway.followup import Enrollment
from hallway.leads.models import Lead, LeadField
from hallway.tidying.as_json import plain

# A key is made another one; of a label or a card that both have, one is enough.
REKEYED = {"moment": "key", "enrollment": "key"}
LEFT_OUT = ("conversation_label", "lead_card")
# What else is unique by conversation is handled by name below.
SETTLED = {*REKEYED, *LEFT_OUT, "lead", "alarm", "conversation"}
TWICE = "They are in this sequence only once now that two entries are one person."


def settle(session: ScopedSession, mine: Conversation, theirs: Conversation) -> Json:
    """Before `theirs` becomes part of `mine`. Returns what a split has to know."""
    _run_once(session, mine, theirs)
    _one_alarm(session, mine, theirs)
    said: Json = {"rekeyed": _rekey(session, mine.id, theirs), "left_out": _leave_out(session, mine.id, theirs.id)}
    return said | {"lead": _one_lead(session, mine, theirs)}


def _run_once(session: ScopedSession, mine: Conversation, theirs: Conversation) -> None:
    """Who is in the same sequence by both entries stays where they are further on, and is not written to twice."""
    running = (Enrollment.state == "running", Enrollment.conversation_id.in_([mine.id, theirs.id]))
    rows = session.scalars(select(Enrollment).where(*running).order_by(Enrollment.started_at, Enrollment.id))
    seen: set[UUID] = set()
    for one in rows.all():
        if one.sequence_id in seen:
            followup.end(session, [one], "person", TWICE)
        seen.add(one.sequence_id)


def _rekey(session: ScopedSession, kept_id: UUID, theirs: Conversation) -> dict[str, dict[str, str]]:
    """Keys of theirs get a mark of their own, so that both histories stand side by side. Returns the keys they had."""
    were: dict[str, dict[str, str]] = {}
    for name, column in REKEYED.items():
        table = Base.metadata.tables[name]
        here = table.c.tenant_id == session.tenant_id
        taken = select(table.c[column]).where(here, table.c.conversation_id == kept_id)
        both = (table.c.conversation_id == theirs.id, table.c[column].in_(taken))
        rows = session.execute(select(table.c.id, table.c[column]).where(here, *both)).all()
        for id_, key in rows:
            session.execute(update(table).where(here, table.c.id == id_).values({column: f"{key}:{theirs.id}"}))
        were[name] = {str(id_): key for id_, key in rows}
    return were


def _leave_out(session: ScopedSession, kept_id: UUID, gone_id: UUID) -> dict[str, list[Json]]:
    """A label both have, a card of both on one phone: one is enough. Returns the rows that went."""
    went: dict[str, list[Json]] = {}
    for name in LEFT_OUT:
        table = Base.metadata.tables[name]
        here = table.c.tenant_id == session.tenant_id
        other = next(column for column in table.c if column.name in ("label_id", "phone_id"))
        taken = select(other).where(here, table.c.conversation_id == kept_id)
        both = (here, table.c.conversation_id == gone_id, other.in_(taken))
        rows = session.execute(delete(table).where(*both).returning(*table.c)).mappings()
        went[name] = [{key: plain(value) for key, value in row.items()} for row in rows]
    return went


def _one_alarm(session: ScopedSession, mine: Conversation, theirs: Conversation) -> None:
    """Somebody is paged about one person once."""
    open_ = (Alarm.acknowledged_at.is_(None), Alarm.conversation_id == mine.id)
    reasons = set(session.scalars(select(Alarm.reason).where(*open_)))
    rows = session.scalars(select(Alarm).where(Alarm.conversation_id == theirs.id, Alarm.acknowledged_at.is_(None)))
    for one in rows:
        if one.reason in reasons:
            one.acknowledged_at, one.acknowledged_by = clock.now(), "the merge of two entries"


def _one_lead(session: ScopedSession, mine: Conversation, theirs: Conversation) -> Json:
    """Of two open leads the newer one goes on, with what only the older one knew. Returns what a split undoes."""
    open_ = (Lead.status == "open", Lead.conversation_id.in_([mine.id, theirs.id]))
    leads = session.scalars(select(Lead).where(*open_).order_by(Lead.id)).all()
    if len(leads) < 2:
        return {}
    older, newer = leads
    older.status = "merged"
    session.flush()
    known = select(LeadField.name).where(LeadField.lead_id == newer.id)
    more = session.scalars(select(LeadField).where(LeadField.lead_id == older.id, LeadField.name.not_in(known))).all()
    copies = [_copy(one, newer.id) for one in more]
    session.add_all(copies)
    return {"older": str(older.id), "copied": [str(one.id) for one in copies]}


def _copy(field: LeadField, lead_id: UUID) -> LeadField:
    columns = [column.name for column in LeadField.__table__.columns]
    values = {name: getattr(field, name) for name in columns if name not in ("tenant_id", "id", "lead_id")}
    return LeadField(id=new_id(), lead_id=lead_id, **values)


def unsettle(session: ScopedSession, said: Json, gone_id: UUID) -> None:
    """After a split: keys, labels and leads as they were. Called once the rows are back in their conversation."""
    for name, keys in said["rekeyed"].items():
        table = Base.metadata.tables[name]
        for id_, key in keys.items():
            mine = (table.c.tenant_id == session.tenant_id, table.c.id == UUID(id_))
            session.execute(update(table).where(*mine).values({REKEYED[name]: key}))
    labels = Base.metadata.tables["label"]
    for row in said["left_out"].get("conversation_label", []):
        here = (labels.c.tenant_id == session.tenant_id, labels.c.id == UUID(row["label_id"]))
        if session.scalar(select(labels.c.id).where(*here)):
            worn = {"tenant_id": session.tenant_id, "id": UUID(row["id"]), "label_id": UUID(row["label_id"])}
            session.execute(Base.metadata.tables["conversation_label"].insert().values(**worn, conversation_id=gone_id))
    if said.get("lead"):
        copied = [UUID(id_) for id_ in said["lead"]["copied"]]
        fields = (LeadField.tenant_id == session.tenant_id, LeadField.id.in_(copied))
        session.execute(delete(LeadField).where(*fields).execution_options(synchronize_session=False))
        older = (Lead.tenant_id == session.tenant_id, Lead.id == UUID(said["lead"]["older"]), Lead.status == "merged")
        session.execute(update(Lead).where(*older).values(status="open").execution_options(synchronize_session=False))
