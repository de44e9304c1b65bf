"""Settings → Export: everything of a business as one ZIP, made in the background, good for a day."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from flask import Blueprint, Response, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.exceptions import NotFound

from blueprints_ui import guard, regions
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.security import limiter
from groundwork import clock, config
from hallway.lists import TenantExport, archives
from hallway.lists import everything as deeds

everything = Blueprint("everything", __name__, url_prefix="/settings/export")


class Shown(NamedTuple):
    """An export with the end of its time and the token of its link, while there is something to download."""

    export: TenantExport
    good_until: datetime | None
    token: str | None


@everything.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    exports = [_shown(one) for one in deeds.latest(guard.tenant_session())]
    return render_template("settings/export.html", exports=exports)


@everything.post("")
@page(roles=MANAGERS, writes=MANAGERS)
@limiter.limit("10 per hour")
def ask() -> ResponseReturnValue:
    deeds.ask(guard.tenant_session(), g.who.name)
    guard.note("Asked for an export of everything")
    return redirect(url_for("everything.show"), 303)


@everything.get("/<uuid:export_id>/<token>")
@page(roles=MANAGERS)
def download(export_id: UUID, token: str) -> ResponseReturnValue:
    """The archive, to whoever is logged in here and has the link of the day."""
    export = regions.mine(TenantExport, export_id)
    try:
        named = _seals().loads(token, max_age=int(deeds.GOOD_FOR.total_seconds()))
    except BadSignature:
        named = None
    if named != str(export.id) or not _good(export):
        raise NotFound("This link is over, or was never one. Make a new export.")
    guard.note("Downloaded an export of everything", {"rows": export.rows})
    answer = Response(archives.stream(g.tenant.id, export.id), mimetype="application/zip")
    name = f"{g.tenant.slug}-{export.created_at:%Y-%m-%d}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _shown(export: TenantExport) -> Shown:
    if not _good(export) or export.ready_at is None:
        return Shown(export, None, None)
    return Shown(export, export.ready_at + deeds.GOOD_FOR, str(_seals().dumps(str(export.id))))


def _good(export: TenantExport) -> bool:
    return export.state == "done" and bool(export.ready_at and clock.now() < export.ready_at + deeds.GOOD_FOR)


def _seals() -> URLSafeTimedSerializer:
    known = config.settings()
    return URLSafeTimedSerializer([*known.secret_key_fallbacks, known.secret_key], salt=f"export:{g.tenant.id}")
