"""Entries of a thread that come from web forms and estimates, and what they share with texts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from hallway.conversations import Attachment, Message
from hallway.estimates import Estimate, EstimateEvent
from hallway.forms import FormSubmission, WebForm


@dataclass(frozen=True)
class Photo:
    """An attachment of a message; shown only once `state` is stored."""

    id: UUID
    content_type: str
    state: str
    name: str | None = None


@dataclass(frozen=True)
class Filled:
    """A web form they sent: its row in the thread, what they entered, and the form it came by."""

    at: datetime
    id: UUID
    message: Message
    photos: list[Photo]
    submission: FormSubmission
    form: WebForm
    kind: str = "form"


@dataclass(frozen=True)
class Priced:
    """An estimate was sent, accepted or declined."""

    at: datetime
    id: UUID
    event: EstimateEvent
    estimate: Estimate
    kind: str = "estimate"


class Source(NamedTuple):
    """Where entries of one kind are read from, and the two columns that place them in the thread."""

    statement: Any
    at: Any
    id: Any


def photos_of() -> Any:
    columns = (Attachment.id, Attachment.content_type, Attachment.state, Attachment.name)
    photo = func.jsonb_build_array(*columns, type_=JSONB)
    every = select(func.jsonb_agg(aggregate_order_by(photo, Attachment.id), type_=JSONB))
    return every.where(Attachment.message_id == Message.id).scalar_subquery()


def shown(photos: list[Any] | None) -> list[Photo]:
    return [Photo(UUID(id_), *rest) for id_, *rest in photos or []]


def forms(conversation_id: UUID) -> Source:
    statement = (
        select(Message, photos_of(), FormSubmission, WebForm)
        .join(FormSubmission, FormSubmission.message_id == Message.id)
        .join(WebForm, WebForm.id == FormSubmission.form_id)
        .where(Message.conversation_id == conversation_id, Message.channel == "form")
    )
    return Source(statement, Message.at, Message.id)


def filled(row: Any) -> Filled:
    message, photos, submission, form = row
    return Filled(message.at, message.id, message, shown(photos), submission, form)


def estimates(conversation_id: UUID) -> Source:
    statement = (
        select(EstimateEvent, Estimate)
        .join(Estimate, Estimate.id == EstimateEvent.estimate_id)
        .where(EstimateEvent.conversation_id == conversation_id)
    )
    return Source(statement, EstimateEvent.at, EstimateEvent.id)


def priced(row: Any) -> Priced:
    return Priced(row[0].at, row[0].id, row[0], row[1])
