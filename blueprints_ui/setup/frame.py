"""What the pages of set-up share: where one is, and where the next step is."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from hallway.setup import steps


def show(key: str, **shown: Any) -> str:
    """The page of one step, in the frame that shows all of them."""
    progress = steps.progress(guard.tenant_session(), g.tenant)
    step = next(step for step, _ in progress.steps if step.key == key)
    before = steps.before(key)
    return render_template(
        f"setup/{key}.html",
        progress=progress,
        step=step,
        place=steps.KEYS.index(key) + 1,
        back=address(before) if before else None,
        addresses={one: address(one) for one in steps.KEYS},
        **shown,
    )


def go_on(key: str, *, done: bool = True) -> ResponseReturnValue:
    """On to the next step that is not done, and behind the last to the done page; one left undone stays open."""
    session = guard.tenant_session()
    if done:
        steps.mark(session, key)
    following = steps.after(key)
    open_ones = [step.key for step, done in steps.progress(session, g.tenant).steps if not done]
    wanted = following if following in open_ones else next((one for one in open_ones if _behind(one, key)), None)
    return redirect(address(wanted) if wanted else url_for("setup_done.show"), 303)


def _behind(one: str, key: str) -> bool:
    return steps.KEYS.index(one) > steps.KEYS.index(key)


def address(key: str) -> str:
    return url_for(f"setup_{key}.show")
