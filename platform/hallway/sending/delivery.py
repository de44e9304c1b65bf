"""Deliver what is due: claim, call the provider with no transaction open, record."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import structlog

from groundwork import clock, jobs, scope
from groundwork.database import open_session
from hallway.channels import CHANNELS, Answer, Later, Refused
from hallway.sending import at_once
from hallway.sending.claiming import Work, claim
from hallway.sending.claims import START_WITHIN, Claimed
from hallway.sending.drafts import Lane
from hallway.sending.reconciling import reconcile
from hallway.sending.recording import Answered, record
from tenants import routing
from tenants.routing import CarrierLogin

AT_ONCE = 64  # calls of one worker
AHEAD = 3  # batches under way while the next one is claimed, so that no connection waits for the database
UNAUTHORIZED = "20003"  # https://www.twilio.com/docs/api/errors/20003
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class UnderWay:
    """A claimed batch whose calls were begun."""

    work: Work
    answers: Sequence[Future[Answered]]


def send_at_once(hands: int) -> None:
    """Let this process send what it queues on the lane `now` itself, `hands` at a time, instead of waking a worker."""
    at_once.open_hands(
        lambda tenant_id, lease, claimed: _carry(tenant_id, routing.carrier_login_of(tenant_id), lease, claimed), hands
    )


def deliver(tenant_id: UUID, lane: Lane) -> int:
    """Send this tenant's due texts of one lane, a bounded slice of them; returns how many rows were taken up."""
    login, turn = routing.carrier_login_of(tenant_id), jobs.Turn(tenant_id, f"deliver:{lane}", lane)
    under_way: deque[UnderWay] = deque()
    taken, more = 0, True
    try:
        while more:
            work = _claim(tenant_id, lane)
            under_way.append(_begin(login, work))
            taken, more = taken + work.taken, work.more
            if more and turn.over():
                jobs.ring_now(tenant_id, f"deliver:{lane}", lane)
                break
            if len(under_way) >= AHEAD:
                _finish(tenant_id, login, under_way.popleft())
    finally:
        # Also when the next claim failed: what was begun is answered for.
        while under_way:
            _finish(tenant_id, login, under_way.popleft())
    return taken


def _claim(tenant_id: UUID, lane: Lane) -> Work:
    with open_session(scope.tenant(tenant_id)) as session:
        return claim(session, lane)


def _begin(login: CarrierLogin | None, work: Work) -> UnderWay:
    return UnderWay(work, [_threads().submit(_send_one, login, one) for one in work.to_send])


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="deliver")


def _finish(tenant_id: UUID, login: CarrierLogin | None, begun: UnderWay) -> None:
    if begun.answers:
        _record(tenant_id, begun.work.lease, [one.result() for one in begun.answers])
    if begun.work.to_find:
        reconcile(tenant_id, login, begun.work.to_find)


def _carry(tenant_id: UUID, login: CarrierLogin | None, lease: UUID, claimed: Sequence[Claimed]) -> None:
    _record(tenant_id, lease, [_send_one(login, one) for one in claimed])


def _record(tenant_id: UUID, lease: UUID, answers: Sequence[Answered]) -> None:
    with open_session(scope.tenant(tenant_id)) as session:
        record(session, lease, answers)


def _send_one(login: CarrierLogin | None, claimed: Claimed) -> Answered:
    return Answered(claimed, _answer(login, claimed), clock.now())


def _answer(login: CarrierLogin | None, claimed: Claimed) -> Answer:
    if claimed.claimed_at < clock.ago(START_WITHIN):
        # Somebody may already be finding out about it; a call now could be a second text.
        return Later("It waited too long for its turn.")
    answer = CHANNELS[claimed.channel].send(login, claimed.outgoing)
    if login and isinstance(answer, Refused) and answer.code == UNAUTHORIZED and routing.was_renewed(login):
        return Later("The token of the carrier account was renewed.")
    return answer
