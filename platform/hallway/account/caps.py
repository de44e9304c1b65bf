"""The spend cap of a business, as somebody types it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from billing import spending
from groundwork.database import ScopedSession
from tenants.models import Tenant

MOST = 1_000_000  # dollars


def set_cap(session: ScopedSession, typed: str) -> tuple[str, str]:
    """Set the cap to an amount in dollars, or to none; it holds at once. Gives it before and after, in words.

    Raises ValueError in plain words for what is no amount.
    """
    tenant = session.get_one(Tenant, session.tenant_id)
    before = _words(tenant.spend_cap_cents)
    tenant.spend_cap_cents, tenant.spend_alerted = _cents(typed), 0
    session.flush()
    spending.watch(session)
    return before, _words(tenant.spend_cap_cents)


def _cents(typed: str) -> int | None:
    text = typed.strip().lstrip("$").replace(",", "")
    if not text:
        return None
    try:
        dollars = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("Write an amount in dollars, like 50, or leave it empty for no cap.") from error
    if not dollars.is_finite() or not 0 <= dollars <= MOST:
        raise ValueError(f"The cap is between $0 and ${MOST:,}.")
    return int(dollars * 100)


def _words(cents: int | None) -> str:
    return "none" if cents is None else f"${cents / 100:,.2f}"
