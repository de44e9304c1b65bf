"""Where a lead would go: the rule, the line, and who of it is on shift. Decides and changes nothing but a turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from groundwork import clock
from groundwork.database import ScopedSession
from hallway.conversations import Conversation, Message
from hallway.leads import Lead, LeadField
from hallway.routing import places, turns
from hallway.routing.models import TeamMember
from hallway.routing.rules import Rule, Traits, choose
from tenants import hours, shifts
from tenants.models import Member, Tenant

MOST_WORDS = 20  # of their latest texts
SOURCES = {"missed_call": "call", "call": "call", "voicemail": "call", "text": "sms", "api": "form"}
Turns = Callable[[ScopedSession, str, Sequence[UUID]], UUID | None]


@dataclass(frozen=True)
class Decided:
    """Who gets it and why. `member` is None when it is put before everybody in `others`, who are on shift.

    `by_default` says that no rule fitted.
    """

    member: Member | None
    others: tuple[Member, ...]
    to_name: str
    why: str
    rule_name: str | None
    line: str

    @property
    def by_default(self) -> bool:
        return self.rule_name is None


def decide(session: ScopedSession, traits: Traits, turn: Turns = turns.take) -> Decided:
    """Where a lead with these traits goes now. With `turns.peek` nobody's turn is taken."""
    fit = choose(places.rules(session), traits)
    if fit is None:
        return _otherwise(session, turn)
    if fit.rule.member_id:
        return _to_member(session, fit.rule, fit.why)
    return _to_line(session, turn, fit.rule.team_id, fit.why, fit.rule.name)


def traits_of(session: ScopedSession, conversation: Conversation, lead: Lead | None) -> Traits:
    """What is known of a lead now."""
    fields = select(LeadField).where(LeadField.lead_id == lead.id) if lead else None
    known = {field.name: field.value for field in session.scalars(fields)} if fields is not None else {}
    theirs = (Message.conversation_id == conversation.id, Message.direction == "in", Message.kind == "inbound")
    said = session.scalars(select(Message.body).where(*theirs).order_by(Message.at.desc()).limit(MOST_WORDS))
    business = session.get_one(Tenant, session.tenant_id)
    return Traits(
        channel=SOURCES.get(lead.source, lead.source) if lead else "sms",
        service=known.get("service") or None,
        zip=known.get("zip") or None,
        address=known.get("address") or None,
        words="\n".join(said),
        opened=hours.situation(business, clock.now()) in ("open", "busy"),
    )


def on_shift(session: ScopedSession, team_id: UUID | None = None) -> list[Member]:
    """Who of a team, or of all, is on shift now."""
    business = session.get_one(Tenant, session.tenant_id)
    working = shifts.on_shift(session, business, clock.now())
    if team_id is None:
        return working
    inside = set(session.scalars(select(TeamMember.member_id).where(TeamMember.team_id == team_id)))
    return [member for member in working if member.id in inside]


def _otherwise(session: ScopedSession, turn: Turns) -> Decided:
    plan = places.plan_of(session)
    if plan.otherwise == "nobody":
        working = tuple(on_shift(session))
        return Decided(None, working, "Everybody on shift", "No rule fits, and the rest is nobody's own", None, "")
    return _to_line(session, turn, plan.team_id, "No rule fits", None)


def _to_member(session: ScopedSession, rule: Rule, why: str) -> Decided:
    member = session.get(Member, (session.tenant_id, rule.member_id))
    if member is None or member.removed_at:
        working = tuple(on_shift(session))
        gone = f"{why}; but that person no longer works here"
        return Decided(None, working, "Everybody on shift", gone, rule.name, turns.EVERYBODY)
    return Decided(member, (), member.name, why, rule.name, turns.EVERYBODY)


def _to_line(session: ScopedSession, turn: Turns, team_id: UUID | None, why: str, rule_name: str | None) -> Decided:
    line = str(team_id) if team_id else turns.EVERYBODY
    name = _team_name(session, team_id)
    working = on_shift(session, team_id)
    chosen = turn(session, line, [member.id for member in working])
    member = next((one for one in working if one.id == chosen), None)
    if member is None:
        return Decided(None, (), name, f"{why}; nobody of {name} is on shift", rule_name, line)
    told = f"{why}; next in turn of {name}" if len(working) > 1 else f"{why}; on shift for {name}"
    return Decided(member, (), member.name, told, rule_name, line)


def _team_name(session: ScopedSession, team_id: UUID | None) -> str:
    if team_id is None:
        return "everybody"
    return next((team.name for team in places.teams(session) if team.id == team_id), "a team")
