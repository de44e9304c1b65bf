"""Leads that another program hands over: kept as a form is, and made into a lead at once, by the same way."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork.database import Json, ScopedSession, new_id
from hallway import consent
from hallway.conversations import Conversation
from hallway.forms.answers import Answers
from hallway.forms.models import API, FormSubmission, WebForm
from hallway.forms.receiving import evidence, receive
from hallway.forms.taking import Came, take
from hallway.forms.words import USUAL
from hallway.leads.models import Lead

LONGEST_SOURCE = 60


class HandedOver(NamedTuple):
    """The lead, and whether this request was new."""

    lead: Lead
    new: bool


def form_of_api(session: ScopedSession) -> WebForm:
    """What stands for the API where a form does: it asks everything, needs nothing, and no page shows it."""
    fields = dict.fromkeys(USUAL, "optional") | {"photos": "off"}
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "key": API, "name": "API", "title": "API"}
    row |= {"kind": "request", "language": "en", "intro": "", "thanks": "", "fields": fields, "sites": []}
    row |= {"ask_marketing": False, "monthly_texts": 4, "active": False}
    unique = [WebForm.tenant_id, WebForm.key]
    session.execute(insert(WebForm).values(**row).on_conflict_do_nothing(index_elements=unique))
    return session.scalars(select(WebForm).where(WebForm.key == API)).one()


def hand_over(session: ScopedSession, answers: Answers, came: Came, source: str, follow_up: str | None) -> HandedOver:
    """Make a lead of what a trusted program sent. The very same again within minutes is no second one.

    `source` names where they came from, `follow_up` are the words by which they agreed to be followed up. Raises
    OtherRequestError.
    """
    form = form_of_api(session)
    if source:
        answers.typed["source"] = source
    taken = take(session, form, answers, came)
    if not taken.new:
        return HandedOver(_lead_of(session, taken.submission), new=False)
    conversation = receive(session, form, taken.submission)
    if follow_up:
        _keep_follow_up(session, form, taken.submission, follow_up)
    return HandedOver(_newest(session, conversation), new=True)


def _keep_follow_up(session: ScopedSession, form: WebForm, submission: FormSubmission, words: str) -> None:
    source, at = evidence(form, submission), submission.at
    for channel, address in (("sms", submission.phone), ("email", submission.email)):
        if address:
            told = (words, source)
            consent.record(session, address, "granted", "follow_up", "api", *told, channel=channel, occurred_at=at)


def _lead_of(session: ScopedSession, submission: FormSubmission) -> Lead:
    return _newest(session, session.get_one(Conversation, (session.tenant_id, submission.conversation_id)))


def _newest(session: ScopedSession, conversation: Conversation) -> Lead:
    theirs = select(Lead).where(Lead.conversation_id == conversation.id).order_by(Lead.id.desc())
    return session.scalars(theirs.limit(1)).one()
