"""Where a person goes from here: the next step, another version of the sequence, or the end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from groundwork import clock, live
from groundwork.database import ScopedSession
from hallway.followup import inside, planning
from hallway.followup.reading import Going
from hallway.followup.steps import Step


def go_on(session: ScopedSession, going: Going, step: Step | None, since: datetime) -> None:
    """Arrange `step`, its wait counted from `since`; steps already done (in an earlier version) are passed over."""
    go_on_all(session, [(going, step, since)])


def go_on_all(session: ScopedSession, ways: Iterable[tuple[Going, Step | None, datetime]]) -> None:
    """The same for many people."""
    went = [_go_on(*way) for way in ways]
    inside.write(session, [going.enrollment for going, _ in went])
    planning.arrange_all(session, [(going.enrollment, step) for going, step in went if step])
    for going, _ in went:
        live.tell(session, "conversation", going.enrollment.conversation_id)


def _go_on(going: Going, step: Step | None, since: datetime) -> tuple[Going, Step | None]:
    while step and step.id in going.done:
        step = going.plan.after(step)
    one = going.enrollment
    if step is None:
        one.state, one.step, one.due_at, one.ended_at = "finished", None, None, clock.now()
    else:
        one.step, one.due_at = step.id, planning.due_in(step.wait, since, going.tenant, lambda: _zone(going))
    return going, step


def _zone(going: Going) -> ZoneInfo:
    return planning.zone_at(going.contact, going.phone, going.tenant)


def move(session: ScopedSession, going: Going) -> bool:
    """Bring a person into the version they have to be in. True when their present step is still theirs, and due now.

    They stay at the step they wait for if the new version has it, else at the first one after what was done.
    """
    one, plan = going.enrollment, going.plan
    one.version = going.newest
    step = plan.step(one.step) or _first_not_done(going)
    since = max(going.done.values(), default=one.started_at)
    before = one.step
    go_on(session, going, step, since)
    return one.step == before and one.due_at is not None and one.due_at <= clock.now()


def _first_not_done(going: Going) -> Step | None:
    done = [place for place, step in enumerate(going.plan.steps) if step.id in going.done]
    return next(iter(going.plan.steps[max(done, default=-1) + 1 :]), None)
