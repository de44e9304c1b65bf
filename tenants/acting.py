"""Opening a business from another host: as its member, or as staff of its agency, which is written down."""

from __future__ import annotations

from uuid import UUID

from groundwork import scope
from groundwork.database import open_session
from tenants import audit, members, signin
from tenants.members import Place
from tenants.signin import Browser, Proof, SignedIn


def open_business(
    user_id: UUID,
    tenant_id: UUID,
    browser: Browser,
    proof: Proof,
) -> tuple[Place, str] | None:
    """The business and a hand-over token for its host; None when this person has no right to open it."""
    with open_session(scope.SYSTEM) as system:
        place = members.place_for(system, user_id, tenant_id)
        if place is None:
            return None
        return place, signin.hand_over(system, user_id, tenant_id, place.agency_id, browser, proof)


def enter(hand_over_token: str, tenant_id: UUID, browser: Browser) -> str | None:
    """The cookie's token for a good hand-over, else None. An agency's entry stands in the client's own log."""
    with open_session(scope.SYSTEM) as system:
        token = signin.enter(system, hand_over_token, tenant_id, browser)
        who = signin.find(system, token, tenant_id) if token else None
        if who is None:
            return None
        if who.agency:
            audit.note(system, who, "Opened this account", ip=browser.ip, tenant_id=tenant_id)
    return token


def leave(who: SignedIn, tenant_id: UUID, browser: Browser) -> None:
    """Sign this browser out of the business; an agency's leaving is written down."""
    with open_session(scope.SYSTEM) as system:
        signin.end(system, who.user_id, who.session_id)
        if who.agency:
            audit.note(system, who, "Left this account", ip=browser.ip, tenant_id=tenant_id)
