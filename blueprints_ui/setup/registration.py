"""Set-up, step 7: registering to text."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame

registration = Blueprint("setup_registration", __name__, url_prefix="/setup/registration")


@registration.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    return frame.show("registration")


@registration.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    return frame.go_on("registration")
