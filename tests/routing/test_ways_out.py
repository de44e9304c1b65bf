"""The ways a notice takes: Slack and web push at addresses that people gave us, and a text when nobody looks."""

from __future__ import annotations

import base64
import json
import socket
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from groundwork import outward
from hallway import notices
from hallway.conversations import Task
from hallway.notices import EVENTS, NoticeDelivery, PushDevice, plans, slack, web_push
from tests import makers
from tests.inbound.door import text_in
from tests.makers import DANA, Business, World
from tests.routing.conftest import WORKDAY
from tests.routing.door import notices_of, texts_to, work
from tests.routing.elsewhere import Browser, Elsewhere, elsewhere

__all__ = ["elsewhere"]


@pytest.fixture
def plumber(world: World) -> Business:
    return world.plumber


WRONG_KEYS = {"endpoint": "https://a.example", "keys": {"p256dh": "AA", "auth": "AA"}}


def owner(business: Business) -> UUID:
    found = business.people["owner"].member
    assert found
    return found


def take_push(business: Business, browser: Browser) -> None:
    with business.open() as session:
        web_push.subscribe(session, owner(business), browser.given, "Safari on iPhone")


def deliveries(business: Business) -> list[tuple[str, str]]:
    with business.open() as session:
        return [(row.way, row.state) for row in session.scalars(select(NoticeDelivery).order_by(NoticeDelivery.id))]


def connect(business: Business, url: str) -> None:
    with business.open() as session:
        slack.connect(session, url, "#leads", ["new_lead"])


def test_slack_is_told_and_nobody_can_ring_the_whole_channel(plumber: Business, elsewhere: Elsewhere) -> None:
    connect(plumber, f"{elsewhere.url}/services/T1/B1/secret")
    with plumber.open() as session:
        talk = makers.make_conversation(session)
        notices.tell(session, "new_lead", conversation=talk, title="<!channel> & co", body="<x>", url_path="/inbox")
    work(plumber)
    path, _, body = elsewhere.posts[0]
    assert path == "/services/T1/B1/secret"
    assert json.loads(body)["text"] == "&lt;!channel&gt; &amp; co: &lt;x&gt;"
    assert ("slack", "sent") in deliveries(plumber)


def test_a_channel_connected_earlier_takes_kinds_of_news_made_since_unless_they_were_left_out(
    plumber: Business, elsewhere: Elsewhere
) -> None:
    connect(plumber, elsewhere.url)
    with plumber.open() as session:
        hook = slack.hook(session)
        assert hook
        assert [event for event in EVENTS if slack.takes(hook, event)] == ["new_lead"]  # asked about all there are
        hook.left_out = None  # as before exceptions were kept
        assert [event for event in EVENTS if slack.takes(hook, event)] == ["new_lead", "alarm"]
    text_in(plumber, "I smell gas, come now")
    work(plumber)
    assert sorted(json.loads(body)["text"].split(":")[0] for _, _, body in elsewhere.posts) == ["Alarm", "New lead"]


def test_a_channel_that_is_gone_is_switched_off_once_and_those_who_can_mend_it_hear_of_it(
    plumber: Business, elsewhere: Elsewhere
) -> None:
    connect(plumber, elsewhere.url)
    elsewhere.answer = (404, "no_service", {})
    text_in(plumber, "My sink is leaking")
    work(plumber)
    with plumber.open() as session:
        hook = slack.hook(session)
        assert hook
        assert hook.off_reason == "Slack says: no_service"
        assert session.scalars(select(Task.title)).all() == ["The Slack channel #leads is switched off"]
    assert [one.member_id for one in notices_of(plumber, "trouble")] == [owner(plumber)]
    text_in(plumber, "Hello?", makers.MARCUS)
    work(plumber)
    assert len(elsewhere.posts) == 1


def test_slack_that_is_busy_is_asked_again_and_no_text_goes_twice(
    plumber: Business, elsewhere: Elsewhere, workday: time_machine.Traveller
) -> None:
    connect(plumber, elsewhere.url)
    elsewhere.answer = (429, "rate_limited", {"Retry-After": "3"})
    text_in(plumber, "My sink is leaking")
    work(plumber, 1)
    elsewhere.answer = (200, "ok", {})
    workday.move_to(WORKDAY + timedelta(minutes=2))
    work(plumber)
    assert sorted(deliveries(plumber)) == [("slack", "sent"), ("sms", "sent")]
    assert len(texts_to(plumber, plumber.cell)) == 1


