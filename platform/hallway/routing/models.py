"""Tables of routing: teams, turns, rules, and where each lead went and why."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from groundwork.database import Base, TenantOwned, belongs_to


class Team(TenantOwned, Base):
    """Members who share the leads of one kind."""

    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]


class TeamMember(TenantOwned, Base):
    """Who is in which team."""

    __tablename__ = "team_member"
    __table_args__ = (
        belongs_to("team", "team_id", ondelete="CASCADE"),
        belongs_to("member", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "team_id", "member_id"),
    )

    team_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]


class Turn(TenantOwned, Base):
    """The last turn a member had in a line: a team's id, or "everybody". The lowest number is served next."""

    __tablename__ = "turn"
    __table_args__ = (
        belongs_to("member", "member_id", ondelete="CASCADE"),
        UniqueConstraint("tenant_id", "line", "member_id"),
    )

    line: Mapped[str]
    member_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(BigInteger)


class RoutingRule(TenantOwned, Base):
    """One card of the list: every condition that says something has to hold; the first card that fits decides.

    `places` are ZIPs, beginnings of ZIPs, or names of cities; `hours` is any, open or closed.
    """

    __tablename__ = "routing_rule"
    __table_args__ = (
        belongs_to("team", "team_id", ondelete="CASCADE"),
        belongs_to("member", "member_id", ondelete="CASCADE"),
    )

    position: Mapped[int]
    name: Mapped[str]
    services: Mapped[list[Any]] = mapped_column(default=list)
    places: Mapped[list[Any]] = mapped_column(default=list)
    keywords: Mapped[list[Any]] = mapped_column(default=list)
    channels: Mapped[list[Any]] = mapped_column(default=list)
    hours: Mapped[str] = mapped_column(default="any")
    team_id: Mapped[uuid.UUID | None]
    member_id: Mapped[uuid.UUID | None]
    active: Mapped[bool] = mapped_column(default=True)


class RoutingPlan(TenantOwned, Base):
    """What holds beside the rules: who gets the rest, when it escalates, and whether missing context is asked for."""

    __tablename__ = "routing_plan"
    __table_args__ = (UniqueConstraint("tenant_id"), belongs_to("team", "team_id"))

    otherwise: Mapped[str] = mapped_column(default="on_shift")  # on_shift, team, nobody
    team_id: Mapped[uuid.UUID | None]
    escalate_minutes: Mapped[int] = mapped_column(default=0)  # 0: never
    escalate_to: Mapped[str] = mapped_column(default="next")  # next, everybody, on_call: where it begins
    questions_on: Mapped[bool] = mapped_column(default=False)
    most_questions: Mapped[int] = mapped_column(default=2)


class Routed(TenantOwned, Base):
    """Where a lead went and why. `step` is lead, again, or how it escalated: next, everybody, on_call."""

    __tablename__ = "routed"
    __table_args__ = (
        belongs_to("conversation", "conversation_id", ondelete="CASCADE"),
        belongs_to("lead", "lead_id", ondelete="CASCADE"),
        belongs_to("member", "member_id"),
        Index("ix_routed_tenant_id_conversation_id", "tenant_id", "conversation_id", "id"),
        Index("ix_routed_lead", "tenant_id", "lead_id", unique=True, postgresql_where=text("step = 'lead'")),
    )

    conversation_id: Mapped[uuid.UUID]
    lead_id: Mapped[uuid.UUID | None]
    step: Mapped[str]
    rule_name: Mapped[str | None]
    member_id: Mapped[uuid.UUID | None]
    to_name: Mapped[str]
    why: Mapped[str]
