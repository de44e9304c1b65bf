"""What a worker does for a business, and what its people then find on their phones and in the app."""

from __future__ import annotations

from sqlalchemy import select

from groundwork import timers
from hallway.conversations import Conversation, Message
from hallway.notices import Notice
from hallway.routing import Routed
from tests.makers import Business
from workers import jobs

QUEUES: tuple[timers.Queue, ...] = ("now", "soon")


def work(business: Business, times: int = 4) -> None:
    for _ in range(times):
        for queue in QUEUES:
            timers.run_due(business.id, jobs.TIMERS, queue)


def texts_to(business: Business, phone: str) -> list[str]:
    """Every text meant for a phone that was not refused, oldest first."""
    with business.open() as session:
        out = (Message.to_address == phone, Message.direction == "out", Message.state != "refused")
        return list(session.scalars(select(Message.body).where(*out).order_by(Message.at, Message.id)))


def notices_of(business: Business, event: str | None = None) -> list[Notice]:
    with business.open() as session:
        found = select(Notice).order_by(Notice.id)
        return list(session.scalars(found.where(Notice.event == event) if event else found))


def steps(business: Business) -> list[tuple[str, str]]:
    """(step, to whom) of everything routed, oldest first."""
    with business.open() as session:
        return [(row.step, row.to_name) for row in session.scalars(select(Routed).order_by(Routed.id))]


def conversations(business: Business) -> list[Conversation]:
    with business.open() as session:
        found = select(Conversation).where(Conversation.source != "staff").order_by(Conversation.id)
        return list(session.scalars(found))
