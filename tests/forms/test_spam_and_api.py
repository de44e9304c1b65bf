"""What keeps spam out without a puzzle, and the doors for other sites and for servers."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hallway import forms
from hallway.consent.models import ConsentEvent
from hallway.conversations import Conversation, Task
from tests.forms.door import USUAL, Door, make_form, make_key

OTHER_SITE = "https://bluffcreekplumbing.example"


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"website": "https://spam.example"}, "people do not see"),
        ({"token": ""}, "not sent from the form"),
        ({"message": "Rank higher with our SEO services"}, "selling something"),
        ({"message": "[url=https://x.example]x[/url]"}, "code as machines write it"),
        ({"name": "https://x.example"}, "A link stands where a name"),
    ],
)
def test_what_looks_like_spam_waits_for_a_person_and_nobody_is_texted(
    door: Door, how: dict[str, str], why: str
) -> None:
    answer = door.send({**USUAL, **how})
    [submission] = door.submissions()
    assert answer.status_code == 303
    assert "by=&" in answer.headers["Location"]
    assert submission.state == "quarantined"
    assert any(why in reason for reason in submission.suspicion)
    assert door.texts() == []
    with door.business.open() as session:
        assert list(session.scalars(select(Conversation))) == []
        assert session.scalars(select(Task.kind)).one() == "review_forms"


def test_faster_than_a_person_types_is_no_person(door: Door) -> None:
    door.send(seconds=1)
    assert door.submissions()[0].state == "quarantined"


def test_many_from_one_place_are_set_aside_but_an_office_is_not(door: Door) -> None:
    for n in range(14):
        door.send({**USUAL, "phone": f"512555{1000 + n}", "message": f"Request {n}"}, handle=False, seconds=60)
    states = [one.state for one in door.submissions()]
    assert states == ["new"] * 12 + ["quarantined"] * 2


def test_a_person_releases_one_and_it_is_answered_as_usual(door: Door) -> None:
    door.send(seconds=1)
    [waiting] = door.submissions()
    with door.business.open() as session:
        assert forms.release(session, waiting.id, "Alice Romero")
        assert not forms.discard(session, waiting.id, "Bob Tran")
    door.work()
    assert door.submissions()[0].state == "done"
    assert len(door.texts()) == 1
    with door.business.open() as session:
        assert forms.count_aside(session) == 0


def test_the_frame_may_stand_only_in_the_sites_that_were_named(door: Door) -> None:
    door.key = make_form(door.business, "Own sites", sites=[OTHER_SITE])
    inside = door.get(f"/f/{door.key}/embed")
    assert f"frame-ancestors {OTHER_SITE}" in inside.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in door.get().headers["Content-Security-Policy"]
    script = door.get(f"/f/{door.key}.js")
    assert script.mimetype == "text/javascript"
    assert len(script.data) < 2500
    assert f"{door.origin}/f/{door.key}" in script.get_data(as_text=True)
    for answer in (inside, script):
        assert "Set-Cookie" not in answer.headers


def test_a_form_inside_another_site_keeps_the_page_it_stood_on(door: Door) -> None:
    page = f"{OTHER_SITE}/contact"
    door.send(where=f"/embed?page={page}")
    [submission] = door.submissions()
    assert (submission.via, submission.page_url, submission.state) == ("embed", page, "done")
    door.send({**USUAL, "message": "Again"}, where="/embed?page=javascript:alert(1)", seconds=60)
    assert door.submissions()[1].page_url == f"{door.origin}/f/{door.key}/embed"


def test_a_page_of_another_site_sends_by_script_what_the_form_told_it(door: Door) -> None:
    door.key = make_form(door.business, "Own sites", sites=[OTHER_SITE])
    told = door.get(f"/api/forms/{door.key}", Origin=OTHER_SITE)
    assert told.json
    assert told.headers["Access-Control-Allow-Origin"] == OTHER_SITE
    door.clock.shift(20)
    agreed = {"agreed": True, "wording": told.json["wording"]["marketing"]}
    body = {**USUAL, "token": told.json["token"], "marketing": agreed, "page_url": f"{OTHER_SITE}/x"}
    taken = door.api(body, Origin=OTHER_SITE)
    assert (taken.status_code, taken.json and taken.json["state"]) == (201, "accepted")
    door.work()
    with door.business.open() as session:
        kept = session.scalars(select(ConsentEvent).where(ConsentEvent.purpose == "marketing")).one()
    assert kept.wording == told.json["wording"]["marketing"]
    foreign = door.api(body, Origin="https://elsewhere.example")
    assert foreign.status_code == 403
    assert "Access-Control-Allow-Origin" not in foreign.headers
    other_words = {**body, "marketing": {"agreed": True, "wording": "Whatever"}}
    assert door.api(other_words, Origin=OTHER_SITE).status_code == 422


def test_a_server_with_its_key_is_trusted_and_idempotent(door: Door) -> None:
    key = make_key(door.business)
    first = door.api(USUAL, key, Idempotency_Key="order-1")
    again = door.api(USUAL, key, Idempotency_Key="order-1")
    other = door.api({**USUAL, "message": "Else"}, key, Idempotency_Key="order-1")
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json
    assert again.json
    assert first.json["id"] == again.json["id"]
    door.work()
    assert len(door.texts()) == 1


def test_what_is_wrong_with_a_request_is_said_as_a_problem(door: Door, charlies: Door) -> None:
    key = make_key(door.business)
    wrong = door.api({"name": "Dana", "phone": "1"}, key)
    assert (wrong.status_code, wrong.mimetype) == (422, "application/problem+json")
    assert wrong.json
    assert set(wrong.json["errors"]) == {"phone"}
    assert door.api(["x"], key).status_code == 400
    assert door.api({"name": 5}, key).status_code == 422
    assert door.api({**USUAL, "message": "x" * 300_000}, key).status_code == 413
    assert door.api(USUAL, key, Origin=OTHER_SITE).status_code == 403
    assert charlies.api(USUAL, key).status_code == 401
    assert door.submissions() == []
