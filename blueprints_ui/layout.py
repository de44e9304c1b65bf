"""What the frame around every page shows: where one can go, and how much waits there."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request
from sqlalchemy import func, select

from billing import standings
from blueprints_ui import guard, security
from groundwork import config
from groundwork.database import db
from hallway.conversations import Conversation, Task
from tenants import branding
from tenants.members import ROLE_WORDS

MOST = 100


def set_up_layout(app: Flask) -> None:
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    who = g.get("who")
    return {
        "base_url": config.settings().public_url,
        "may_manage": bool(who and who.role in guard.MANAGERS),
        "may_write": bool(who and who.role in guard.WRITERS),
        "nav_counts": nav_counts,
        "nonce": security.nonce,
        "path": request.path,
        "place": g.get("place"),
        "product": g.place.product if "place" in g else branding.OURS,
        "role_words": ROLE_WORDS,
        "standing_of": standings.of,
        "tenant": g.get("tenant"),
        "who": who,
    }


def nav_counts() -> dict[str, int]:
    """How many conversations wait for a person and how many tasks are open, counted up to 100; asked once a page."""
    if "nav_counts" not in g:
        waiting = select(Conversation.id).where(Conversation.waiting_since.is_not(None), Conversation.status == "open")
        tasks = select(Task.id).where(Task.done_at.is_(None))
        row = db.session.execute(select(_capped(waiting), _capped(tasks))).one()
        g.nav_counts = {"inbox": row[0], "tasks": row[1]}
    counts: dict[str, int] = g.nav_counts
    return counts


def _capped(query: Any) -> Any:
    return select(func.count()).select_from(query.limit(MOST).subquery()).scalar_subquery()
