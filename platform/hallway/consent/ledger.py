"""The consent ledger: who agreed to what, or took it back, in which words; each row chained to the last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Row, Text, cast, select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id
from hallway.consent.models import ConsentEvent

ConsentPurpose = Literal["conversational", "informational", "follow_up", "marketing", "all"]
Action = Literal["granted", "revoked"]

# How consent can be given in writing: 47 CFR 64.1200(f)(9) with the E-SIGN Act (a ticked box, a form, a text reply).
WRITTEN = frozenset({"web_form", "sms_keyword", "sms_reply", "paper", "api"})
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Chain:
    """The result of checking a ledger: how many rows hold, and the first that does not."""

    checked: int
    broken_at: int | None = None
    reason: str | None = None

    @property
    def whole(self) -> bool:
        return self.broken_at is None


def record(
    session: ScopedSession,
    address: str,
    action: Action,
    purpose: ConsentPurpose,
    method: str,
    wording: str | None = None,
    source: Json | None = None,
    *,
    channel: str = "sms",
    occurred_at: datetime | None = None,
) -> ConsentEvent:
    """Write down one act of consent or revocation with the exact `wording` shown or said.

    `source` holds where it came from: message_id, call_id, page, ip, user_agent, member, evidence. The database numbers
    the row and chains its hash.
    """
    row = {"tenant_id": session.tenant_id, "id": new_id(), "address": address, "channel": channel, "purpose": purpose}
    row |= {"action": action, "method": method, "wording": wording, "source": source or {}}
    row |= {"occurred_at": occurred_at or clock.now(), "seq": 0, "prev_hash": "", "hash": ""}
    return session.scalars(insert(ConsentEvent).values(**row).returning(ConsentEvent)).one()


def record_once(
    session: ScopedSession,
    address: str,
    purpose: ConsentPurpose,
    method: str,
    source: Json | None = None,
    *,
    channel: str = "sms",
) -> None:
    """Write down a grant that is the same every time, such as "they called us", the first time only."""
    same = (ConsentEvent.address == address, ConsentEvent.purpose == purpose, ConsentEvent.method == method)
    if session.scalar(select(ConsentEvent.id).where(*same).limit(1)) is None:
        record(session, address, "granted", purpose, method, source=source, channel=channel)


def agreed_about(session: ScopedSession, address: str, channel: str, source: Json) -> bool:
    """Whether a grant with exactly this `source` is written down for the address already."""
    same = (ConsentEvent.address == address, ConsentEvent.channel == channel, ConsentEvent.action == "granted")
    return session.scalar(select(ConsentEvent.id).where(*same, ConsentEvent.source == source).limit(1)) is not None


def verify_chain(session: ScopedSession) -> Chain:
    """Compute every hash of this tenant's ledger again; a row changed or taken out shows as the first break."""
    rows = session.execute(
        select(ConsentEvent, cast(ConsentEvent.source, Text).label("source_text"))
        .order_by(ConsentEvent.seq)
        .execution_options(yield_per=500)
    )
    checked, last = 0, ""
    for row in rows:
        reason = _flaw(row, expected_seq=checked + 1, expected_prev=last)
        if reason:
            return Chain(checked, row.ConsentEvent.seq, reason)
        checked, last = checked + 1, row.ConsentEvent.hash
    return Chain(checked)


def _flaw(row: Row[ConsentEvent, str], expected_seq: int, expected_prev: str) -> str | None:
    event = row.ConsentEvent
    if event.seq != expected_seq:
        return f"Entry {expected_seq} is missing."
    if event.prev_hash != expected_prev:
        return f"Entry {event.seq} does not follow the one before it."
    if event.wording is not None and event.wording_sha256 != _sha256(event.wording):
        return f"The wording of entry {event.seq} was changed."
    if event.hash != _hash(event, row.source_text):
        return f"Entry {event.seq} was changed."
    return None


def _hash(event: ConsentEvent, source_text: str) -> str:
    """What the database's trigger chain_consent computes."""
    micros = (event.occurred_at - EPOCH) // timedelta(microseconds=1)
    parts = (event.prev_hash, str(event.seq), str(event.tenant_id), event.address, event.channel, event.purpose)
    more = (event.action, event.method, event.wording_sha256 or "", str(micros), source_text)
    return _sha256("|".join((*parts, *more)))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
