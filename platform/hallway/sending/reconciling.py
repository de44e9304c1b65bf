"""Find out what became of texts of unknown fate: look into the provider's own list, and only then decide."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from groundwork import clock, live, scope
from groundwork.database import ScopedSession, open_session
from hallway.channels import CHANNELS, CarrierAwayError, Sent
from hallway.conversations import Message
from hallway.sending.claiming import Doubtful
from hallway.sending.statuses import apply_status
from tenants.routing import CarrierLogin

LOOK_EVERY = timedelta(seconds=20)
SURE_AFTER = timedelta(seconds=60)  # not listed this long after the call: the provider does not have it
CLOCKS_DIFFER = timedelta(minutes=2)
log = structlog.get_logger(__name__)


def reconcile(tenant_id: uuid.UUID, login: CarrierLogin | None, doubtful: Sequence[Doubtful]) -> int:
    """Ask the provider about each, with no transaction open, and settle it; returns how many were settled."""
    return sum(_settle(tenant_id, one, _look(login, one)) for one in doubtful)


def _look(login: CarrierLogin | None, one: Doubtful) -> list[Sent] | None:
    """What the provider has from us to them since just before the call; None when it does not answer."""
    if login is None:
        return None
    try:
        return CHANNELS["sms"].sent_to(login, one.recipient, one.sender, one.claimed_at - CLOCKS_DIFFER)
    except CarrierAwayError as error:
        log.warning("the carrier's list cannot be read", error=str(error))
        return None


def _settle(tenant_id: uuid.UUID, one: Doubtful, listed: list[Sent] | None) -> bool:
    with open_session(scope.tenant(tenant_id)) as session:
        if listed is None:
            return _look_again(session, one)
        found = _match(session, one, listed)
        if found:
            apply_status(session, one.id, found.sid, found.status, found.error_code)
            return True
        if clock.now() - one.claimed_at < SURE_AFTER:
            return _look_again(session, one)
        return _put_back(session, one)


def _match(session: ScopedSession, one: Doubtful, listed: Sequence[Sent]) -> Sent | None:
    """The provider's text with the same words that no other text of ours stands for, the earliest first."""
    alike = [sent for sent in reversed(listed) if sent.body.strip() == one.body.strip()]
    known = select(Message.provider_sid).where(Message.provider_sid.in_([sent.sid for sent in alike]))
    taken = set(session.scalars(known.where(Message.id != one.id)))
    return next((sent for sent in alike if sent.sid not in taken), None)


def _look_again(session: ScopedSession, one: Doubtful) -> bool:
    _change(session, one, {"due_at": clock.now() + LOOK_EVERY})
    return False


def _put_back(session: ScopedSession, one: Doubtful) -> bool:
    """It never reached the provider: it goes again, unless its time is over. The gate is asked once more."""
    log.info("a text of unknown fate was not sent; it goes again", message_id=str(one.id))
    _change(session, one, {"state": "queued", "due_at": clock.now(), "error": None, "lease": None})
    return True


def _change(session: ScopedSession, one: Doubtful, values: dict[str, str | datetime | None]) -> None:
    mine = (Message.tenant_id == session.tenant_id, Message.id == one.id, Message.state == "unknown")
    changed = update(Message).where(*mine).values(**values).returning(Message.conversation_id)
    for conversation_id in session.scalars(changed):
        live.tell(session, "conversation", conversation_id)
