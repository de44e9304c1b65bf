"""How strong a password is, told while it is typed, by the very rule that decides about it."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from blueprints_ui import guard
from blueprints_ui.guard import open_page
from blueprints_ui.security import limiter
from tenants import passwords

strength = Blueprint("strength", __name__)
MOST_HINTS, LONGEST_HINT = 6, 120


@strength.post("/password-strength")
@limiter.limit("120 per minute")
@open_page
def show() -> ResponseReturnValue:
    """{"score": 0 to 4, "good": whether it may be chosen, "words": ...}; nothing of it is kept or logged."""
    password = request.form.get("password", "")[: passwords.LONGEST + 1]
    hints = [hint[:LONGEST_HINT] for hint in request.form.getlist("about")[:MOST_HINTS]]
    who = guard.signed_in()
    score, good, words = passwords.measure(password, *hints, *((who.name, who.email) if who else ()))
    return {"score": score, "good": good, "words": words}
