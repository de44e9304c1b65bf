"""Many conversations at once: what can be done with those selected in the list, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import NotFound

from blueprints_ui import regions
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.plain_words import moment as in_words
from groundwork import clock, config
from hallway.conversations import Conversation, Label, handling, labels, snoozing
from hallway.insight import panel
from hallway.tidying import many
from hallway.tidying.many import Undo

bulk = Blueprint("bulk", __name__, url_prefix="/inbox/many")
UNDO_SECONDS = 600
Chosen = Sequence[Conversation]


@bulk.get("")
@page()
def bar() -> ResponseReturnValue:
    """What can be done with the selected ones."""
    session = tenant_session()
    return render_template(
        "inbox/many.html",
        members=[choice for choice in panel.choices(session) if choice.kind == "member"],
        labels=labels.every(session),
        sleeps=snoozing.choices(g.tenant, clock.now()),
    )


@bulk.post("/<any(assign,label,unlabel,snooze,close,reopen,waiting):deed>")
@page()
def do(deed: str) -> ResponseReturnValue:
    """One deed on the conversations named in `ids`, separated by commas."""
    try:
        chosen = many.find(tenant_session(), _ids())
        undo, words = DEEDS[deed](chosen)
    except many.NotHereError as error:
        raise NotFound(str(error)) from error
    except (many.ManyError, handling.NobodyThereError, snoozing.SnoozeError) as error:
        tenant_session().rollback()
        return render_template("inbox/many_done.html", refused=str(error))
    return render_template(
        "inbox/many_done.html", words=_counted(undo.count, len(chosen), words), undo=_seal(undo) if undo.count else None
    )


@bulk.post("/undo")
@page()
def take_back() -> ResponseReturnValue:
    try:
        undo = Undo.read(_seals().loads(request.form.get("undo", ""), max_age=UNDO_SECONDS))
    except BadSignature:
        return render_template("inbox/many_done.html", refused="It is too late to undo this here.")
    back = many.take_back(tenant_session(), undo)
    left = undo.count - back.conversations
    words = f"Undone for {_talks(back.conversations)}."
    if back.sequences:
        words += " Follow-up goes on where it was."
    words += f" {left} stayed: something was said there since." if left else ""
    return render_template("inbox/many_done.html", words=words)


def _ids() -> list[UUID]:
    return [regions.id_(one) for one in request.form.get("ids", "").split(",") if one]


def _assign(chosen: Chosen) -> tuple[Undo, str]:
    given = request.form.get("member", "")
    member = regions.id_(given) if given else None
    return many.assign(tenant_session(), chosen, member), "assigned" if member else "given to nobody"


def _label(chosen: Chosen) -> tuple[Undo, str]:
    label = regions.mine(Label, regions.id_(request.form.get("label", "")))
    return many.label(tenant_session(), chosen, label, on=True), f"labelled “{label.name}”"


def _unlabel(chosen: Chosen) -> tuple[Undo, str]:
    label = regions.mine(Label, regions.id_(request.form.get("label", "")))
    return many.label(tenant_session(), chosen, label, on=False), f"no longer labelled “{label.name}”"


def _snooze(chosen: Chosen) -> tuple[Undo, str]:
    until = snoozing.moment(g.tenant, clock.now(), request.form.get("until", ""), request.form.get("at", ""))
    return many.snooze(tenant_session(), chosen, until, g.who), f"put aside until {in_words(until)}"


DEEDS: dict[str, Callable[[Chosen], tuple[Undo, str]]] = {
    "assign": _assign,
    "label": _label,
    "unlabel": _unlabel,
    "snooze": _snooze,
    "close": lambda chosen: (many.close(tenant_session(), chosen), "closed"),
    "reopen": lambda chosen: (many.reopen(tenant_session(), chosen), "opened again"),
    "waiting": lambda chosen: (many.let_wait(tenant_session(), chosen), "marked as waiting"),
}


def _counted(changed: int, chosen: int, words: str) -> str:
    said = f"{_talks(changed)} {words}." if changed else f"Nothing to change: {_talks(chosen)} {words} already."
    return said + (f" {chosen - changed} already." if 0 < changed < chosen else "")


def _talks(number: int) -> str:
    return "1 conversation" if number == 1 else f"{number} conversations"


def _seal(undo: Undo) -> str:
    return str(_seals().dumps(undo.as_json()))


def _seals() -> URLSafeTimedSerializer:
    """Bound to the business and the person, so that nobody undoes what somebody else did."""
    known = config.settings()
    return URLSafeTimedSerializer(
        [*known.secret_key_fallbacks, known.secret_key], salt=f"undo:{g.tenant.id}:{g.who.user_id}"
    )
