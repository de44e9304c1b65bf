"""Set-up, step 8: plan and payment, which live in the settings."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from blueprints_ui.guard import MANAGERS, page
from blueprints_ui.setup import frame

plan = Blueprint("setup_plan", __name__, url_prefix="/setup/plan")


@plan.get("")
@page(roles=MANAGERS)
def show() -> ResponseReturnValue:
    return frame.show("plan")


@plan.post("")
@page(roles=MANAGERS, writes=MANAGERS)
def save() -> ResponseReturnValue:
    return frame.go_on("plan")
