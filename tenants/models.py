"""Tables of businesses, people, roles, agencies and routing."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, new_id

ROLES = ("owner", "manager", "agent", "read_only")


class Agency(Base):
    """A company that runs the accounts of many clients."""

    __tablename__ = "agency"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    rebill_margin_percent: Mapped[int] = mapped_column(default=0, server_default="0")  # on what its clients use
    product_name: Mapped[str | None]  # how its clients know the product; None: Hallway
    support_email: Mapped[str | None]
    brand_color: Mapped[str | None]  # "#0f766e"
    logo_type: Mapped[str | None]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Tenant(Base):
    """One contractor's business.

    `hours` is {"mon": [["08:00", "17:00"]], ...} in `timezone`; a missing day is closed. `closed_days` is a list of
    {"date": "2026-12-24", "name": "Christmas Eve"}. `busy_until` is the crew-busy switch.
    """

    __tablename__ = "tenant"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    trade: Mapped[str] = mapped_column(default="general")
    timezone: Mapped[str] = mapped_column(default="America/New_York")
    state: Mapped[str | None]
    zip: Mapped[str | None]
    phone: Mapped[str | None]
    website: Mapped[str | None]
    hours: Mapped[Json] = mapped_column(default=dict)
    closed_days: Mapped[list[Any]] = mapped_column(default=list)
    observe_federal_holidays: Mapped[bool] = mapped_column(default=True)
    busy_until: Mapped[datetime | None]
    text_back_window_hours: Mapped[int] = mapped_column(default=24)
    text_back_enabled: Mapped[bool] = mapped_column(default=True)
    sending_stopped_reason: Mapped[str | None]  # the carrier will take no texts until somebody puts this right
    marketing_start: Mapped[str] = mapped_column(default="09:00")
    marketing_end: Mapped[str] = mapped_column(default="20:00")
    marketing_sunday: Mapped[bool] = mapped_column(default=False)
    mail_key: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(5), unique=True)  # stands in mail addresses
    postal_address: Mapped[str | None]  # the law wants it in every commercial e-mail
    brand_color: Mapped[str | None]  # "#0f766e"
    logo_url: Mapped[str | None]
    service_area: Mapped[str | None]  # towns and ZIP codes, in the owner's words
    require_two_factor: Mapped[bool] = mapped_column(default=False)  # of owners and managers
    private_conversations: Mapped[bool] = mapped_column(default=False)  # agents see theirs, their teams' and nobody's
    # What billing last found out; here, because whoever asks has this row at hand already.
    plan: Mapped[str | None]
    standing: Mapped[str | None]  # trial, active, grace, paused, cancelled; None: nothing was ever bought
    standing_until: Mapped[datetime | None]  # the end of a trial, of grace, or of a cancelled plan
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    paid_by_agency: Mapped[bool] = mapped_column(default=False, server_default=false())
    spend_cap_cents: Mapped[int | None]  # the most that usage beyond the plan may cost in a month
    segment_limit: Mapped[int | None]  # where the cap lies, in segments of this period; None: far away
    member_limit: Mapped[int | None]  # people the plan has room for, besides those who only read; None: as many as come
    spend_alerted: Mapped[int] = mapped_column(default=0, server_default="0")  # percent of the cap already told of
    usage_looked_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserAccount(Base):
    """A person who can log in; what they may do is in Member and AgencyMember."""

    __tablename__ = "user_account"
    # Whoever signs up may type any address; it is theirs, and nobody else's, once its mailbox has said so.
    __table_args__ = (
        Index("uq_user_account_email", "email", unique=True, postgresql_where=text("email_confirmed_at IS NOT NULL")),
        Index("ix_user_account_email", "email"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str]
    name: Mapped[str]
    password_hash: Mapped[str]
    password_set_at: Mapped[datetime | None]
    totp_sealed: Mapped[str | None]
    totp_step: Mapped[int | None] = mapped_column(BigInteger)  # of the last code taken; none is taken twice
    email_confirmed_at: Mapped[datetime | None]  # by a link, after signing up alone
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Member(TenantOwned, Base):
    """A person's role in a tenant. Name and e-mail are kept here too, for the web login cannot read accounts."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("tenant_id", "user_id"), Index("ix_member_user_id", "user_id"))

    user_id: Mapped[uuid.UUID]
    name: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    removed_at: Mapped[datetime | None]


