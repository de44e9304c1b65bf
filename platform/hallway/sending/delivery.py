"""Deliver what is due: claim, call the provider with no transaction open, record."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import UUID

from groundwork import clock, jobs, scope
from groundwork.database import open_session
from hallway.channels import CHANNELS, Answer, Later, Refused
from hallway.sending import at_once
from hallway.sending.claiming import BATCH, Work, claim
from hallway.sending.claims import START_WITHIN, Claimed
from hallway.sending.queueing import Lane
from hallway.sending.reconciling import reconcile
from hallway.sending.recording import Answered, record
from tenants import routing
from tenants.routing import CarrierLogin

AT_ONCE = 25
UNAUTHORIZED = "20003"  # https://www.twilio.com/docs/api/errors/20003
SLICE_SECONDS = 0.5  # after it, what is left goes to the back of the queue, behind other tenants


def send_at_once(hands: int) -> None:
    """Let this process send what it queues on the lane `now` itself, `hands` at a time, instead of waking a worker."""
    at_once.open_hands(
        lambda tenant_id, lease, claimed: _carry(tenant_id, routing.carrier_login_of(tenant_id), lease, claimed), hands
    )


def deliver(tenant_id: UUID, lane: Lane) -> int:
    """Send this tenant's due texts of one lane, a bounded slice of them; returns how many rows were taken up."""
    login = routing.carrier_login_of(tenant_id)
    taken, until = 0, time.monotonic() + SLICE_SECONDS
    while True:
        work = _batch(tenant_id, login, lane)
        taken += work.taken
        if work.taken < BATCH:
            return taken
        if time.monotonic() > until:
            jobs.ring_now(tenant_id, f"deliver:{lane}", lane)
            return taken


def _batch(tenant_id: UUID, login: CarrierLogin | None, lane: Lane) -> Work:
    with open_session(scope.tenant(tenant_id)) as session:
        work = claim(session, lane)
    if work.to_send:
        _carry(tenant_id, login, work.lease, work.to_send)
    if work.to_find:
        reconcile(tenant_id, login, work.to_find)
    return work


def _carry(tenant_id: UUID, login: CarrierLogin | None, lease: UUID, claimed: Sequence[Claimed]) -> None:
    answers = _send(login, claimed)
    with open_session(scope.tenant(tenant_id)) as session:
        record(session, lease, answers)


def _send(login: CarrierLogin | None, claimed: Sequence[Claimed]) -> list[Answered]:
    """Call the provider for each, several at once; a single one needs no thread."""
    if len(claimed) == 1:
        return [_send_one(login, claimed[0])]
    with ThreadPoolExecutor(min(AT_ONCE, len(claimed))) as threads:
        return list(threads.map(partial(_send_one, login), claimed))


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
