"""A subscription was read: what waited for the payment goes, and those who can mend something hear of it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from billing import events, standings, told
from billing.applying import Change
from billing.reversals import Reversal
from groundwork import live, scope
from groundwork.database import ScopedSession, open_session
from hallway import notices, sending
from tenants import audit

PAGE = "/settings/billing"
NEWS = {
    "grace": (
        "A payment for Hallway is missing",
        "Callers are still texted back, and everything that comes in is kept. Follow-up waits. Pay or change the card.",
    ),
    "paused": (
        "Hallway is paused",
        "Everything that comes in is kept, but nothing is sent until the payment is there.",
    ),
    "cancelled": (
        "Your Hallway plan has ended",
        "Everything that comes in is kept, but nothing is sent. Choose a plan to go on.",
    ),
}


def follow(payer_id: UUID) -> None:
    """Handler of the bell `billing`: read the payer's subscription, and let follow what follows."""
    follow_changes(events.handle(payer_id))


def follow_changes(changes: Iterable[Change]) -> None:
    """What a reading changed for each business it covers."""
    for change in changes:
        with open_session(scope.tenant(change.tenant_id)) as session:
            _follow(session, change)


def _tell_what_went_back(session: ScopedSession, one: Reversal) -> None:
    """A line in the log, and a notice of what it means."""
    title, body = told.words_of(one)
    audit.note_by_itself(session, "Stripe", title, {"payment of": one.at.date().isoformat()})
    notices.tell_managers(session, title=title, body=body, url_path=PAGE, urgent=one.state == "lost")


def _follow(session: ScopedSession, change: Change) -> None:
    if standings.standing(session) in standings.WORKS:
        sending.release(session, "plan.")
    for one in change.news:
        _tell_what_went_back(session, one)
    if change.before == change.after:
        return
    live.tell(session, "sending")
    lost = any(one.state == "lost" for one in change.news)
    if change.after in NEWS and not lost:
        title, body = NEWS[change.after]
        notices.tell_managers(session, title=title, body=body, url_path=PAGE, urgent=change.after != "grace")
