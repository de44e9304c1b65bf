"""The home page: today in numbers, and what to do first."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from blueprints_ui.filters import local
from blueprints_ui.guard import MANAGERS, page, tenant_session
from groundwork import clock, config
from hallway.insight import home as numbers
from hallway.setup import steps
from hallway.setup.steps import Progress

home = Blueprint("home", __name__)


@home.get("/home")
@page()
def today() -> ResponseReturnValue:
    now = clock.now()
    found = numbers.today(tenant_session(), g.tenant, now)
    week = [[day.date.strftime("%a"), day.missed, day.texted] for day in found.week]
    return render_template(
        "home/page.html",
        found=found,
        greeting=greeting(local(now)),
        week=week,
        sandbox_url=config.settings().sandbox_url,
        setup=_setup(),
    )


def _setup() -> Progress | None:
    """How far set-up is, for whoever may finish it; None once it is, or for a business that never began."""
    session = tenant_session()
    row = steps.begun(session) if g.who.role in MANAGERS else None
    return steps.progress(session, g.tenant) if row and row.finished_at is None else None


def greeting(at: datetime) -> str:
    """By the business's own clock."""
    if at.hour < 5 or at.hour >= 18:
        return "Good evening"
    return "Good morning" if at.hour < 12 else "Good afternoon"


@home.app_template_filter()
def span(seconds: float) -> str:
    """ "6 s", "4 min 10 s", "23 min", "2 h 5 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{seconds:.1f} s" if seconds < 10 and round(seconds, 1) != whole else f"{whole} s"
    if whole < 600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    if whole < 3600:
        return f"{round(whole / 60)} min"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
