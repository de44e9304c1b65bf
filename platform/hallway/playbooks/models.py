"""Table of a tenant's own wording."""

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
