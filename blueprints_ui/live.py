"""The ticket with which a page listens to its business's events."""

from __future__ import annotations

from flask import Blueprint, g
from itsdangerous import URLSafeTimedSerializer

from blueprints_ui.guard import page
from blueprints_ui.layout import nav_counts
from blueprints_ui.security import limiter
from groundwork import config
from groundwork.config import Settings

live = Blueprint("live", __name__)
TICKET_SECONDS = 60


def tickets(settings: Settings) -> URLSafeTimedSerializer:
    """Signs for pages and opens for the hub; the hub asks no database."""
    return URLSafeTimedSerializer([*settings.secret_key_fallbacks, settings.secret_key], salt="live")


@live.get("/live-ticket")
@limiter.limit("120 per minute")
@page()
def ticket() -> dict[str, str]:
    """{"ticket": ...}, good for a minute; the page asks for a new one each time it connects.

    Whoever sees only some conversations hears only that something happened, and asks again for what they see.
    """
    said = [str(g.tenant.id), "unnamed" if g.who.viewer else "named"]
    return {"ticket": tickets(config.settings()).dumps(said)}


@live.get("/nav-counts")
@page()
def counts() -> dict[str, int]:
    """{"inbox": 3, "tasks": 1}: the numbers in the frame, asked again when something happened."""
    return nav_counts()
