"""Whose turn it is, when many leads come at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from hallway.routing import turns
from tests import makers
from tests.makers import Business, World

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def world() -> World:
    return makers.make_world()


def crew(business: Business) -> list[UUID]:
    people = [
        makers.make_member(business, f"{name} Ruiz", email=f"{name}@{business.slug}.com") for name in ("Al", "Bo")
    ]
    owner = business.people["owner"].member
    return [one.member for one in people if one.member] + ([owner] if owner else [])


def take(business: Business, among: list[UUID], line: str = turns.EVERYBODY) -> UUID | None:
    with business.open() as session:
        return turns.take(session, line, among)


def test_thirty_leads_at_once_are_ten_each_in_both_businesses(world: World) -> None:
    mine, theirs = crew(world.plumber), crew(world.charlie)
    asked = [(world.plumber, mine), (world.charlie, theirs)] * 30
    with ThreadPoolExecutor(12) as threads:
        served = Counter(threads.map(lambda one: take(*one), asked))
    assert served == dict.fromkeys(mine + theirs, 10)


def test_whoever_comes_back_on_shift_is_next_once_and_saves_no_turns_up(world: World) -> None:
    al, bo, alice = crew(world.plumber)
    for _ in range(4):
        take(world.plumber, [al, bo])
    first = [take(world.plumber, [al, bo, alice]) for _ in range(4)]
    assert first[0] == alice
    assert Counter(first[1:]) == {al: 1, bo: 1, alice: 1}


def test_a_peek_takes_no_turn_and_an_empty_line_serves_nobody(world: World) -> None:
    among = crew(world.plumber)
    with world.plumber.open() as session:
        seen = [turns.peek(session, "team", among) for _ in range(3)]
        assert len(set(seen)) == 1
        assert turns.take(session, "team", among) == seen[0]
        assert turns.take(session, "team", []) is None
