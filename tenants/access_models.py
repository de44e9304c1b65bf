"""Tables of access: single-use tokens, second factors, passkeys, other log-ins, invitations, and mail about them."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, Json, TenantOwned, new_id


class AccountToken(Base):
    """Something good for one use: a reset link, a log-in half done, a passkey's challenge. Its hash alone is kept."""

    __tablename__ = "account_token"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    payload: Mapped[Json] = mapped_column(default=dict)
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One code on paper in place of the phone, good once; hashed with its own row's id as the salt."""

    __tablename__ = "recovery_code"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    code_sha256: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    used_at: Mapped[datetime | None]


class Passkey(Base):
    """A WebAuthn credential, good on hosts under `rp_id`."""

    __tablename__ = "passkey"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    rp_id: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]


class ExternalLogin(Base):
    """An identity at an OpenID provider that opens an account here."""

    __tablename__ = "external_login"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class AccountMail(Base):
    """A mail of the installation to one person. Its words may hold a link, so they are sealed, and erased once sent."""

    __tablename__ = "account_mail"
    __table_args__ = (Index("ix_account_mail_due", "due_at", postgresql_where=text("state = 'waiting'")),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    recipient: Mapped[str]
    sender_name: Mapped[str]
    subject: Mapped[str]
    words_sealed: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="waiting")  # waiting, sent, failed, expired
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    error: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Invited(TenantOwned, Base):
    """Somebody asked to join a business. One open invitation for each address; sent again, the older link is void."""

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("tenant_id", "token_sha256"),
        Index(
            "uq_invitation_open",
            "tenant_id",
            "email",
            unique=True,
            postgresql_where=text("accepted_at IS NULL AND revoked_at IS NULL"),
        ),
    )

    email: Mapped[str]
    name: Mapped[str]
    role: Mapped[str]
    by_user_id: Mapped[uuid.UUID | None]
    token_sha256: Mapped[str]
    sent_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AgencyClientRole(Base):
    """What one person of an agency's staff may do in one client, in place of their role in all."""

    __tablename__ = "agency_client_role"
    __table_args__ = (
        ForeignKeyConstraint(
            ["agency_id", "user_id"], ["agency_member.agency_id", "agency_member.user_id"], ondelete="CASCADE"
        ),
    )

    tenant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, index=True)
    agency_id: Mapped[uuid.UUID]
    role: Mapped[str]
