"""The states of an outbound text, and which may follow which. News comes late, twice and in any order."""

from __future__ import annotations

# How far along each state is (Twilio's callbacks: accepted < queued < sending < sent < delivered and the like).
RANK = {
    "held": 0,
    "queued": 0,
    "claimed": 1,
    "unknown": 2,
    "expired": 3,
    "accepted": 4,
    "sent": 5,
    "delivered": 6,
    "undelivered": 6,
    "failed": 6,
    "cancelled": 6,
    "refused": 6,
}
SETTLED = frozenset({"delivered", "undelivered", "failed", "expired", "cancelled", "refused"})
WAITING = frozenset({"held", "queued"})
UNDER_WAY = frozenset({"held", "queued", "claimed", "unknown", "accepted", "sent"})
FAILED = frozenset({"failed", "undelivered", "expired", "refused"})

# The provider's words for a message's status: https://www.twilio.com/docs/messaging/api/message-resource
FROM_PROVIDER = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "partially_delivered": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "cancelled",
}


def may_follow(present: str, news: str) -> bool:
    """Whether the provider's news moves a text on: only further along, and what is settled stays settled.

    Even a text that we believed not sent (queued again, expired) moves on: the provider knows better.
    """
    return RANK[news] > RANK[present]
