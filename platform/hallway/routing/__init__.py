"""Routing: which member a lead goes to and why, and what happens when nobody answers."""

from hallway.routing.assigning import route, route_when_due, routed
from hallway.routing.escalation import escalate
from hallway.routing.models import Routed, RoutingPlan, RoutingRule, Team, TeamMember, Turn

__all__ = [
    "Routed",
    "RoutingPlan",
    "RoutingRule",
    "Team",
    "TeamMember",
    "Turn",
    "escalate",
    "route",
    "route_when_due",
    "routed",
]
