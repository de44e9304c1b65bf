"""Settings → Routing: who gets which lead, shown as cards in their order, with a tester."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, fields, validate

from blueprints_ui import forms, guard
from blueprints_ui.forms import Form
from blueprints_ui.guard import MANAGERS, page
from groundwork import clock
from hallway import leads
from hallway.leads.property import place_in
from hallway.leads.services import services
from hallway.routing import RoutingRule, places
from hallway.routing.deciding import decide
from hallway.routing.rules import CHANNELS, HOURS, Traits
from hallway.routing.turns import peek
from tenants import members
from tenants.models import ROLES, Member

routing = Blueprint("routing", __name__, url_prefix="/settings/routing")
MINUTES = {
    0: "Never",
    3: "3 minutes",
    5: "5 minutes",
    10: "10 minutes",
    15: "15 minutes",
    30: "30 minutes",
    60: "1 hour",
}


class RuleForm(Schema):
    name = fields.Str(required=True, validate=validate.Length(1, 60, error="Give it a name of up to 60 characters."))
    services = fields.List(fields.Str())
    channels = fields.List(fields.Str(validate=validate.OneOf(list(CHANNELS), error="Choose from the list.")))
    places = fields.Str(load_default="", validate=validate.Length(max=1000, error="Up to 1,000 characters."))
    keywords = fields.Str(load_default="", validate=validate.Length(max=1000, error="Up to 1,000 characters."))
    hours = fields.Str(required=True, validate=validate.OneOf(list(HOURS), error="Choose one."))
    goes_to = fields.Str(required=True, validate=validate.Length(min=1, error="Choose who gets it."))
    active = fields.Bool()


class PlanForm(Schema):
    otherwise = fields.Str(required=True, validate=validate.OneOf(list(places.OTHERWISE), error="Choose one."))
    team = fields.Str(load_default="")
    escalate_minutes = fields.Int(required=True, validate=validate.OneOf(list(MINUTES), error="Choose one."))
    escalate_to = fields.Str(required=True, validate=validate.OneOf(list(places.ESCALATES_TO), error="Choose one."))
    questions_on = fields.Bool()
    most_questions = fields.Int(required=True, validate=validate.Range(1, 3, error="One to three questions."))


@routing.get("")
@page()
def show() -> ResponseReturnValue:
    return _page(Form({"hours": "any", "active": True}))


@routing.post("/rules")
@page(writes=MANAGERS)
def add() -> ResponseReturnValue:
    return _keep(None)


@routing.post("/rules/<uuid:rule_id>")
@page(writes=MANAGERS)
def change(rule_id: UUID) -> ResponseReturnValue:
    return _keep(_rule(rule_id))


@routing.post("/rules/<uuid:rule_id>/<any(earlier, later):where>")
@page(writes=MANAGERS)
def move(rule_id: UUID, where: str) -> ResponseReturnValue:
    rule = _rule(rule_id)
    places.move_rule(guard.tenant_session(), rule, -1 if where == "earlier" else 1)
    guard.note("Changed the order of routing rules", {"rule": rule.name, "moved": where})
    return _back()


@routing.post("/rules/<uuid:rule_id>/remove")
@page(writes=MANAGERS)
def remove(rule_id: UUID) -> ResponseReturnValue:
    rule = _rule(rule_id)
    guard.tenant_session().delete(rule)
    guard.note("Removed a routing rule", {"rule": rule.name})
    flash(f"{rule.name} is gone. Leads it sent stay where they are.", "good")
    return _back()


@routing.post("/plan")
@page(writes=MANAGERS)
def save_plan() -> ResponseReturnValue:
    form = forms.read(PlanForm())
    if form.ok:
        values = dict(form.loaded)
        team = _team_of(values.pop("team"))
        try:
            places.change_plan(guard.tenant_session(), {**values, "team_id": team})
        except places.RoutingError as error:
            form.refuse("team", str(error))
    if not form.ok:
        return _page(Form({"hours": "any", "active": True}), plan_form=form), 422
    guard.note("Changed how leads are routed", {name: value for name, value in form.loaded.items() if value != ""})
    flash("Saved.", "good")
    return _back()


@routing.post("/try")
@page(writes=ROLES)
def try_out() -> ResponseReturnValue:
    """Where a lead with these words would go now. Nobody's turn is taken, nobody is told."""
    said, channel = request.form.get("words", "")[:1000], request.form.get("channel", "sms")
    opened = request.form.get("hours", "open") != "closed"
    zone = g.tenant.timezone
    found = {one.name: one for one in leads.extract(said, g.tenant.trade, now=clock.now(), zone=zone)}
    known = {name: one.value for name, one in found.items()}
    code = known.get("zip") or place_in(known.get("address", ""), "")[1]
    traits = Traits(channel, known.get("service"), code, known.get("address"), said, opened)
    decided = decide(guard.tenant_session(), traits, peek)
    return render_template("settings/routing_tried.html", decided=decided, found=found)


