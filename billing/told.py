"""What people are told of payments that went back, and agencies by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from billing.plans import TERMS
from billing.reversals import Reversal
from groundwork.database import ScopedSession
from tenants import post
from tenants.models import AgencyMember, UserAccount

LASTS = timedelta(days=3)


def words_of(one: Reversal) -> tuple[str, str]:
    """A title and a sentence about what it means."""
    amount = f"${one.cents / 100:,.2f}"
    return {
        "given": (f"{amount} is given back to you", "It goes to the card that paid. Your plan goes on as it is."),
        "asked": (f"Your bank asks about a payment of {amount}", "Nothing is taken back yet, and everything works."),
        "open": (
            f"A payment of {amount} is disputed at your bank",
            "Everything works until the bank has decided. If it was a mistake, tell your bank.",
        ),
        "won": (f"The payment of {amount} stands", "The bank has closed the dispute. Nothing changes."),
        "lost": (
            f"Your bank took {amount} back",
            (
                f"So that payment is missing: callers are texted back for {TERMS.grace.days} days, follow-up waits, "
                "and everything that comes in is kept. Pay it again to go on as before."
            ),
        ),
        "settled": (f"The {amount} that your bank took back are paid again", "Everything works again."),
    }[one.state]


def tell_agency(system: ScopedSession, agency_id: UUID, news: Sequence[Reversal]) -> None:
    """A mail to each owner of an agency that pays for clients. In a SYSTEM session."""
    owners = select(UserAccount.email).join(AgencyMember, AgencyMember.user_id == UserAccount.id)
    mine = (AgencyMember.agency_id == agency_id, AgencyMember.role == "owner", UserAccount.disabled_at.is_(None))
    for email in system.scalars(owners.where(*mine).order_by(UserAccount.email)):
        for one in news:
            title, body = words_of(one)
            post.put(system, email, title, f"{body} See Plan and billing of your agency.", LASTS)
