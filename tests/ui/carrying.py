"""What workers do with a push: everything that is due in the background of some businesses."""

from __future__ import annotations

from tests.makers import Business
from workers import jobs


def carry(*businesses: Business) -> None:
    for business in businesses:
        jobs.answer(str(business.id), "timers:bulk")
