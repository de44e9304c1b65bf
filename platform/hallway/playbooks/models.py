"""Tables of a tenant's own wording, and of the replies its members keep."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from groundwork.database import Base, TenantOwned


class Wording(TenantOwned, Base):
    """A tenant's own text for one key, in Liquid; without a row the trade's default speaks."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("tenant_id", "key"),)

    key: Mapped[str]
    source: Mapped[str]
    updated_by: Mapped[str | None]


class SavedReply(TenantOwned, Base):
    """Words, in Liquid, that a member puts into an answer by hand."""

    __tablename__ = "saved_reply"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    source: Mapped[str]
    updated_by: Mapped[str | None]