def _keep(rule: RoutingRule | None) -> ResponseReturnValue:
    form = forms.read(RuleForm())
    if form.ok:
        try:
            kept = places.keep_rule(guard.tenant_session(), rule, _values(form.loaded))
        except places.RoutingError as error:
            form.refuse("goes_to", str(error))
    if not form.ok:
        new = Form({"hours": "any", "active": True})
        return _page(new if rule else form, refused={rule.id: form} if rule else {}), 422
    guard.note("Changed a routing rule" if rule else "Added a routing rule", {"rule": kept.name})
    flash(f"{kept.name}: saved.", "good")
    return _back()


def _values(loaded: dict[str, Any]) -> dict[str, Any]:
    """What a rule keeps. A member or team of another business is nobody here."""
    kind, _, id_ = loaded["goes_to"].partition(":")
    known = {service.id for service in services(g.tenant.trade)}
    return {
        "name": loaded["name"],
        "services": [one for one in loaded.get("services", []) if one in known],
        "channels": loaded.get("channels", []),
        "places": _listed(loaded["places"]),
        "keywords": _listed(loaded["keywords"]),
        "hours": loaded["hours"],
        "active": loaded["active"],
        "team_id": _team_of(id_) if kind == "team" else None,
        "member_id": _member_of(id_) if kind == "member" else None,
    }


def _listed(typed: str) -> list[str]:
    parts = (part.strip() for line in typed.splitlines() for part in line.split(","))
    return list(dict.fromkeys(part[:60] for part in parts if part))[:100]


def _team_of(id_: str) -> UUID | None:
    return next((team.id for team in places.teams(guard.tenant_session()) if str(team.id) == id_), None)


def _member_of(id_: str) -> UUID | None:
    return next((one.id for one in members.members(guard.tenant_session()) if str(one.id) == id_), None)


def _rule(rule_id: UUID) -> RoutingRule:
    session = guard.tenant_session()
    rule = session.get(RoutingRule, (session.tenant_id, rule_id))
    if rule is None:
        abort(404)
    return rule


def _back() -> ResponseReturnValue:
    return redirect(url_for("routing.show"), 303)


def _as_form(rule: RoutingRule) -> Form:
    goes_to = f"team:{rule.team_id}" if rule.team_id else f"member:{rule.member_id}"
    values = {"name": rule.name, "services": rule.services, "channels": rule.channels, "hours": rule.hours}
    values |= {"places": ", ".join(rule.places), "keywords": ", ".join(rule.keywords)}
    return Form(values | {"goes_to": goes_to, "active": rule.active})


def _page(form: Form, *, refused: dict[UUID, Form] | None = None, plan_form: Form | None = None) -> str:
    """`form` adds a rule; `refused` is the form of a rule that was not taken, by its id."""
    session = guard.tenant_session()
    plan, teams, people = places.plan_of(session), places.teams(session), members.members(session)
    rules = list(places.rules(session))
    usual = {name: getattr(plan, name) for name in ("otherwise", "escalate_minutes", "escalate_to", "questions_on")}
    usual |= {"most_questions": plan.most_questions, "team": plan.team_id}
    return render_template(
        "settings/routing.html",
        form=form,
        rules=rules,
        rule_forms={rule.id: _as_form(rule) for rule in rules} | (refused or {}),
        refused=refused or {},
        plan_form=plan_form or Form(usual),
        targets=_targets(teams, people),
        teams=teams,
        services=services(g.tenant.trade),
        channels=CHANNELS,
        hours=HOURS,
        minutes=MINUTES,
        otherwise=places.OTHERWISE,
        escalates_to=places.ESCALATES_TO,
    )


def _targets(teams: Any, people: Any) -> list[tuple[str, str]]:
    writers: list[Member] = [one for one in people if one.role in guard.WRITERS]
    found = [(f"team:{team.id}", f"Team {team.name}, in turn") for team in teams]
    return [("", "Choose …"), *found, *((f"member:{one.id}", one.name) for one in writers)]
