"""Rules, teams and the plan: read, kept, put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select

from groundwork.database import Json, ScopedSession, new_id
from hallway.routing.models import RoutingPlan, RoutingRule, Team, TeamMember
from tenants.models import Member

MOST_RULES, MOST_TEAMS = 50, 20
OTHERWISE = {"on_shift": "Everybody on shift, in turn", "team": "One team, in turn", "nobody": "Nobody in particular"}
ESCALATES_TO = {
    "next": "The next person on shift, then everybody, then on call",
    "everybody": "Everybody on shift, then on call",
    "on_call": "The on-call phones, paged until somebody takes it",
}


class RoutingError(ValueError):
    """A rule or team that cannot be kept; the message says why."""


def plan_of(session: ScopedSession) -> RoutingPlan:
    """The tenant's plan; the usual one, not stored, while nothing was changed."""
    usual: Json = {"otherwise": "on_shift", "escalate_minutes": 0, "escalate_to": "next"}
    usual |= {"questions_on": False, "most_questions": 2}
    return session.scalar(select(RoutingPlan)) or RoutingPlan(id=new_id(), **usual)


def change_plan(session: ScopedSession, values: Mapping[str, Any]) -> None:
    plan = plan_of(session)
    for name, value in values.items():
        setattr(plan, name, value)
    if plan.otherwise != "team":
        plan.team_id = None
    elif plan.team_id is None:
        raise RoutingError("Choose the team that gets the rest.")
    session.add(plan)
    session.flush()


def rules(session: ScopedSession) -> Sequence[RoutingRule]:
    """All rules, the first that is asked first."""
    return session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id)).all()


def keep_rule(session: ScopedSession, rule: RoutingRule | None, values: Mapping[str, Any]) -> RoutingRule:
    """Change a rule, or add one at the end. Raises RoutingError for one that leads nowhere."""
    if bool(values["team_id"]) == bool(values["member_id"]):
        raise RoutingError("Choose a member or a team.")
    if rule is None:
        all_of_them = rules(session)
        if len(all_of_them) >= MOST_RULES:
            raise RoutingError(f"There are {MOST_RULES} rules already. Remove one that no longer fits.")
        rule = RoutingRule(id=new_id(), position=max((one.position for one in all_of_them), default=-1) + 1)
    for name, value in values.items():
        setattr(rule, name, value)
    session.add(rule)
    session.flush()
    return rule


def move_rule(session: ScopedSession, rule: RoutingRule, steps: int) -> None:
    """Have a rule asked earlier (-1) or later (1); at either end it stays."""
    order = list(rules(session))
    place = order.index(rule)
    order.insert(max(0, min(len(order) - 1, place + steps)), order.pop(place))
    for position, each in enumerate(order):
        each.position = position
    session.flush()


def teams(session: ScopedSession) -> dict[Team, list[Member]]:
    """Every team with its present members, by name."""
    found: dict[Team, list[Member]] = {
        team: [] for team in session.scalars(select(Team).order_by(func.lower(Team.name)))
    }
    by_id = {team.id: team for team in found}
    here = (Member.id == TeamMember.member_id, Member.tenant_id == TeamMember.tenant_id, Member.removed_at.is_(None))
    for team_id, member in session.execute(
        select(TeamMember.team_id, Member).join(Member, here[0]).where(*here).order_by(func.lower(Member.name))
    ):
        found[by_id[team_id]].append(member)
    return found


def keep_team(session: ScopedSession, team: Team | None, name: str, member_ids: Sequence[UUID]) -> Team:
    """Change a team, or add one. Raises RoutingError for a name that is taken, or a team of nobody."""
    members = session.scalars(select(Member.id).where(Member.id.in_(member_ids), Member.removed_at.is_(None))).all()
    if not members:
        raise RoutingError("Choose at least one member.")
    same = select(Team.id).where(func.lower(Team.name) == name.lower())
    if session.scalar(same.where(Team.id != team.id) if team else same):
        raise RoutingError("Another team has this name.")
    if team is None and (session.scalar(select(func.count()).select_from(Team)) or 0) >= MOST_TEAMS:
        raise RoutingError(f"There are {MOST_TEAMS} teams already.")
    team = team or Team(id=new_id())
    team.name = name
    session.add(team)
    session.flush()
    session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
    session.add_all(TeamMember(team_id=team.id, member_id=member) for member in members)
    session.flush()
    return team


def remove_team(session: ScopedSession, team: Team) -> None:
    """Raises RoutingError while a rule or the plan still leads to it."""
    used = session.scalar(select(RoutingRule.name).where(RoutingRule.team_id == team.id).limit(1))
    if used or session.scalar(select(RoutingPlan.id).where(RoutingPlan.team_id == team.id)):
        raise RoutingError(f"{used or 'The rest of the leads'} still goes to this team. Change that first.")
    session.delete(team)
    session.flush()
