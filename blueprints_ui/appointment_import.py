"""Take visits in from a spreadsheet, with a look before, or from another program as JSON."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import note, page, tenant_session
from groundwork.sheets import UnreadableError
from hallway.appointments import importing
from hallway.appointments.importing import Outcome, Row

appointment_import = Blueprint("appointment_import", __name__, url_prefix="/appointments/import")
SHOWN = 200


@appointment_import.get("")
@page()
def choose() -> ResponseReturnValue:
    return render_template("appointments/import.html", columns=importing.COLUMNS)


@appointment_import.post("")
@page()
def preview() -> ResponseReturnValue:
    """What would be taken in, and what is wrong with the other rows. Nothing is kept yet."""
    file = request.files.get("file")
    data = file.read(importing.MOST_BYTES + 1) if file else b""
    return _preview(data) if data else _refuse("Choose a file first.")


@appointment_import.post("/take-in")
@page()
def take_in() -> ResponseReturnValue:
    """The rows of the preview, read and checked again."""
    try:
        packed = base64.b64decode(request.form.get("rows", ""), validate=True)
        data = zlib.decompressobj().decompress(packed, importing.MOST_BYTES + 1)
        rows = importing.check(tenant_session(), importing.read_table(data))
    except (binascii.Error, zlib.error, UnreadableError):
        return _refuse("The list got lost on the way. Choose the file again.")
    outcome = importing.take_in(tenant_session(), rows, "csv", g.who.name, tell=bool(request.form.get("tell")))
    note("Imported visits", _counts(outcome))
    flash(_words(outcome), "good")
    return redirect(url_for("appointments.week"), code=303)


def _preview(data: bytes) -> ResponseReturnValue:
    try:
        rows = importing.check(tenant_session(), importing.read_table(data))
    except UnreadableError as error:
        return _refuse(str(error))
    good = sum(not row.errors for row in rows)
    return render_template(
        "appointments/import_preview.html",
        rows=_worst_first(rows)[:SHOWN],
        total=len(rows),
        good=good,
        bad=len(rows) - good,
        packed=base64.b64encode(zlib.compress(data)).decode(),
    )


def _refuse(words: str) -> ResponseReturnValue:
    return render_template("appointments/import.html", columns=importing.COLUMNS, refused=words), 422


def _worst_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (not row.errors, row.number))


def _counts(outcome: Outcome) -> dict[str, Any]:
    return {"booked": outcome.booked, "changed": outcome.changed, "known": outcome.known}


def _words(outcome: Outcome) -> str:
    hidden = f" {outcome.hidden} left out: somebody else talks with these people." if outcome.hidden else ""
    return f"{outcome.booked} booked, {outcome.changed} moved or changed, {outcome.known} known already.{hidden}"
