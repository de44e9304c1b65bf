"""Search: people and what was said."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from blueprints_ui.guard import page, tenant_session
from hallway.conversations import search as queries

search = Blueprint("search", __name__)


@search.get("/search")
@page()
def show() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    hits = queries.search(tenant_session(), words)
    fragment = request.headers.get("HX-Request-Type") == "partial"
    return render_template("search/hits.html" if fragment else "search/page.html", words=words, hits=hits)


@search.app_template_filter()
def found_words(excerpt: str) -> Markup:
    """The excerpt with the found words marked; everything else in it is escaped."""
    safe = str(escape(excerpt))
    return Markup(safe.replace(queries.START, "<mark>").replace(queries.STOP, "</mark>"))  # noqa: S704  (escaped above)
