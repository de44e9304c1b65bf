"""Push a piece of the playbook: the difference at each client first, some before the rest, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from blueprints_ui import telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from blueprints_ui.agencies.playbook import mine
from groundwork import scope
from groundwork.database import open_session
from hallway.agencies import applying, comparing, offers, pushing
from hallway.agencies.applying import TakeBackError
from hallway.agencies.models import PlaybookPush, PushedPiece
from hallway.agencies.offers import Offer
from tenants.businesses import TRADES

agency_pushes = Blueprint("agency_pushes", __name__, url_prefix="/agency/<uuid:agency_id>")
STATE_WORDS = {
    "applied": ("Takes the new one", "good", "to take the new one"),
    "merged": ("Merges with what is theirs", "brand", "to be merged with what is theirs"),
    "same": ("Nothing to change", "neutral", "with nothing to change"),
    "conflict": ("Conflicts with what is theirs", "warn", "in conflict"),
    "refused": ("Cannot take it", "bad", "that cannot take it"),
}
DONE_WORDS = {
    "applied": ("Pushed", "good"),
    "merged": ("Merged with what is theirs", "brand"),
    "same": ("Nothing to change", "neutral"),
    "conflict": ("Left alone: conflicts with what is theirs", "warn"),
    "refused": ("Left alone", "bad"),
    "failed": ("Failed", "bad"),
    "kept": ("Not taken back", "warn"),
    "undone": ("Taken back", "neutral"),
}


@agency_pushes.get("/playbook/<uuid:piece_id>/push")
@agency_page(sees="manage")
def preview(piece_id: UUID) -> ResponseReturnValue:
    """What it would change at each client, step by step."""
    piece = mine(piece_id)
    found = offers.offers(piece, doors.managed())
    rows = [(one, comparing.changes(one.now, one.merged.body), _conflicts(one)) for one in found]
    inside = sum(one.inside for one in found)
    words = {"words": STATE_WORDS, "trades": TRADES}
    return doors.show("push_preview", "playbook", piece=piece, rows=rows, inside=inside, **words)


def _conflicts(one: Offer) -> list[tuple[str, str, str, str]]:
    """[(key, where, what they have, what is new)]."""
    return [
        (
            conflict.key,
            comparing.where(conflict.key, one.now, one.merged.body),
            comparing.in_words(conflict.key, conflict.theirs),
            comparing.in_words(conflict.key, conflict.ours),
        )
        for conflict in one.merged.conflicts
    ]


@agency_pushes.post("/playbook/<uuid:piece_id>/push")
@agency_page()
def send(piece_id: UUID) -> ResponseReturnValue:
    """To the ticked clients; with `first` only to so many of them, and the rest when somebody has looked."""
    piece, who = mine(piece_id), doors.managed()
    chosen = [id_ for id_ in who if str(id_) in request.form.getlist("client")]
    if request.form.get("edition") != str(piece.edition):
        address = url_for(".preview", agency_id=g.house.id, piece_id=piece.id)
        return telling.back_to(address, "Somebody saved a newer edition meanwhile. Look at it first.", "error")
    if not chosen:
        address = url_for(".preview", agency_id=g.house.id, piece_id=piece.id)
        return telling.back_to(address, "Tick at least one client.", "error")
    first = request.form.get("first", "")
    most = int(first) if first.isdecimal() and 0 < len(first) < 4 and int(first) else len(chosen)
    with open_session(scope.SYSTEM) as system:
        moves = request.form.get("inside") == "move"
        push = pushing.begin(system, piece, chosen, g.who.name, moves=moves)
        pushing.let_go(system, push, g.who, chosen, most)
    return telling.back_to(_address(push))


@agency_pushes.get("/pushes/<uuid:push_id>")
@agency_page(sees="manage")
def show(push_id: UUID) -> ResponseReturnValue:
    """Where a push stands, client by client."""
    push = _push(push_id)
    names = {place.tenant_id: place.name for place in g.places}
    rows = pushing.done(push)
    done = {id_: rows[id_] for id_ in sorted(rows.keys() & names.keys(), key=lambda one: names[one].lower())}
    open_ = [id_ for id_, row in done.items() if row.state == "conflict"]
    left = {one.tenant.id: one for one in offers.offers(push, open_)}
    values: dict[str, Any] = {"names": names, "done": done, "words": DONE_WORDS}
    values["waiting"] = [id_ for id_ in map(UUID, push.wanted) if str(id_) not in push.on_way and id_ in names]
    values["differences"] = {id_: comparing.changes(row.before, row.after) for id_, row in done.items()}
    values["conflicts"] = {id_: _conflicts(one) for id_, one in left.items()}
    values["failed"] = sum(row.state == "failed" for row in done.values())
    values["undone"] = sum(row.state == "undone" for row in done.values())
    values["backs"] = sum(row.state in applying.BACK for row in done.values())
    return doors.show("push", "playbook", **values, **_standing(push, rows))


@agency_pushes.get("/pushes/<uuid:push_id>/progress")
@agency_page(sees="manage")
def progress(push_id: UUID) -> ResponseReturnValue:
    """The fragment that tells how far it is; when nothing is under way, the whole page anew."""
    push = _push(push_id)
    standing = _standing(push, pushing.done(push))
    if not standing["under_way"]:
        return Response(headers={"HX-Redirect": _address(push)})
    return render_template("agency/push_progress.html", house=g.house, **standing)


def _standing(push: PlaybookPush, rows: Mapping[UUID, PushedPiece]) -> dict[str, Any]:
    going, back = pushing.under_way(push, rows)
    total = len(push.going_back if back else push.on_way)
    return {"push": push, "under_way": going or back, "taking_back": bool(back), "total": total}


@agency_pushes.post("/pushes/<uuid:push_id>/<any(forward, again, back):deed>")
@agency_page()
def go_on(push_id: UUID, deed: str) -> ResponseReturnValue:
    """To the clients that wait, again to those where it failed, or back from all that have it."""
    mine = doors.managed()
    do = {"forward": pushing.let_go, "again": pushing.try_again, "back": pushing.take_all_back}[deed]
    with open_session(scope.SYSTEM) as system:
        push = _found(pushing.push_of(system, g.house.id, push_id))
        do(system, push, g.who, mine)
    return telling.back_to(_address(push))


@agency_pushes.post("/pushes/<uuid:push_id>/clients/<uuid:tenant_id>/settle")
@agency_page()
def settle(push_id: UUID, tenant_id: UUID) -> ResponseReturnValue:
    """A person chose, place by place: `choice:<place>` is theirs or ours."""
    push = _push(push_id)
    choices = {name.removeprefix("choice:"): value for name, value in request.form.items() if name.startswith("choice")}
    row = applying.apply(push, tenant_id, _acting(push, tenant_id), choices)
    if row.state in applying.OPEN:
        words = " ".join(row.words) if row.state == "refused" else "Choose for every place that conflicts."
        return telling.back_to(_address(push), words, "error")
    return telling.back_to(_address(push), "Settled.")


@agency_pushes.post("/pushes/<uuid:push_id>/clients/<uuid:tenant_id>/back")
@agency_page()
def take_back(push_id: UUID, tenant_id: UUID) -> ResponseReturnValue:
    push = _push(push_id)
    who = _acting(push, tenant_id)
    words = "Taken back: the version before is in force again."
    return telling.do(lambda: applying.take_back(push, tenant_id, who), _address(push), words, TakeBackError)


def _push(push_id: UUID) -> PlaybookPush:
    with open_session(scope.SYSTEM) as system:
        return _found(pushing.push_of(system, g.house.id, push_id))


def _found(push: PlaybookPush | None) -> PlaybookPush:
    if push is None:
        raise NotFound
    return push


def _acting(push: PlaybookPush, tenant_id: UUID) -> Any:
    who = doors.managed().get(tenant_id)
    if who is None or str(tenant_id) not in push.wanted:
        raise BadRequest("This client is no part of this push, or not yours to change.")
    return who


def _address(push: PlaybookPush) -> str:
    return url_for("agency_pushes.show", agency_id=push.agency_id, push_id=push.id)
