"""The door to an agency's pages: who of its staff may see and do what; others learn nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound

from blueprints_ui.guard import MANAGERS, SAFE, View, account_page
from groundwork import scope
from groundwork.database import open_session
from tenants import agencies
from tenants.signin import SignedIn

MAY = {"manage": "manages", "lead": "leads"}


def agency_page(*, writes: str = "manage", sees: str | None = None) -> Callable[[View], View]:
    """`g.house`, `g.staff` and `g.places` (the clients this person may see) are set.

    `writes` is who may send forms, `sees` who may look: manage, or lead; None: everybody of the agency.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def within(agency_id: UUID, **ids: Any) -> ResponseReturnValue:
            with open_session(scope.SYSTEM) as system:
                found = agencies.find(system, agency_id, g.who.user_id)
                if found is None:
                    raise NotFound
                g.house, g.staff = found
                g.places = agencies.clients(system, agency_id, g.who.user_id)
            need = sees if request.method in SAFE else writes
            if need and not getattr(g.staff, MAY[need]):
                raise Forbidden("Your role in this agency does not include this.")
            return view(**ids)

        return account_page(within)

    return wrap


def managed() -> dict[UUID, SignedIn]:
    """{client: this person as they act there}, for the clients whose settings they may change.

    One that wants a second factor of its managers wants it here too.
    """
    open_ = [one for one in g.places if not one.guarded or g.who.proof.second_factor]
    return {place.tenant_id: agencies.acting(g.who, place) for place in open_ if place.role in MANAGERS}


def show(template: str, tab: str, **values: Any) -> str:
    """A page under the agency's tabs."""
    may = {"may_manage": g.staff.manages, "may_lead": g.staff.leads}
    return render_template(f"agency/{template}.html", house=g.house, staff=g.staff, tab=tab, **may, **values)
