"""Workers carry a push to its clients, and back: a timer in each client, so a kill anywhere leaves the others due."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import structlog

from groundwork import scope
from groundwork.database import ScopedSession, open_session
from groundwork.tables import Timer
from hallway.agencies import applying
from hallway.agencies.applying import TakeBackError
from hallway.agencies.models import PlaybookPush
from tenants import agencies
from tenants.signin import SignedIn

Deed = Callable[[PlaybookPush, UUID, SignedIn], object]
GiveUp = Callable[[PlaybookPush, UUID, str], None]
TRIES = 3
NO_RIGHT = "Whoever pushed it may not change this account any more."
WENT_WRONG = "Something went wrong here, and nothing was changed. Try it again."
NOT_BACK = "Something went wrong here, and it is in force still. Take it back again."
log = structlog.get_logger(__name__)


def take(_session: ScopedSession, timer: Timer) -> None:
    """Handler of `take_piece`: bring the push into force here, once. After some tries in vain it says so."""
    _carry(timer, "on_way", applying.apply, applying.fail, WENT_WRONG)


def give_back(_session: ScopedSession, timer: Timer) -> None:
    """Handler of `give_piece_back`: what stood here before is in force again, or it is said why not."""
    _carry(timer, "going_back", applying.take_back, applying.keep, NOT_BACK)


def _carry(timer: Timer, whose: str, deed: Deed, give_up: GiveUp, words: str) -> None:
    with open_session(scope.SYSTEM) as system:
        # Held until it is done: whoever takes it back from all meanwhile waits, and then sees this client too.
        push = system.get(PlaybookPush, UUID(timer.key), with_for_update={"read": True})
        if push is None or str(timer.tenant_id) not in getattr(push, whose):
            return
        who = agencies.deputy(system, push.agency_id, UUID(timer.payload["by"]), timer.tenant_id)
        if who is None:
            give_up(push, timer.tenant_id, NO_RIGHT)
            return
        try:
            deed(push, timer.tenant_id, who)
        except TakeBackError as error:
            give_up(push, timer.tenant_id, str(error))
        except Exception:
            if timer.attempts < TRIES:
                raise
            log.exception("a push failed at a client", push=timer.key)
            give_up(push, timer.tenant_id, words)
