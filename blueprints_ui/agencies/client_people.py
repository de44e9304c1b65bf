"""Everybody who works at the agency's clients, in one list: who is safe, who was seen when, and out with one click."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, g, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from groundwork import scope
from groundwork.database import open_session
from tenants import client_people
from tenants.members import MemberError
from tenants.signin import SignedIn

agency_client_people = Blueprint("agency_client_people", __name__, url_prefix="/agency/<uuid:agency_id>/client-people")


@agency_client_people.get("")
@agency_page(sees="manage")
def show() -> ResponseReturnValue:
    """`q` is in their name or e-mail; `alone`: without a second factor; `after` is "<id> <name>" of the page before."""
    words, alone = request.args.get("q", "").strip()[:80], "alone" in request.args
    with open_session(scope.SYSTEM) as system:
        clients = [place.tenant_id for place in g.places]
        found = client_people.find(system, clients, words=words, alone=alone, after=_after())
    values = {"found": found, "q": words, "alone": alone, "may_remove": set(_owned())}
    return doors.show("client_people", "people", **values)


def _after() -> tuple[str, UUID] | None:
    id_, _, name = request.args.get("after", "").partition(" ")
    try:
        return (name, UUID(id_)) if id_ else None
    except ValueError:
        return None


@agency_client_people.post("/<uuid:user_id>/remove")
@agency_page()
def remove(user_id: UUID) -> ResponseReturnValue:
    """Out of the client `client`, or of all in which this person may remove members."""
    mine, wanted = _owned(), request.form.get("client", "")
    chosen = [id_ for id_ in mine if wanted in ("all", str(id_))]
    gone, kept = 0, []
    for tenant_id in chosen:
        try:
            gone += client_people.remove(tenant_id, user_id, mine[tenant_id], request.remote_addr)
        except MemberError as error:
            name = next(place.name for place in g.places if place.tenant_id == tenant_id)
            kept.append(f"{name}: {error}")
    if not gone and not kept:
        abort(404)
    address = url_for(".show", agency_id=g.house.id, q=request.form.get("q") or None)
    if kept:
        return telling.back_to(address, " ".join(kept), "error")
    return telling.back_to(address, f"Removed at {gone} {'client' if gone == 1 else 'clients'}, and logged out there.")


def _owned() -> dict[UUID, SignedIn]:
    """The clients whose members this person may remove: as an owner there."""
    return {id_: who for id_, who in doors.managed().items() if who.role == "owner"}
