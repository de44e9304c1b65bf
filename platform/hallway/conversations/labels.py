"""Labels: the business's own words on conversations, in one of a few colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, delete, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert

from groundwork import live
from groundwork.database import ScopedSession, new_id
from groundwork.refusing import FieldError
from hallway.conversations.models import ConversationLabel, Label

COLORS = ("gray", "red", "orange", "yellow", "green", "teal", "blue", "purple")
LONGEST = 24  # characters
MOST = 50


class LabelError(FieldError):
    """A label that cannot be kept; `field` says which part, the message why."""


class Shown(NamedTuple):
    """A label as a list or a thread shows it."""

    id: UUID
    name: str
    color: str


class Used(NamedTuple):
    """A label and on how many conversations it stands."""

    label: Label
    conversations: int


def every(session: ScopedSession) -> Sequence[Label]:
    return session.scalars(select(Label).order_by(func.lower(Label.name))).all()


def counted(session: ScopedSession) -> list[Used]:
    """Every label by its name, with how often it is used."""
    used = select(func.count()).where(ConversationLabel.label_id == Label.id).scalar_subquery()
    rows = session.execute(select(Label, used).order_by(func.lower(Label.name)))
    return [Used(*row) for row in rows]


def keep(session: ScopedSession, label: Label | None, name: str, color: str) -> Label:
    """Save a new label, or `label` changed. Raises LabelError: a name that is taken or too long, no such colour."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST:
        raise LabelError("name", f"Give it a name of up to {LONGEST} characters.")
    if color not in COLORS:
        raise LabelError("color", "Choose one of the colours.")
    taken = select(Label.id).where(func.lower(Label.name) == name.lower())
    if session.scalar(taken.where(Label.id != label.id) if label else taken):
        raise LabelError("name", "There is a label with this name already.")
    if label is None:
        if (session.scalar(select(func.count(Label.id))) or 0) >= MOST:
            raise LabelError("name", f"There are {MOST} labels already. Remove some that nobody uses.")
        label = Label(name=name, color=color)
        session.add(label)
    label.name, label.color = name, color
    session.flush()
    live.tell(session, "conversation")
    return label


def remove(session: ScopedSession, label: Label) -> None:
    """Take it off every conversation, for good."""
    session.delete(label)
    live.tell(session, "conversation")


def put_on(session: ScopedSession, label: Label, conversation_ids: Sequence[UUID]) -> list[UUID]:
    """Label these; returns those that did not have it before."""
    if not conversation_ids:
        return []
    own = {"tenant_id": session.tenant_id, "label_id": label.id}
    rows = [own | {"id": new_id(), "conversation_id": id_} for id_ in conversation_ids]
    unique = [ConversationLabel.tenant_id, ConversationLabel.conversation_id, ConversationLabel.label_id]
    statement = insert(ConversationLabel).values(rows).on_conflict_do_nothing(index_elements=unique)
    added = session.scalars(statement.returning(ConversationLabel.conversation_id)).all()
    return _told(session, added)


def take_off(session: ScopedSession, label: Label, conversation_ids: Sequence[UUID]) -> list[UUID]:
    """Take the label off these; returns those that had it."""
    mine = (ConversationLabel.tenant_id == session.tenant_id, ConversationLabel.label_id == label.id)
    statement = delete(ConversationLabel).where(*mine, ConversationLabel.conversation_id.in_(conversation_ids))
    gone = session.scalars(
        statement.returning(ConversationLabel.conversation_id).execution_options(synchronize_session=False)
    ).all()
    return _told(session, gone)


def _told(session: ScopedSession, ids: Sequence[UUID]) -> list[UUID]:
    for id_ in ids:
        live.tell(session, "conversation", id_)
    return list(ids)


def carrying(label_id: UUID) -> Select[UUID]:
    """The ids of the conversations that carry a label."""
    return select(ConversationLabel.conversation_id).where(ConversationLabel.label_id == label_id)


def of(conversation_id: SQLColumnExpression[UUID]) -> ColumnElement[list[list[str]] | None]:
    """A column: the labels of a conversation as [[id, name, colour]], by name; NULL for none. See `shown`."""
    one = func.jsonb_build_array(Label.id, Label.name, Label.color, type_=JSONB)
    mine = (ConversationLabel.conversation_id == conversation_id, ConversationLabel.label_id == Label.id)
    every = select(func.jsonb_agg(aggregate_order_by(one, func.lower(Label.name)), type_=JSONB)).where(*mine)
    return every.scalar_subquery()


def shown(column: list[list[str]] | None) -> list[Shown]:
    """What the column `of` gave."""
    return [Shown(UUID(id_), name, color) for id_, name, color in column or []]
