"""Tables of consent, suppression and the gate's answers."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned


class ConsentEvent(TenantOwned, Base):
    """One act of consent or revocation, with the exact words shown. Append-only, chained by hash per tenant."""

    __tablename__ = "consent_event"
    __table_args__ = (
        Index("ix_consent_event_tenant_id_address_id", "tenant_id", "address", "id"),
        Index("ix_consent_event_tenant_id_seq", "tenant_id", "seq", unique=True),
    )

    seq: Mapped[int]
    address: Mapped[str]
    channel: Mapped[str]  # sms, email, voice
    purpose: Mapped[str]  # conversational, informational, follow_up, marketing, all
    action: Mapped[str]  # granted, revoked
    method: Mapped[str]  # inbound_call, inbound_text, web_form, sms_keyword, sms_reply, carrier, verbal, import, staff
    wording: Mapped[str | None]
    wording_sha256: Mapped[str | None]
    source: Mapped[Json] = mapped_column(default=dict)  # message, call, form, page, ip, user agent, member, evidence
    occurred_at: Mapped[datetime]
    prev_hash: Mapped[str]
    hash: Mapped[str]


class Suppression(TenantOwned, Base):
    """An address this tenant may not send to; kept by address, so that merging or deleting a contact keeps it."""

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "ix_suppression_active",
            "tenant_id",
            "channel",
            "address",
            "scope",
            unique=True,
            postgresql_where=text("released_at IS NULL"),
        ),
    )

    channel: Mapped[str]
    address: Mapped[str]
    scope: Mapped[str] = mapped_column(default="all")  # all, marketing
    reason: Mapped[str]  # opt_out, carrier_block, wrong_number, invalid_number, landline, staff, doubtful, import
    words: Mapped[str | None]  # the person's own words, where words caused it
    rule: Mapped[str | None]
    source_message_id: Mapped[uuid.UUID | None]
    released_at: Mapped[datetime | None]
    release_evidence: Mapped[str | None]


class GateDecision(TenantOwned, Base):
    """One answer of the gate with the rule that decided and the values it saw; replayable. Append-only."""

    __tablename__ = "gate_decision"
    __table_args__ = (
        Index("ix_gate_decision_tenant_id_address_id", "tenant_id", "address", "id"),
        Index("ix_gate_decision_tenant_id_message_id", "tenant_id", "message_id"),
        Index("ix_gate_decision_tenant_id_call_id", "tenant_id", "call_id"),
    )

    address: Mapped[str]
    channel: Mapped[str]
    purpose: Mapped[str]
    phase: Mapped[str]  # queue, claim
    answer: Mapped[str]  # allow, hold, refuse
    rule: Mapped[str]
    explanation: Mapped[str]
    until: Mapped[datetime | None]
    saw: Mapped[Json] = mapped_column(default=dict)
    message_id: Mapped[uuid.UUID | None]
    call_id: Mapped[uuid.UUID | None]
    asked_at: Mapped[datetime]
