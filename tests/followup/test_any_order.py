"""Whatever the order of moments, replies, bookings, STOP, halts: no touch after a stop, and none twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update

from groundwork import clock
from groundwork.tables import Timer
from hallway.conversations import Conversation, Message, Task
from hallway.followup import Enrollment, EnrollmentStep, Moment, Sequence, SequenceVersion
from tests.followup.sequence import AGAIN, CALL, HELLO, Clock, at, begin, enrolled, make_sequence, stop, touches, work
from tests.inbound.door import text_in
from tests.makers import Business, World

DEEDS = st.lists(
    st.sampled_from(["moment", "reply", "booking", "takeover", "stop", "hours", "day", "halt", "work"]), max_size=12
)
ENDS = {"reply": "reply", "booking": "booking", "takeover": "takeover", "stop": "opt_out"}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_no_order_of_events_gives_a_touch_too_many(world: World, deeds: list[str]) -> None:
    plumber = world.plumber
    _begin_anew(plumber)
    make_sequence(plumber, HELLO, AGAIN, CALL)
    with at("2026-11-24T11:00:00-06:00") as now:
        stopped_at: datetime | None = None
        for n, deed in enumerate(["moment", *deeds]):
            if deed == "moment" and stopped_at:
                continue  # a new moment may begin anew, and that is another story
            if deed in ENDS:
                stopped_at = stopped_at or clock.now()
            _do(plumber, now, deed, n)
        now.jump(days=1)
        work(plumber)
        _look(plumber, stopped_at)


def _do(plumber: Business, now: Clock, deed: str, n: int) -> None:
    match deed:
        case "moment":
            begin(plumber, key=str(n))
        case "reply":
            text_in(plumber, "Thursday would be good")
        case "stop":
            text_in(plumber, "STOP")
        case "booking" | "takeover":
            stop(plumber, deed)
        case "hours":
            now.jump(hours=3)
            work(plumber)
        case "day" | "halt":
            now.jump(days=1 if deed == "day" else 3)
        case "work":
            work(plumber)
    now.jump(seconds=1)


def _look(plumber: Business, stopped_at: datetime | None) -> None:
    said = touches(plumber)
    steps = {one.id: one.enrollment_id for one in said}
    assert len(steps) == len(said)
    bodies = Counter((one.enrollment_id, one.body.split(" Reply STOP")[0]) for one in said)
    assert all(count == 1 for count in bodies.values())
    if stopped_at:
        assert all(one.at < stopped_at for one in said)
        assert {one.state for one in said} <= {"cancelled", "refused"}  # nobody delivered anything here
        assert "running" not in {one.state for one in enrolled(plumber)}


def _begin_anew(plumber: Business) -> None:
    with plumber.open() as session:
        session.execute(update(Message).values(retry_of=None))
        for table in (EnrollmentStep, Enrollment, SequenceVersion, Sequence, Moment, Timer, Task, Conversation):
            session.execute(delete(table))
