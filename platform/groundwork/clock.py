"""The time of day, always aware and in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """This instant, aware, in UTC."""
    return datetime.now(UTC)


def in_(**span: float) -> datetime:
    """The instant `span` from now: in_(minutes=5)."""
    return now() + timedelta(**span)
