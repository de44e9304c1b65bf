"""A client opened by its agency: the business, its sequences, the agency's wording, and an invitation for its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from groundwork import scope
from groundwork.database import ScopedSession, new_id, open_session
from hallway.agencies import applying, playbook, pushing
from hallway.agencies.models import PlaybookPush
from hallway.followup import MOMENTS, sequences
from tenants import audit, invitations, naming
from tenants.access_models import Invited
from tenants.models import Agency, Tenant
from tenants.opening import USUAL_HOURS
from tenants.signin import SignedIn


@dataclass(frozen=True)
class NewClient:
    """What the agency says about a client; the owner may be invited later."""

    name: str
    trade: str
    timezone: str
    state: str = ""
    owner_name: str = ""
    owner_email: str = ""


def open_client(agency: Agency, told: NewClient, who: SignedIn, link: Callable[[str, str], str]) -> Tenant:
    """A new client of `agency` with the sequences of its trade as the agency tells them; `link(slug, token)` joins it.

    Whoever opened it stands in its log.
    """
    with open_session(scope.SYSTEM) as system:
        slug = naming.proposed(system, told.name, told.trade.replace("_", "-"), told.state.lower())
        tenant = Tenant(id=new_id(), name=told.name.strip(), slug=slug, trade=told.trade, timezone=told.timezone)
        tenant.agency_id, tenant.state, tenant.hours = agency.id, told.state or None, USUAL_HOURS
        system.add(tenant)
        system.flush()
        own = playbook.pieces(system, agency.id)
        given = [pushing.begin(system, piece, [tenant.id], who.name, opening=True) for piece in own]
        for push in given:  # done below at once; workers do what a killed process leaves
            pushing.let_go(system, push, who, [tenant.id])
    by = replace(who, agency=agency.name, agency_id=agency.id)
    with open_session(scope.tenant(tenant.id)) as session:
        for moment in MOMENTS:
            sequences.install(session, moment)
        audit.note(session, by, "Opened this business", {"playbook": told.trade})
        if told.owner_email:
            _invite(session, tenant, told, by, link)
    for push in given:
        _give(push, tenant, by)
    return tenant


def _invite(
    session: ScopedSession, tenant: Tenant, told: NewClient, by: SignedIn, link: Callable[[str, str], str]
) -> None:
    # No inviter is named: the agency's right to invite is not that of an owner, and does not end with one person.
    token = invitations.invite(session, told.owner_email, told.owner_name, "owner")
    row: Invited = next(one for one in invitations.open_ones(session))
    invitations.mail(session, row, link(tenant.slug, token), tenant.name, by.agency or by.name)
    audit.note(session, by, "Invited a member", {"e-mail": told.owner_email, "role": "Owner"})


def _give(push: PlaybookPush, tenant: Tenant, by: SignedIn) -> None:
    """The agency's piece in place of the trade's; one that the lint refuses by now is left out."""
    row = applying.apply(push, tenant.id, by)
    if row.state == "conflict":
        applying.apply(push, tenant.id, by, dict.fromkeys(row.words, "ours"))
