"""A business's own rules for appointments; without a row the usual ones hold."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select

from groundwork.database import ScopedSession
from hallway.appointments.models import AppointmentRules

Owner = Literal["hallway", "dispatch", "nobody"]
OWNER_OF = {"booked": "confirmation_by", "moved": "confirmation_by", "cancelled": "confirmation_by",
            "day_before": "day_before_by", "morning_of": "morning_of_by"}  # fmt: skip


def of(session: ScopedSession) -> AppointmentRules:
    """This business's rules; ones made here are not stored until something is changed."""
    return session.scalar(select(AppointmentRules)) or usual()


def to_change(session: ScopedSession) -> AppointmentRules:
    """The same, for changing: a row that is kept."""
    found = of(session)
    session.add(found)
    return found


def usual() -> AppointmentRules:
    return AppointmentRules(
        confirmation_by="hallway",
        day_before_by="hallway",
        morning_of_by="hallway",
        day_before_at="10:00",
        morning_of_at="08:00",
        leads_may_cancel=False,
        mail_invites=True,
        mail_reminders=True,
    )


def owner(rules: AppointmentRules, kind: str) -> Owner:
    """Who sends messages of this kind: we, their dispatch software, or nobody."""
    found: Owner = getattr(rules, OWNER_OF[kind])
    return found
