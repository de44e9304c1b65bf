"""After a deed in a thread: the parts of it that may have changed, for htmx; or the whole page without a script."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from flask import flash, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest, NotFound

from blueprints_ui import reading
from blueprints_ui.guard import tenant_session
from groundwork.database import TenantOwned
from hallway.conversations import Attachment

Row = TypeVar("Row", bound=TenantOwned)
# What is typed in the composer and in which of its two fields: after these deeds it is shown anew.
COMPOSING = {"thread.send": "reply", "notes.add": "note"}


def again(
    conversation_id: UUID,
    words: str | None = None,
    *,
    tone: str = "bad",
    typed: str | None = None,
    files: Sequence[Attachment] = (),
) -> ResponseReturnValue:
    """The thread once more. `words` are told; `typed` and `files` go back into the composer, for nothing is lost."""
    if request.headers.get("HX-Request-Type") == "partial":
        return show(conversation_id, request.form.get("first") or None, words, tone, typed, files)
    if g.who.viewer:
        tenant_session().flush()
        reading.find(conversation_id)
    if words:
        flash(words, "error" if tone == "bad" else "good")
    return redirect(reading.address_of(conversation_id), code=303)


def show(
    conversation_id: UUID,
    first: str | None,
    words: str | None = None,
    tone: str = "bad",
    typed: str | None = None,
    files: Sequence[Attachment] = (),
) -> ResponseReturnValue:
    """What stands in the thread from the cursor `first` on, with head, banners and panel."""
    tenant_session().flush()
    tenant_session().expire_all()
    read = reading.again(conversation_id, first)
    sent = request.endpoint in COMPOSING
    # A composer somebody may be writing in is left alone unless it has to close, or may open again.
    anew = sent or typed is not None or request.values.get("composer", read.composer) != read.composer
    answer = make_response(
        render_template(
            "thread/regions.html",
            reading=read,
            with_composer=anew,
            typed=typed,
            files=files,
            refused=words if sent else None,
            mode=COMPOSING.get(request.endpoint or "", "reply"),
            view=request.args.get("view"),
        )
    )
    if words and not sent:
        answer.headers["HX-Trigger"] = json.dumps({"toast": {"words": words, "tone": tone}})
    return answer


def mine(kind: type[Row], id_: UUID) -> Row:
    """The row of this business with that id, or 404 in plain words."""
    row = tenant_session().get(kind, (g.tenant.id, id_))
    if row is None:
        raise NotFound("This does not exist, or belongs to another business.")
    return row


def token() -> UUID:
    """The id that the form gave to what it makes, so that sent twice it is made once."""
    return id_(request.form.get("token", ""))


def id_(value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError as error:
        raise BadRequest("Something in the form was missing. Reload the page and try again.") from error
