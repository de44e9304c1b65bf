"""Live pages: the hub hands each business its own events, and survives Redis going away."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from redis.asyncio import Redis

from blueprints_ui import live_hub
from blueprints_ui.live import tickets
from blueprints_ui.live_hub import MOST_WAITING, Hub
from groundwork import live
from groundwork.config import Settings
from groundwork.database import new_id, open_session
from groundwork.scope import tenant
from tests.makers import World
from tests.ui.visitor import Visitor

ALICE, CHARLIE = str(uuid4()), str(uuid4())


class Screen:
    """An open page: what it was sent, and the way to close it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.gone = asyncio.Event()
        self.arrived = asyncio.Event()

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: dict[str, Any]) -> None:
        self.sent.append(event)
        self.arrived.set()

    @property
    def text(self) -> str:
        return b"".join(event.get("body", b"") for event in self.sent).decode()

    async def reads(self, words: str) -> None:
        """Wait until `words` arrived. Fails after five seconds."""
        async with asyncio.timeout(5):
            while words not in self.text:
                self.arrived.clear()
                await self.arrived.wait()


@asynccontextmanager
async def opened(hub: Hub, ticket: str) -> AsyncIterator[Screen]:
    screen = Screen()
    scope = {"type": "http", "path": "/live", "query_string": f"ticket={ticket}".encode()}
    serving = asyncio.create_task(hub(scope, screen.receive, screen.send))
    try:
        yield screen
    finally:
        screen.gone.set()
        await asyncio.wait_for(serving, 5)


def run(settings: Settings, story: Callable[[Hub], Awaitable[None]], rest: object = None) -> None:
    """Tell a story of one hub, from the server's start to its end."""

    async def told() -> None:
        hub, ended = Hub(settings, rest), asyncio.Event()
        living = asyncio.create_task(hub({"type": "lifespan"}, _until(ended), _unheard))
        try:
            await story(hub)
        finally:
            ended.set()
            await asyncio.wait_for(living, 5)
        assert asyncio.all_tasks() == {asyncio.current_task()}, "the hub left something running"

    # In a thread of its own: a browser test before this one leaves its event loop running in the main thread.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, told()).result()


def _until(ended: asyncio.Event) -> Callable[[], Awaitable[dict[str, str]]]:
    async def receive() -> dict[str, str]:
        await ended.wait()
        return {"type": "lifespan.shutdown"}

    return receive


async def _unheard(_event: object) -> None:
    """The server's answer to the end of its life."""


def ticket_for(settings: Settings, tenant_id: str) -> str:
    return str(tickets(settings).dumps([tenant_id, "named"]))


async def publish(settings: Settings, tenant_id: str, event: dict[str, Any]) -> None:
    async with Redis.from_url(settings.redis_url) as client:
        await client.publish(live.channel(tenant_id), json.dumps(event))


def test_each_screen_hears_its_own_business_only(settings: Settings) -> None:
    async def story(hub: Hub) -> None:
        async with opened(hub, ticket_for(settings, ALICE)) as hers, opened(hub, ticket_for(settings, CHARLIE)) as his:
            await hers.reads("event: resync\ndata: {}\n\nevent: resync")  # greeted, then told that Redis listens
            await publish(settings, ALICE, {"topic": "conversation", "id": "1"})
            await publish(settings, CHARLIE, {"topic": "tasks", "id": None})
            await hers.reads('data: {"topic": "conversation", "id": "1"}')
            await his.reads('data: {"topic": "tasks"')
            assert "tasks" not in hers.text
            assert "conversation" not in his.text

    run(settings, story)


def test_a_screen_without_a_good_ticket_hears_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(hub: Hub) -> None:
        late = ticket_for(settings, ALICE)
        monkeypatch.setattr(live_hub, "TICKET_SECONDS", -1)
        for ticket in ("", "forged", late):
            async with opened(hub, ticket) as screen:
                await screen.reads("not good any more")
                assert screen.sent[0]["status"] == 403

    run(settings, story)


def test_after_redis_was_away_every_screen_is_told_to_fetch_again(settings: Settings) -> None:
    async def story(hub: Hub) -> None:
        async with opened(hub, ticket_for(settings, ALICE)) as screen:
            await screen.reads("event: resync\ndata: {}\n\nevent: resync")
            async with Redis.from_url(settings.redis_url) as client:
                await client.client_kill_filter(_type="pubsub")
            await screen.reads("event: resync\ndata: {}\n\nevent: resync\ndata: {}\n\nevent: resync")

    run(settings, story)


def test_a_screen_that_reads_too_slowly_is_told_to_fetch_again() -> None:
    queue: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
    for n in range(MOST_WAITING + 1):
        live_hub._put(queue, f"data: {n}\n\n".encode())
    assert queue.get_nowait() == b"event: resync\ndata: {}\n\n"
    assert queue.empty()


def test_a_closed_screen_is_forgotten(settings: Settings) -> None:
    async def story(hub: Hub) -> None:
        async with opened(hub, ticket_for(settings, ALICE)) as screen:
            await screen.reads("resync")
            assert hub._screens
        assert not hub._screens

    run(settings, story)


def test_a_hub_that_overhears_one_request_to_stop_ends_all_the_same(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def deaf(_hub: Hub) -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    async def story(hub: Hub) -> None:
        async with opened(hub, ticket_for(settings, ALICE)) as screen:
            await screen.reads("resync")

    monkeypatch.setattr(Hub, "_hear", deaf)
    run(settings, story)


def test_other_addresses_go_on_to_the_pages(settings: Settings) -> None:
    asked = []

    async def rest(scope: dict[str, Any], _receive: object, _send: object) -> None:
        asked.append(scope["path"])

    async def story(hub: Hub) -> None:
        screen = Screen()
        await hub({"type": "http", "path": "/inbox"}, screen.receive, screen.send)

    run(settings, story, rest)
    assert asked == ["/inbox"]


def test_a_page_gets_a_ticket_for_its_own_business(
    app: Flask, settings: Settings, world: World, alice: Visitor
) -> None:
    answer = alice.get("/live-ticket").get_json()
    assert tickets(settings).loads(answer["ticket"]) == [str(world.plumber.id), "named"]


def test_what_a_deed_tells_reaches_the_screen_after_the_commit(settings: Settings, world: World) -> None:
    async def story(hub: Hub) -> None:
        async with opened(hub, ticket_for(settings, str(world.plumber.id))) as screen:
            await screen.reads("event: resync\ndata: {}\n\nevent: resync")
            with open_session(tenant(world.plumber.id)) as session:
                live.tell(session, "conversation", world.plumber.id)
                await asyncio.sleep(0.1)
                assert "conversation" not in screen.text
            await screen.reads(f'"id": "{world.plumber.id}"')

    run(settings, story)


def test_of_a_crowd_screens_hear_once_that_they_should_look_again(settings: Settings, world: World) -> None:
    async def story(hub: Hub) -> None:
        async with opened(hub, ticket_for(settings, str(world.plumber.id))) as screen:
            await screen.reads("event: resync\ndata: {}\n\nevent: resync")
            with open_session(tenant(world.plumber.id)) as session:
                for _ in range(live.MOST_TOLD + 1):
                    live.tell(session, "conversation", new_id())
            await screen.reads('"topic": "resync"')
            assert "conversation" not in screen.text

    run(settings, story)
