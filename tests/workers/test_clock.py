"""The clock rings for what is due, repairs what Redis lost, and does the work itself when there is no Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from redis import ConnectionError as RedisConnectionError
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import select, text

from groundwork import clock, config, intake, jobs, redis, scope, timers
from groundwork.database import new_id, open_session
from groundwork.tables import InboundEvent, Timer
from hallway.conversations import Message
from tests.makers import Business, World, make_conversation
from workers import clock as ticking
from workers import due
from workers import jobs as tables


def waiting(settings: config.Settings, name: str = "now") -> list[tuple[str, str]]:
    """The bells in a queue: (tenant, kind)."""
    with Redis.from_url(settings.redis_url) as client:
        queue = Queue(name, connection=client, serializer=JSONSerializer)
        return [(str(job.args[0]), str(job.args[1])) for job in queue.jobs]


def set_timer(business: Business, **columns: object) -> None:
    now = clock.now()
    known: dict[str, Any] = {"kind": "lookup_caller", "key": "x", "due_at": now, "payload": {"address": "+15125550148"}}
    with business.open() as session:
        session.add(Timer(**{**known, "state": "ready", **columns}))


def test_each_tenant_with_something_due_is_rung_for_once(world: World, clean: config.Settings) -> None:
    set_timer(world.plumber)
    set_timer(world.plumber, key="y")
    set_timer(world.charlie)
    assert ticking.tick() == 2
    ticking.tick()
    assert sorted(waiting(clean)) == sorted([(str(world.plumber.id), "timers"), (str(world.charlie.id), "timers")])


@pytest.mark.parametrize(
    "columns",
    [
        {"due_at": timedelta(hours=1)},
        {"state": "done"},
        {"lease_until": timedelta(minutes=1)},
    ],
)
def test_what_is_not_due_done_or_in_somebody_s_hands_is_not_rung_for(
    world: World, clean: config.Settings, columns: dict[str, object]
) -> None:
    from_now = {name: clock.now() + value for name, value in columns.items() if isinstance(value, timedelta)}
    set_timer(world.plumber, **{**columns, **from_now})
    assert ticking.tick() == 0
    assert waiting(clean) == []


def test_bells_lost_with_redis_are_rung_again(world: World, clean: config.Settings) -> None:
    with world.plumber.open() as session:
        intake.store(session, "twilio", "text_in", "one", {"MessageSid": "SM1"})
    assert waiting(clean) == [(str(world.plumber.id), "events")]
    redis.client().flushall()
    assert waiting(clean) == []
    ticking.tick()
    assert waiting(clean) == [(str(world.plumber.id), "events")]


def test_a_bell_waits_in_line_once_however_long_the_line_is(world: World, clean: config.Settings) -> None:
    set_timer(world.plumber)
    set_timer(world.charlie)
    for _ in range(3):
        ticking.tick()
        for key in redis.client().keys("bell:*"):  # the clock may ring again
            redis.client().delete(key)
    assert len(waiting(clean)) == 2


def test_waiting_messages_are_rung_for_by_lane(world: World, clean: config.Settings) -> None:
    with world.plumber.open() as session:
        conversation = make_conversation(session)
        for lane, state in (("now", "queued"), ("bulk", "held"), ("soon", "delivered")):
            session.add(
                Message(conversation_id=conversation.id, at=clock.now(), direction="out", kind="person", lane=lane,
                        purpose="reply", state=state, to_address="+15125550148", body="Hi", due_at=clock.now())
            )  # fmt: skip
    assert ticking.tick() == 2
    assert waiting(clean, "now") == [(str(world.plumber.id), "deliver:now")]
    assert waiting(clean, "bulk") == [(str(world.plumber.id), "deliver:bulk")]
    assert waiting(clean, "soon") == []


def test_without_redis_the_clock_does_the_work_itself(
    world: World, clean: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    class Gone:
        def __getattr__(self, _name: str) -> object:
            raise RedisConnectionError("gone")

    monkeypatch.setattr(redis, "client", Gone)
    monkeypatch.setattr(tables, "TIMERS", {"lookup_caller": lambda _session, timer: done.append(timer.key)})
    set_timer(world.plumber)
    ticking.tick()
    assert done == ["x"]
    assert (clean.var / "clock.alive").exists()


def test_the_clock_says_that_it_is_alive(clean: config.Settings) -> None:
    ticking.tick()
    assert redis.client().get(ticking.ALIVE_KEY)
    assert 0 < redis.client().ttl(ticking.ALIVE_KEY) <= ticking.ALIVE_SECONDS


def test_one_tenant_s_fault_does_not_stop_the_others(
    world: World, clean: config.Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def answer(tenant_id: str, _kind: str) -> None:
        seen.append(tenant_id)
        raise RuntimeError("broken")

    monkeypatch.setattr(jobs, "ring_now", lambda *_: False)
    monkeypatch.setattr(tables, "answer", answer)
    set_timer(world.plumber)
    set_timer(world.charlie)
    ticking.tick()
    assert len(seen) == 2


def test_every_kind_of_event_and_timer_the_product_makes_has_a_handler(world: World) -> None:
    assert {"text_in", "text_status", "recording", "transcription"} <= set(tables.EVENTS)
    assert set(tables.BELLS) >= {"events", "timers", "deliver:now", "deliver:soon", "deliver:bulk"}
    for kind in tables.TIMERS:
        assert callable(tables.TIMERS[kind])
    assert timers.BATCH > 0


def test_a_full_slice_of_timers_rings_for_the_rest(world: World, clean: config.Settings) -> None:
    for _ in range(timers.BATCH + 1):
        set_timer(world.plumber, kind="page_on_call", key=str(new_id()))  # nobody's alarm: done at once
    tables.answer(str(world.plumber.id), "timers")
    assert waiting(clean) == [(str(world.plumber.id), "timers")]


def test_an_event_nobody_handles_is_kept_and_told(world: World) -> None:
    with world.plumber.open() as session:
        intake.store(session, "twilio", "recording", "early", {"CallSid": "CA-unknown", "RecordingSid": "RE1",
                                                               "RecordingDuration": "5"})  # fmt: skip
    tables.answer(str(world.plumber.id), "events")
    with world.plumber.open() as session:
        event = session.scalars(select(InboundEvent)).one()
    assert (event.state, event.attempts) == ("new", 1)
    assert "UnknownCallError" in (event.error or "")


def test_a_crowd_of_due_rows_is_not_read_to_find_who_waits(world: World) -> None:
    with world.plumber.open() as session:
        now = clock.now()
        for n in range(3000):
            key, early = str(n), now - timedelta(seconds=n)
            session.add(Timer(kind="lookup_caller", key=key, queue="soon", due_at=early, state="ready"))
    set_timer(world.charlie)
    asked = {"now": clock.now(), "real": clock.real(), "most": due.MOST_TENANTS}
    with open_session(scope.SYSTEM) as session:
        session.execute(text("analyze timer"))
        plan = session.scalar(text("explain (analyze, format json) " + due.TIMERS.text), asked)
        assert set(due.bells(session)) == {(world.plumber.id, "timers:soon"), (world.charlie.id, "timers")}
    assert plan is not None
    assert max(rows_read(plan[0]["Plan"])) < 50


def rows_read(node: dict[str, Any]) -> Iterator[float]:
    """Rows that each step of a plan had to look at, in all its rounds."""
    yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for child in node.get("Plans", []):
        yield from rows_read(child)
