"""An estimate is sent, accepted or declined: written down, shown in the thread, and told to follow-up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock, live
from groundwork.database import Json, ScopedSession, new_id
from groundwork.refusing import FieldError
from hallway import consent, followup, leads
from hallway.contacts import ContactPoint
from hallway.conversations import Conversation, note_event
from hallway.estimates.models import Estimate, EstimateEvent
from hallway.estimates.money import dollars

LONGEST = {"number": 40, "title": 120, "link": 500, "note": 500, "agreed": 300}
LARGEST_CENTS = 100_000_000_00
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no letters that are read wrong over the phone


class BadEstimateError(FieldError):
    """Something about an estimate that cannot be kept; `field` says what, the message why."""


@dataclass(frozen=True)
class Draft:
    """An estimate as somebody wrote it. An empty number is chosen for them; `at` is when it was sent, else now.

    `agreed` says how they asked for it and agreed to be followed up, where they did.
    """

    amount_cents: int
    number: str = ""
    title: str = ""
    link: str = ""
    at: datetime | None = None
    agreed: str = ""


def sent(session: ScopedSession, conversation: Conversation, draft: Draft, by: str) -> Estimate:
    """An estimate went out to them. Told again with the same number it changes amount and link, and nothing twice.

    Raises BadEstimateError, also for a number that belongs to somebody else's estimate.
    """
    check(draft)
    now, number = clock.now(), draft.number or _number()
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "conversation_id": conversation.id, "number": number}
    row |= {"amount_cents": draft.amount_cents, "title": draft.title or None, "link": draft.link or None}
    row |= {"state": "sent", "sent_at": draft.at or now}
    unique = [Estimate.tenant_id, Estimate.number]
    made = session.scalar(
        insert(Estimate).values(**row).on_conflict_do_nothing(index_elements=unique).returning(Estimate.id)
    )
    estimate = find(session, number)
    if estimate is None or estimate.conversation_id != conversation.id:
        raise BadEstimateError("number", f"Estimate {number} belongs to somebody else. Use another number.")
    _keep_agreement(session, conversation, estimate, draft, by)
    if made is None and not _changed(estimate, draft):
        return estimate
    if made is None:
        followup.stop(session, conversation.id, "closed", "The estimate was sent again, at another price.")
    event = _happen(session, conversation, estimate, "sent", by, at=draft.at or now)
    facts: Json = {"number": estimate.number, "amount": dollars(estimate.amount_cents), "link": estimate.link}
    followup.moment(
        session, "estimate", conversation, event.id, facts=facts | {"title": estimate.title}, at=draft.at or now
    )
    return estimate


def accepted(session: ScopedSession, estimate: Estimate, by: str, note: str = "") -> bool:
    """They said yes. False when that was known already."""
    return _decide(session, estimate, "accepted", by, note)


def declined(session: ScopedSession, estimate: Estimate, by: str, note: str = "") -> bool:
    """They said no. False when that was known already."""
    return _decide(session, estimate, "declined", by, note)


def find(session: ScopedSession, number: str) -> Estimate | None:
    """The estimate with this number, its row held until the end of the transaction."""
    mine = select(Estimate).where(Estimate.number == number).with_for_update()
    return session.scalar(mine.execution_options(populate_existing=True))


def check(draft: Draft) -> None:
    """Raises BadEstimateError for what cannot be kept."""
    for name, most in LONGEST.items():
        if len(getattr(draft, name, "")) > most:
            raise BadEstimateError(name, f"Up to {most} characters, please.")
    if not 0 < draft.amount_cents <= LARGEST_CENTS:
        raise BadEstimateError("amount", "The amount has to be more than $0 and at most $100,000,000.")
    parts = urlsplit(draft.link)
    if draft.link and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise BadEstimateError("link", "Write the whole address of the estimate, like https://example.com/e/1042.")


def _number() -> str:
    return "E-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


def _keep_agreement(session: ScopedSession, talk: Conversation, estimate: Estimate, draft: Draft, by: str) -> None:
    """What they said about being followed up goes into the ledger, once for each estimate and address."""
    if not draft.agreed.strip():
        return
    source: Json = {"estimate": estimate.number, "member": by}
    points = select(ContactPoint).where(ContactPoint.contact_id == talk.contact_id).order_by(ContactPoint.id)
    for point in session.scalars(points).all():
        channel = "email" if point.kind == "email" else "sms"
        if not consent.agreed_about(session, point.value, channel, source):
            words = draft.agreed.strip()
            consent.record(session, point.value, "granted", "follow_up", "verbal", words, source, channel=channel)


def _changed(estimate: Estimate, draft: Draft) -> bool:
    """Take over what a second telling changed: a new price is a new sending, and open again."""
    wanted = (draft.amount_cents, draft.link or estimate.link, draft.title or estimate.title)
    if wanted == (estimate.amount_cents, estimate.link, estimate.title):
        return False
    repriced = estimate.amount_cents != draft.amount_cents
    estimate.amount_cents, estimate.link, estimate.title = wanted
    if repriced:
        estimate.state, estimate.sent_at, estimate.decided_at = "sent", draft.at or clock.now(), None
    return repriced


def _decide(session: ScopedSession, estimate: Estimate, kind: str, by: str, note: str) -> bool:
    session.refresh(estimate, with_for_update=True)
    if estimate.state == kind:
        return False
    if len(note) > LONGEST["note"]:
        raise BadEstimateError("note", f"Up to {LONGEST['note']} characters, please.")
    estimate.state, estimate.decided_at = kind, clock.now()
    conversation = session.get_one(Conversation, (session.tenant_id, estimate.conversation_id))
    _happen(session, conversation, estimate, kind, by, note)
    won = kind == "accepted"
    followup.stop(session, conversation.id, "booking" if won else "closed", f"The estimate was {kind}.")
    lead = leads.open_lead(session, conversation)
    if lead and won:
        lead.value_cents = estimate.amount_cents
    return True


def _happen(
    session: ScopedSession,
    conversation: Conversation,
    estimate: Estimate,
    kind: str,
    by: str,
    note: str = "",
    *,
    at: datetime | None = None,
) -> EstimateEvent:
    row: Json = {"estimate_id": estimate.id, "conversation_id": conversation.id, "kind": kind, "said_by": by}
    row |= {"at": at or clock.now(), "amount_cents": estimate.amount_cents, "note": note or None}
    event = EstimateEvent(id=new_id(), **row)
    session.add(event)
    session.flush()
    if event.at >= conversation.last_event_at:
        # What they decide is news from them; whether a person has to answer is for the person who reads it.
        note_event(session, conversation, f"Estimate {kind}: {dollars(estimate.amount_cents)}", "out", at=event.at)
    live.tell(session, "conversation", conversation.id)
    return event
