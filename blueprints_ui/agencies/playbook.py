"""The agency's playbook: its pieces, where each comes from, and their words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from blueprints_ui import telling
from blueprints_ui.agencies import doors
from blueprints_ui.agencies.doors import agency_page
from blueprints_ui.forms import Form
from blueprints_ui.sequences import drafts, editor
from blueprints_ui.settings import web_forms
from groundwork import scope
from groundwork.database import Json, open_session
from hallway import playbooks
from hallway.agencies import playbook, pushing
from hallway.agencies.models import PlaybookPiece
from hallway.agencies.shelf import RefusedError
from hallway.agencies.shelves import SHELVES
from hallway.contacts import Contact
from hallway.conversations.labels import COLORS
from hallway.followup import Plan, speaking
from hallway.forms.words import CHOICES, KINDS, LANGUAGES
from hallway.playbooks.keys import SAVED_REPLY
from tenants.businesses import TRADES
from tenants.models import Tenant
from tenants.opening import USUAL_HOURS

agency_playbook = Blueprint("agency_playbook", __name__, url_prefix="/agency/<uuid:agency_id>/playbook")
EXAMPLE = {"name": "Bluff Creek Plumbing", "phone": "(512) 555-0100", "reopens": "Monday at 8 am"}
NEW = {kind: shelf.words for kind, shelf in SHELVES.items() if not shelf.names}  # what one can begin with a name


@agency_playbook.get("")
@agency_page()
def show() -> ResponseReturnValue:
    """Pieces and the latest pushes."""
    return _list(Form({"kind": "reply"}))


@agency_playbook.get("/take-over")
@agency_page(sees="manage")
def look() -> ResponseReturnValue:
    """What there is to take over from `source`: trade:<trade> or client:<id>."""
    source = request.args.get("source", "")
    name, there = _offered(source)
    if there is None:
        raise BadRequest("Choose where to take it from.")
    with open_session(scope.SYSTEM) as system:
        have = {(one.kind, one.key.lower()): one.edition for one in playbook.pieces(system, g.house.id)}
    return doors.show("take_over", "playbook", source=source, name=name, there=there, shelves=SHELVES, have=have)


def _offered(source: str) -> tuple[str, dict[str, list[str]] | None]:
    whence, _, which = source.partition(":")
    if whence == "trade" and which in TRADES:
        found = {kind: [key for key in shelf.names if shelf.default(which, key)] for kind, shelf in SHELVES.items()}
        return TRADES[which], found
    mine = next((place for place in g.places if str(place.tenant_id) == which), None)
    return (mine.name, playbook.listed(g.house.id, mine.tenant_id)) if mine else ("", None)


@agency_playbook.post("")
@agency_page()
def add() -> ResponseReturnValue:
    """Take pieces over: each `what` is kind:key, `source` is trade:<trade> or client:<id>."""
    chosen = [(kind, key) for kind, _, key in (what.partition(":") for what in request.form.getlist("what"))]
    if not chosen or any(kind not in SHELVES for kind, _ in chosen):
        raise BadRequest("Choose what to take over.")
    kept, refused = [], []
    for kind, key in chosen:
        body, origin = _source(kind, key, request.form.get("source", ""))
        try:
            with open_session(scope.SYSTEM) as system:
                kept.append(playbook.keep(system, g.house.id, kind, key, body, g.who.name, origin).name)
        except RefusedError as error:
            refused.append(f"{SHELVES[kind].name_of(key)}: {error}")
    address = url_for(".show", agency_id=g.house.id)
    if refused:
        return telling.back_to(address, " ".join(refused), "error")
    return telling.back_to(address, f"{', '.join(kept)} {'is' if len(kept) == 1 else 'are'} in your playbook.")


def _source(kind: str, key: str, source: str) -> tuple[Json, Json]:
    """The body, and what it grew from. Raises BadRequest for what is not there."""
    whence, _, which = source.partition(":")
    found = None
    if whence == "trade" and which in TRADES and key in SHELVES[kind].names:
        body = playbook.of_trade(kind, key, which)
        found = (body, body) if body else None
    mine = next((place for place in g.places if str(place.tenant_id) == which), None)
    if whence == "client" and mine and (kind in NEW or key in SHELVES[kind].names):
        found = playbook.of_client(g.house.id, mine.tenant_id, kind, key)
    if found is None:
        raise BadRequest("Choose where to take it from.")
    return found


@agency_playbook.post("/new")
@agency_page()
def begin() -> ResponseReturnValue:
    """A reply, label or form that no client has yet; no client gets it before it is pushed."""
    form = Form(dict(request.form))
    kind, key = request.form.get("kind", ""), " ".join(request.form.get("name", "").split())
    if kind not in NEW:
        raise BadRequest("Choose what it shall be.")
    try:
        with open_session(scope.SYSTEM) as system:
            piece = playbook.start(system, g.house.id, kind, key, g.who.name)
    except RefusedError as error:
        form.refuse("name", str(error))
        return _list(form), 422
    return telling.back_to(_address(piece))


def _list(form: Form) -> str:
    with open_session(scope.SYSTEM) as system:
        pieces = playbook.pieces(system, g.house.id)
        pushes = pushing.pushes(system, g.house.id)
    known = {"new": NEW, "shelves": SHELVES, "trades": TRADES}
    return doors.show("playbook", "playbook", pieces=pieces, pushes=pushes, places=g.places, form=form, **known)


@agency_playbook.get("/<uuid:piece_id>")
@agency_page()
def edit(piece_id: UUID) -> ResponseReturnValue:
    piece = mine(piece_id)
    return _page(piece, piece.body)


@agency_playbook.post("/<uuid:piece_id>/draft")
@agency_page()
def draft(piece_id: UUID) -> ResponseReturnValue:
    """The cards after a button, or what changes beside them while somebody types. Nothing is kept."""
    piece, do = mine(piece_id), request.form.get("do", "")
    if piece.kind != "sequence":
        raise NotFound
    plan = drafts.act(drafts.read(request.form), do)
    if request.headers.get("HX-Request") != "true":
        return _page(piece, plan)
    name = "sequences/looks.html" if not do else "sequences/steps.html"
    return render_template(name, may_manage=True, **_seen(piece, plan))


@agency_playbook.post("/<uuid:piece_id>")
@agency_page()
def save(piece_id: UUID) -> ResponseReturnValue:
    """A new edition. No client has it before it is pushed."""
    piece = mine(piece_id)
    body = _sent(piece)
    if piece.kind == "sequence" and drafts.broken(drafts.troubles(body)):
        return _page(piece, body, refused=True), 422
    try:
        with open_session(scope.SYSTEM) as system:
            whole = Plan.from_json(body).as_json() if piece.kind == "sequence" else body
            kept = playbook.keep(system, g.house.id, piece.kind, piece.key, whole, g.who.name)
    except RefusedError as error:
        return _page(piece, body, refused=True, wrong=error.words), 422
    if kept.edition == piece.edition:
        return telling.back_to(_address(piece), "Nothing was changed.")
    return telling.back_to(_address(kept), f"Edition {kept.edition} is saved. Push it when you like it.")


@agency_playbook.post("/<uuid:piece_id>/drop")
@agency_page()
def drop(piece_id: UUID) -> ResponseReturnValue:
    with open_session(scope.SYSTEM) as system:
        piece = playbook.piece(system, g.house.id, piece_id)
        if piece is None:
            raise NotFound
        playbook.drop(system, piece)
    return telling.back_to(url_for(".show", agency_id=g.house.id), f"{piece.name} is out; clients keep what they have.")


def mine(piece_id: UUID) -> PlaybookPiece:
    with open_session(scope.SYSTEM) as system:
        piece = playbook.piece(system, g.house.id, piece_id)
    if piece is None:
        raise NotFound
    return piece


def _address(piece: PlaybookPiece) -> str:
    return url_for("agency_playbook.edit", agency_id=piece.agency_id, piece_id=piece.id)


def _sent(piece: PlaybookPiece) -> Json:
    if piece.kind == "sequence":
        return drafts.read(request.form)
    if piece.kind == "label":
        return {"color": request.form.get("color", "")}
    if piece.kind == "form":
        return piece.body | web_forms.sent()
    return {"source": request.form.get("source", "").replace("\r\n", "\n").strip()[:4000]}


def _page(piece: PlaybookPiece, body: Json, *, refused: bool = False, wrong: list[str] | None = None) -> str:
    more: dict[str, Any] = {"piece": piece, "refused": refused, "wrong": wrong or []}
    if piece.kind == "sequence":
        return doors.show("piece_sequence", "playbook", **more, **_seen(piece, body))
    if piece.kind == "label":
        return doors.show("piece_label", "playbook", **more, color=body["color"], colors=COLORS)
    if piece.kind == "form":
        asks = {"labels": web_forms.LABELS, "choices": CHOICES, "kinds": KINDS, "languages": LANGUAGES}
        return doors.show("piece_form", "playbook", **more, form=Form(body), **asks)
    key = SAVED_REPLY if piece.kind == "reply" else playbooks.KEYS[piece.key]
    shown = playbooks.preview(body["source"], key.name, EXAMPLE)
    return doors.show("piece_wording", "playbook", **more, key=key, source=body["source"], shown=shown)


def _seen(piece: PlaybookPiece, plan: Json) -> dict[str, Any]:
    """What the cards and what stands beside them need, on a made-up person of a made-up client."""
    example = Tenant(name="Bluff Creek Plumbing", phone="+15125550100", timezone="America/Chicago", closed_days=[])
    example.hours, example.observe_federal_holidays, example.busy_until = USUAL_HOURS, True, None
    known = speaking.variables(example, Contact(name="Dana Whitfield"), "+15125550142", {})
    looks = {step["id"]: editor.looks_of(step, known) for step in plan["steps"]}
    address = url_for("agency_playbook.draft", agency_id=piece.agency_id, piece_id=piece.id)
    seen = {"plan": plan, "looks": looks, "troubles": drafts.troubles(plan), "became": {}, "draft_url": address}
    return {**editor.CHOICES, **seen}
