"""The end of set-up: what runs now, what waits for the carrier, and what works until then."""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame
from groundwork import config
from hallway.setup import standing, steps

done = Blueprint("setup_done", __name__, url_prefix="/setup/done")


@done.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    session = guard.tenant_session()
    progress = steps.progress(session, g.tenant)
    if progress.next is None:
        steps.finish(session)
    return render_template(
        "setup/done.html",
        progress=progress,
        addresses={one: frame.address(one) for one in steps.KEYS},
        parts=standing.parts(session, g.tenant),
        waits=standing.waits(session),
        sandbox_url=config.settings().sandbox_url,
    )
