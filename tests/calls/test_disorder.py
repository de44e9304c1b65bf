"""News of a call comes late, doubled and out of order: the call ends the same, and nobody is texted twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hallway.calls import Call
from hallway.conversations import Message
from tests.calls.conftest import WORKDAY
from tests.calls.door import Door, Ringing, run_events, sid
from tests.makers import Business, make_contact

SETTINGS = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


AREAS = ("737", "210", "214", "281", "325", "361", "409", "432", "469", "682", "713")
CALLERS = (f"+1{area}55501{number:02d}" for area in AREAS for number in range(100))


@dataclass
class News:
    """One request the carrier makes; `follows` is an earlier one that must have been answered before it exists."""

    name: str
    path: str
    params: dict[str, str]
    follows: tuple[str, ...] = ()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def new_caller(business: Business) -> str:
    """Somebody who never called before, with a mobile: nothing said earlier keeps a text away."""
    caller = next(CALLERS)
    with business.open() as session:
        make_contact(session, "Somebody", caller, line_type="mobile", line_checked_at=WORKDAY)
    return caller


def ring_the_cell(door: Door) -> tuple[Ringing, dict[str, str]]:
    ringing = Ringing(door, new_caller(door.business))
    ringing.arrive()
    dial = ringing.dial()
    base = f"/hooks/twilio/{door.business.account}"
    number = dial.findall("Number")[0]
    paths = {"dial": path_of(dial.attrib["action"]), "screen": path_of(number.attrib["url"])}
    paths["press"] = paths["screen"].replace("/screen?", "/screen-result?")
    return ringing, paths | {name: f"{base}/{name}" for name in ("call-status", "recording", "transcription")}


def news_of(ringing: Ringing, paths: dict[str, str], *, leg: str) -> Callable[..., News]:
    def make(name: str, follows: tuple[str, ...] = (), **params: str) -> News:
        told = ringing.params("in-progress", **params)
        if name in ("screen", "press"):
            told |= {"CallSid": leg, "ParentCallSid": ringing.sid}
        return News(name, paths[name], told, follows)

    return make


def answered(door: Door) -> tuple[Ringing, list[News]]:
    ringing, paths = ring_the_cell(door)
    leg = sid("CA")
    make = news_of(ringing, paths, leg=leg)
    bridged = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallSid": leg, "DialCallDuration": "75"}
    return ringing, [
        make("screen"),
        make("press", ("screen",), Digits="1"),
        make("dial", ("press",), **bridged),
        make("call-status", ("press",), CallStatus="completed", CallDuration="80"),
    ]


def taken_by_voicemail(door: Door) -> tuple[Ringing, list[News]]:
    ringing, paths = ring_the_cell(door)
    leg, recording = sid("CA"), sid("RE")
    make = news_of(ringing, paths, leg=leg)
    kept = {"RecordingSid": recording, "RecordingUrl": f"https://api.twilio.com/{recording}"}
    spoken = {"TranscriptionSid": sid("TR"), "TranscriptionText": "Call me", "TranscriptionStatus": "completed"}
    return ringing, [
        make("screen"),
        make("dial", ("screen",), DialCallStatus="completed", DialBridged="false", DialCallSid=leg),
        make("recording", (), RecordingStatus="completed", RecordingDuration="12", **kept),
        make("transcription", (), **spoken),
        make("call-status", (), CallStatus="completed", CallDuration="40"),
    ]  # fmt: skip


def hung_up(door: Door) -> tuple[Ringing, list[News]]:
    ringing, paths = ring_the_cell(door)
    make = news_of(ringing, paths, leg=sid("CA"))
    return ringing, [
        make("dial", (), CallStatus="completed", DialCallStatus="canceled", DialBridged="false"),
        make("call-status", (), CallStatus="completed", CallDuration="0"),
    ]


EXPECTED: dict[Any, dict[str, object]] = {
    answered: {"outcome": "answered", "missed_reason": None, "duration": 75, "text_back": None},
    taken_by_voicemail: {"outcome": "missed", "missed_reason": "not_accepted", "duration": None, "text_back": "sent"},
    hung_up: {"outcome": "missed", "missed_reason": "caller_hung_up", "duration": None, "text_back": "sent"},
}


def shuffled(data: st.DataObject, news: list[News]) -> list[News]:
    """Any order in which the carrier could tell these, each up to three times, a repeat never before the first."""
    waiting = [one for one in news for _ in range(data.draw(st.integers(1, 3)))]
    told: list[News] = []
    while waiting:
        names = {one.name for one in told}
        possible = [one for one in waiting if names.issuperset(one.follows)]
        told.append(data.draw(st.sampled_from(possible)))
        waiting.remove(told[-1])
    return told


def tell(door: Door, news: list[News]) -> dict[str, set[str]]:
    """Every answer that each piece of news got, over all its repeats."""
    answers: dict[str, set[str]] = {}
    for one in news:
        answer = door.post_to(one.path, one.params)
        assert answer.status_code == 200, answer.text
        answers.setdefault(one.name, set()).add(answer.text)
        run_events(door.business)
    return answers


def texts_for(business: Business, call: Call) -> int:
    with business.open() as session:
        mine = (Message.call_id == call.id, Message.kind == "text_back")
        return session.scalar(select(func.count()).select_from(Message).where(*mine)) or 0


def call_of(ringing: Ringing) -> Call:
    with ringing.door.business.open() as session:
        return session.scalars(select(Call).where(Call.provider_sid == ringing.sid)).one()


@pytest.mark.parametrize("story", list(EXPECTED), ids=lambda story: story.__name__)
def test_every_order_the_carrier_could_tell_it_in_ends_the_same(door: Door, story: Any) -> None:
    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        ringing, news = story(door)
        answers = tell(door, shuffled(data, news))

        call = call_of(ringing)
        assert {name: getattr(call, name) for name in EXPECTED[story]} == EXPECTED[story]
        assert (call.state, call.ended_at is not None) == ("ended", True)
        assert (call.answered_by is not None) == (call.outcome == "answered")
        assert texts_for(door.business, call) == (call.outcome == "missed")
        assert all(len(documents) == 1 for documents in answers.values())

    check()


@pytest.mark.parametrize("story", list(EXPECTED), ids=lambda story: story.__name__)
def test_even_an_impossible_order_decides_once_and_texts_at_most_once(door: Door, story: Any) -> None:
    @SETTINGS
    @given(st.data())
    def check(data: st.DataObject) -> None:
        ringing, news = story(door)
        tell(door, data.draw(st.permutations(news + news)))

        call = call_of(ringing)
        assert call.outcome in ("answered", "missed")
        assert call.state == "ended"
        assert texts_for(door.business, call) == (call.outcome == "missed")

    check()
