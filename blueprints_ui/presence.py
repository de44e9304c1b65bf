"""Who else has a thread before them, and who is writing there, so that two people do not answer the same lead."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue

from blueprints_ui import regions
from blueprints_ui.guard import page, tenant_session
from blueprints_ui.security import limiter
from groundwork import live
from groundwork import presence as present
from groundwork.presence import Present
from hallway.conversations import Conversation

presence = Blueprint("presence", __name__)
DOING = ("reading", "writing")


@presence.get("/inbox/<uuid:conversation_id>/here")
@page()
def who_else(conversation_id: UUID) -> ResponseReturnValue:
    """The line that says who else is there; empty for nobody."""
    regions.mine(Conversation, conversation_id)
    return _line(conversation_id)


@presence.post("/inbox/<uuid:conversation_id>/here")
@limiter.limit("120 per minute")
@page()
def here(conversation_id: UUID) -> ResponseReturnValue:
    """I am reading or writing here (`doing`), or gone. Other screens hear of it when it is news."""
    regions.mine(Conversation, conversation_id)
    doing = request.form.get("doing", "")
    if doing in DOING:
        news = present.come(g.tenant.id, conversation_id, Present(g.who.user_id, g.who.name, doing))
    else:
        news = present.leave(g.tenant.id, conversation_id, g.who.user_id)
    if news:
        live.tell(tenant_session(), "presence", conversation_id)
    return _line(conversation_id)


def _line(conversation_id: UUID) -> str:
    there = present.others(g.tenant.id, conversation_id, g.who.user_id)
    return render_template("thread/presence.html", there=there)