class Shift(TenantOwned, Base):
    """One stretch of a week in which a member works, in the business's zone. `ends` before `starts` is the next day."""

    __tablename__ = "shift"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id", "member_id"], ["member.tenant_id", "member.id"], ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "member_id", "weekday", "starts"),
    )

    member_id: Mapped[uuid.UUID]
    weekday: Mapped[str]  # mon, tue, ...
    starts: Mapped[str]  # "08:00"
    ends: Mapped[str]  # "17:00"; "24:00" is the midnight that ends the day


class AgencyMember(Base):
    """A person of an agency's staff; `role` says what they may do in every client, if `all_clients`.

    In single clients AgencyClientRole says otherwise.
    """

    __tablename__ = "agency_member"

    agency_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True, index=True)
    role: Mapped[str]
    all_clients: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UserSession(Base):
    """One signed-in browser on one host (a tenant's subdomain or the base domain); revocable."""

    __tablename__ = "user_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    tenant_id: Mapped[uuid.UUID | None]
    acting_for_agency_id: Mapped[uuid.UUID | None]
    ip: Mapped[str | None]
    user_agent: Mapped[str | None]
    remembered: Mapped[bool] = mapped_column(default=False)
    proved_at: Mapped[datetime | None]  # when a password or passkey was last given here
    second_factor_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class CarrierAccount(Base):
    """A tenant's account at the carrier. Its id stands in the addresses the carrier calls; the token is sealed."""

    __tablename__ = "carrier_account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenant.id"), index=True)
    account_sid: Mapped[str] = mapped_column(unique=True)
    auth_token_sealed: Mapped[str]
    previous_token_sealed: Mapped[str | None]
    service_sid: Mapped[str | None]  # the messaging service that its numbers join
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MailInlet(Base):
    """An address to which a mail provider posts inbound mail and news; of one tenant, or of the whole installation."""

    __tablename__ = "mail_inlet"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    tenant_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tenant.id"), index=True)
    provider: Mapped[str]  # postmark, sendgrid, mailgun
    secret_sealed: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class NumberRoute(Base):
    """Which tenant a phone number of ours belongs to; the only key that is unique over all tenants."""

    __tablename__ = "number_route"

    e164: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenant.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class CustomDomain(TenantOwned, Base):
    """A host of the business's own for its hosted pages; it serves them once its CNAME names `token`."""

    __tablename__ = "custom_domain"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id", "host"))

    host: Mapped[str]
    token: Mapped[str]
    checked_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    error: Mapped[str | None]


class DomainRoute(Base):
    """Which tenant a proved host of its own belongs to; unique over all tenants, as NumberRoute is."""

    __tablename__ = "domain_route"

    host: Mapped[str] = mapped_column(primary_key=True)
    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenant.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AuditEvent(TenantOwned, Base):
    """Something an administrator or agency did, kept for the tenant to read. Append-only."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_tenant_id_created_at", "tenant_id", "created_at"),)

    actor_user_id: Mapped[uuid.UUID | None]
    actor_name: Mapped[str]
    acting_for: Mapped[str | None]  # the agency's name, when its staff act in this account
    action: Mapped[str]
    detail: Mapped[Json] = mapped_column(default=dict)
    ip: Mapped[str | None]


class ApiKey(TenantOwned, Base):
    """A secret with which the business's own server speaks to us; only its hash is kept."""

    __tablename__ = "api_key"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        UniqueConstraint("tenant_id", "sha256"),
    )

    label: Mapped[str]
    scopes: Mapped[list[Any]]  # what it may do, see api_keys.SCOPES
    sha256: Mapped[str]
    ending: Mapped[str]  # its last characters, to tell keys apart
    made_by: Mapped[str]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ApiAnswer(TenantOwned, Base):
    """What the API answered to a request with an idempotency key, for the same request sent again."""

    __tablename__ = "api_answer"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        UniqueConstraint("tenant_id", "key"),
    )

    key: Mapped[str]
    asked: Mapped[str]  # a hash of the request
    status: Mapped[int | None]  # None while it is being answered
    body: Mapped[Json | None]
