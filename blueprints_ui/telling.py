"""After a form was sent: say what came of it, and show the page again."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect
from flask.typing import ResponseReturnValue


def back_to(address: str, words: str | None = None, tone: str = "good") -> ResponseReturnValue:
    """To the page at `address`, which shows `words` once."""
    if words:
        flash(words, tone)
    return redirect(address, 303)


def do(deed: Callable[[], object], address: str, words: str | None, *refusals: type[Exception]) -> ResponseReturnValue:
    """Do it, say `words`, and back to `address`; one of `refusals` is said in its own words instead."""
    try:
        deed()
    except refusals as error:
        return back_to(address, str(error), "error")
    return back_to(address, words)
