"""Tables of a tenant's phone numbers, how they were bought, and what the carrier takes for them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned


class Number(TenantOwned, Base):
    """A phone number customers call and text. `mode` is direct, or forwarded: the carrier sends us unanswered calls."""

    __tablename__ = "number"
    __table_args__ = (ForeignKeyConstraint(["tenant_id"], ["tenant.id"]), UniqueConstraint("tenant_id", "e164"))

    e164: Mapped[str]
    provider_sid: Mapped[str]
    label: Mapped[str]
    kind: Mapped[str] = mapped_column(default="local", server_default="local")  # local, toll_free
    source: Mapped[str | None]  # where it is shown: truck, yard sign; tells where a caller came from
    mode: Mapped[str] = mapped_column(default="direct")
    ring_order: Mapped[str] = mapped_column(default="in_turn")  # in_turn, at_once
    ring_seconds: Mapped[int] = mapped_column(default=18)
    per_second: Mapped[float] = mapped_column(default=1.0)  # what the carrier takes from this number
    active: Mapped[bool] = mapped_column(default=True)
    waits_for_carrier: Mapped[bool] = mapped_column(default=False, server_default=text("false"))  # no texts yet
    release_at: Mapped[datetime | None]  # given back then, unless somebody keeps it
    released_at: Mapped[datetime | None]
    missing_since: Mapped[datetime | None]  # the carrier's list does not have it
    quiet_since: Mapped[datetime | None]  # the last forwarded call, where they stopped coming


class NumberPurchase(TenantOwned, Base):
    """A number on its way to us, written before the carrier is asked.

    wanted → bought → done; taken: somebody else had it first; stray: the carrier bills one we did not know of.
    """

    __tablename__ = "number_purchase"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenant.id"]),
        Index(
            "ix_number_purchase_open",
            "tenant_id",
            "e164",
            unique=True,
            postgresql_where=text("state IN ('wanted', 'bought', 'stray')"),
        ),
    )

    e164: Mapped[str]
    kind: Mapped[str] = mapped_column(default="local")
    label: Mapped[str]
    source: Mapped[str | None]
    mode: Mapped[str] = mapped_column(default="direct")
    state: Mapped[str] = mapped_column(default="wanted")
    provider_sid: Mapped[str | None]
    price_cents: Mapped[int]  # each month
    asked_by: Mapped[str]
    error: Mapped[str | None]
    bought_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CarrierPrice(Base):
    """What the carrier takes each month for a number of this kind, in US cents, as it told our own account last."""

    __tablename__ = "carrier_price"
    __table_args__ = (CheckConstraint("kind IN ('local', 'toll_free')", name="kind"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    cents: Mapped[int]
    told_at: Mapped[datetime]
