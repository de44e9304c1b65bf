"""Texts that leave from the process that decided them: no bell, no second transaction between a hang-up and its text.

A text taken here is written down as claimed in the very transaction in which the gate allowed it, so one asking of the
gate is both the queue's and the claim's. A process that dies after the commit leaves a claim whose lease runs out, like
any other; a process with all hands full leaves the text to the workers.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Lock
from uuid import UUID

import structlog

from groundwork.database import Json, ScopedSession, new_id
from hallway.sending.claims import LEASE, Claimed, outgoing

Carry = Callable[[UUID, UUID, list[Claimed]], object]
IN_HAND = 1  # what comes on top is better off with the workers
log = structlog.get_logger(__name__)


class _Hands:
    """Threads that call the provider and record its answer."""

    def __init__(self, carry: Carry, count: int) -> None:
        self._carry, self._most = carry, count * IN_HAND
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="at-once")
        self._busy, self._lock = 0, Lock()

    @property
    def free(self) -> bool:
        return self._busy < self._most

    def close(self) -> None:
        self._threads.shutdown(wait=True)

    def give(self, tenant_id: UUID, lease: UUID, claimed: Claimed) -> None:
        try:
            self._threads.submit(self._do, tenant_id, lease, claimed)
        except RuntimeError:
            # The process is stopping. What was committed stands, and the claim is looked after when its lease ends.
            log.warning("a text is left to the workers", message_id=str(claimed.outgoing.id))
            return
        with self._lock:
            self._busy += 1

    def _do(self, tenant_id: UUID, lease: UUID, claimed: Claimed) -> None:
        try:
            self._carry(tenant_id, lease, [claimed])
        except Exception:
            # The provider may have it, and its answer is lost: the lease runs out and somebody finds out.
            log.exception("the answer to a text is lost", message_id=str(claimed.outgoing.id))
        finally:
            with self._lock:
                self._busy -= 1


_hands: list[_Hands] = []  # none, or one


def open_hands(carry: Carry, count: int) -> None:
    """Let this process send `count` texts at a time itself, by `carry(tenant_id, lease, claimed)`."""
    _hands[:] = [_Hands(carry, count)]


def close_hands() -> None:
    """Let what is in hand finish; from here on the workers send everything."""
    while _hands:
        _hands.pop().close()


def claim(session: ScopedSession, row: Json, send_by: datetime | None) -> Json:
    """What makes the allowed text `row` ours to send once `session` commits; nothing when a worker has to do it."""
    if not (_hands and _hands[0].free):
        return {}
    lease, now = new_id(), row["at"]
    claimed = Claimed(outgoing(row, row["body"], send_by, now), now, attempts=1)
    session.after_commit(partial(_hands[0].give, session.tenant_id, lease, claimed), first=True)
    return {"state": "claimed", "lease": lease, "claimed_at": now, "attempts": 1, "due_at": now + LEASE}