def test_a_push_is_encrypted_for_the_browser_signed_for_its_service_and_holds_no_word_of_theirs(
    plumber: Business, elsewhere: Elsewhere
) -> None:
    browser = Browser(f"{elsewhere.url}/push/1")
    take_push(plumber, browser)
    text_in(plumber, "My sink is leaking")
    work(plumber)
    _, headers, body = elsewhere.posts[0]
    told = browser.read(body)
    assert told["title"] == "New lead: (512) 555-0148"
    assert "sink" not in json.dumps(told)
    assert {name.lower(): value for name, value in headers.items()}["ttl"] == "3600"
    claims = json.loads(_raw(headers["Authorization"].split("t=")[1].split(",")[0].split(".")[1]))
    assert claims["aud"] == elsewhere.url
    assert web_push.public_key() in headers["Authorization"]


def _raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_push_nobody_opens_is_followed_by_one_text_and_an_opened_one_is_not(
    plumber: Business, elsewhere: Elsewhere, workday: time_machine.Traveller
) -> None:
    take_push(plumber, Browser(f"{elsewhere.url}/push/1"))
    with plumber.open() as session:
        plans.change(
            session,
            owner(plumber),
            {"new_lead": ["push"]},
            off_shift_too=False,
            words_in_push=False,
            fallback_minutes=5,
        )
    for sender in (DANA, makers.MARCUS):
        text_in(plumber, "My sink is leaking", sender)
    work(plumber)
    assert texts_to(plumber, plumber.cell) == []
    opened = notices_of(plumber, "new_lead")[0]
    with plumber.open() as session:
        assert opened.conversation_id
        notices.opened(session, owner(plumber), conversation_id=opened.conversation_id)
    workday.move_to(WORKDAY + timedelta(minutes=6))
    work(plumber)
    assert len(texts_to(plumber, plumber.cell)) == 1
    assert "(512) 555-0162" in texts_to(plumber, plumber.cell)[0]


def test_a_browser_that_took_its_permission_back_is_switched_off_and_its_owner_told(
    plumber: Business, elsewhere: Elsewhere
) -> None:
    take_push(plumber, Browser(f"{elsewhere.url}/push/1"))
    elsewhere.answer = (410, "", {})
    text_in(plumber, "My sink is leaking")
    work(plumber)
    with plumber.open() as session:
        device = session.scalars(select(PushDevice)).one()
        assert device.off_reason == "The browser has taken its permission back."
    assert "Push to Safari on iPhone is switched off" in [one.title for one in notices_of(plumber, "trouble")]
    assert len(texts_to(plumber, plumber.cell)) == 1


def test_a_redirect_is_not_followed(plumber: Business, elsewhere: Elsewhere) -> None:
    elsewhere.answer = (307, "", {"Location": f"{elsewhere.url}/inside"})
    reply = outward.post(f"{elsewhere.url}/a", b"{}", {})
    assert (reply.status, [path for path, _, _ in elsewhere.posts]) == (307, ["/a"])


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.slack.com/x", "ftp://hooks.slack.com/x", "https://user:pw@hooks.slack.com/x", "https:///x",
        "https://hooks.slack.com:8443/x", "https://hooks.slack.com/a b", "https://example.com/x", "not an address",
    ],
)  # fmt: skip
def test_an_address_that_is_no_slack_webhook_is_refused_in_words(plumber: Business, url: str) -> None:
    with plumber.open() as session, pytest.raises(slack.SlackError, match=r"\w+ .*\."):
        slack.connect(session, url, "#leads", [])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.9", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
        "255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_a_host_that_leads_inside_is_never_connected_to(
    world: World, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """Even when only one of its addresses does: the next look-up could give that one."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    both = [(socket.AF_INET, 1, 6, "", ("93.184.215.14", 443)), (family, 1, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(outward.ForbiddenAddressError, match="private network"):
        outward.post("https://push.example.com/x", b"", {})
    with pytest.raises(outward.ForbiddenAddressError, match="private network"):
        outward.look("https://push.example.com/x")


@given(st.ip_addresses())
def test_whatever_the_standard_library_calls_private_is_not_public(address: Any) -> None:
    if address.is_private or address.is_loopback or address.is_link_local or address.is_multicast:
        assert not outward.is_public(str(address))


def test_the_connection_goes_to_the_address_that_was_looked_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look-up could answer something else, so there is none."""
    asked: list[str] = []
    reached: list[Any] = []

    def look_up(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        if host == "push.example.com":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
        reached.append(host)
        raise OSError("no network in tests")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(outward.AwayError):
        outward.post("https://push.example.com/x", b"", {})
    assert (asked.count("push.example.com"), reached) == (1, ["93.184.215.14"])


@pytest.mark.parametrize("given", [None, [], {}, {"endpoint": "https://a.example"}, WRONG_KEYS])
def test_what_no_browser_gives_is_refused(plumber: Business, given: Any) -> None:
    with plumber.open() as session, pytest.raises(web_push.PushError):
        web_push.subscribe(session, owner(plumber), given, "x")
