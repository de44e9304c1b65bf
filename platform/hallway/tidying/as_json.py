"""Rows as JSON and back, for what a merge has to remember."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from groundwork.database import Base, Json


def columns(row: Base) -> Json:
    """The columns of a row, without whose it is."""
    values = {column.name: getattr(row, column.name) for column in row.__table__.columns}
    return {name: plain(value) for name, value in values.items() if name != "tenant_id"}


def plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, UUID) else value


def typed(kind: type[Base], name: str, value: Any) -> Any:
    """A column's value again as it was before JSON."""
    column = kind.__table__.columns.get(name)
    if value is None or column is None:
        return value
    python = column.type.python_type
    return datetime.fromisoformat(value) if python is datetime else UUID(value) if python is UUID else value
