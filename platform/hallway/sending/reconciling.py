"""Find out what became of texts of unknown fate: look into the provider's own list, and only then decide."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from groundwork import clock, live, scope
from groundwork.database import ScopedSession, open_session
from hallway.channels import CHANNELS, CarrierAwayError, Sent, fault
from hallway.conversations import Message
from hallway.sending.claiming import Doubtful
from hallway.sending.statuses import apply_status
from tenants.routing import CarrierLogin

LOOK_EVERY = timedelta(seconds=20)
SURE_AFTER = timedelta(seconds=60)  # not listed this long after the call: the provider does not have it
CLOCKS_DIFFER = timedelta(minutes=2)
TWICE = "mail.unknown"
Values = dict[str, str | datetime | None]
LookUp = Callable[[CarrierLogin, str, str, datetime], list[Sent]]
log = structlog.get_logger(__name__)


def reconcile(tenant_id: uuid.UUID, login: CarrierLogin | None, doubtful: Sequence[Doubtful]) -> int:
    """Ask the provider about each, with no transaction open, and settle it; returns how many were settled."""
    return sum(_settle_one(tenant_id, login, one) for one in doubtful)


def _settle_one(tenant_id: uuid.UUID, login: CarrierLogin | None, one: Doubtful) -> bool:
    look_up = CHANNELS[one.channel].sent_to
    if look_up is None:
        return _once_more(tenant_id, one)
    return _settle(tenant_id, one, _look(login, one, look_up))


def _once_more(tenant_id: uuid.UUID, one: Doubtful) -> bool:
    """Nobody can be asked. It goes a second time under the same id, by which mailboxes drop a double; not a third."""
    with open_session(scope.tenant(tenant_id)) as session:
        if one.claimed_at > clock.ago(SURE_AFTER):
            return _look_again(session, one)
        if one.error_code == TWICE:
            values: Values = {"state": "failed", "due_at": None, "error": fault(TWICE).words, "settled_at": clock.now()}
            _change(session, one, values)
            return True
        again: Values = {"state": "queued", "due_at": clock.now(), "error": None, "error_code": TWICE, "lease": None}
        _change(session, one, again)
        return True


def _look(login: CarrierLogin | None, one: Doubtful, look_up: LookUp) -> list[Sent] | None:
    """What the provider has from us to them since just before the call; None when it does not answer."""
    if login is None:
        return None
    try:
        return look_up(login, one.recipient, one.sender, one.claimed_at - CLOCKS_DIFFER)
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
        if one.claimed_at > clock.ago(SURE_AFTER):
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


def _change(session: ScopedSession, one: Doubtful, values: Values) -> None:
    mine = (Message.tenant_id == session.tenant_id, Message.id == one.id, Message.state == "unknown")
    changed = update(Message).where(*mine).values(**values).returning(Message.conversation_id)
    for conversation_id in session.scalars(changed):
        live.tell(session, "conversation", conversation_id)
