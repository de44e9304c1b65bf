"""Another program hands a lead over and asks how it stands."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from hallway.consent.models import ConsentEvent
from hallway.conversations import Message
from hallway.followup import Enrollment
from hallway.forms import FormSubmission
from hallway.routing.models import Routed
from tests.forms.door import Door, make_key
from tests.makers import DANA

LEADS = "/api/leads"
SENT: dict[str, Any] = {
    "name": "Dana Kowalski",
    "phone": "(512) 555-0148",
    "email": "Dana@example.com",
    "message": "Water heater is leaking at 1120 Bluff Creek Dr, Austin 78704",
    "source": "Angi",
    "page_url": "https://example.com/water-heaters",
    "request_wording": "We answer you by text or e-mail.",
    "follow_up": {"agreed": True, "wording": "You may ask me about my request and an estimate."},
    "marketing": {"agreed": True, "wording": "Yes, text me offers."},
}


def look(door: Door, key: str, path: str = LEADS) -> TestResponse:
    return door.client.get(path, base_url=door.origin, headers={"Authorization": f"Bearer {key}"})


def test_a_lead_from_another_program_is_answered_routed_and_followed_as_a_form_is(door: Door) -> None:
    key = make_key(door.business, "leads:write")
    made = door.api(SENT, key, path=LEADS, Idempotency_Key="angi-1")
    again = door.api(SENT, key, path=LEADS, Idempotency_Key="angi-1")
    assert (made.status_code, again.status_code, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    told = made.json or {}
    assert again.json == told
    assert (told["status"], told["source"], told["conversation"]) == ("open", "api", "open")
    assert told["person"] == {"name": "Dana Kowalski", "phone": DANA, "email": "dana@example.com"}
    assert told["fields"]["zip"]["value"] == "78704"
    assert (bool(told["waiting_since"]), told["answered_at"]) == (True, None)
    assert [one["state"] for one in told["follow_up"]] == ["running"]
    assert told["url"].startswith(f"{door.origin}/inbox/")
    door.work()
    assert [one.kind for one in door.texts()][:1] == ["form_reply"]
    with door.business.open() as session:
        assert len(list(session.scalars(select(FormSubmission)))) == 1
        assert session.scalars(select(Routed.step)).first() == "lead"
        assert session.scalars(select(Enrollment.facts)).one()["source"] == "Angi"
        message = session.scalars(select(Message).where(Message.direction == "in")).one()
        assert (message.channel, message.body) == ("form", SENT["message"])
        kept = list(session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq)))
    assert [(one.channel, one.purpose, one.method) for one in kept] == [
        ("sms", "informational", "api"),
        ("email", "informational", "api"),
        ("sms", "marketing", "api"),
        ("sms", "follow_up", "api"),
        ("email", "follow_up", "api"),
    ]
    assert {one.purpose: one.wording for one in kept} == {
        "informational": SENT["request_wording"],
        "marketing": SENT["marketing"]["wording"],
        "follow_up": SENT["follow_up"]["wording"],
    }
    assert {one.source["page"] for one in kept} == {SENT["page_url"]}


def test_leads_are_looked_up_one_by_one_and_page_by_page_by_who_may(door: Door, charlies: Door) -> None:
    writes, reads = make_key(door.business, "leads:write"), make_key(door.business, "leads:read")
    ids = [(door.api({"email": f"dana{n}@example.com"}, writes, path=LEADS).json or {})["id"] for n in range(3)]
    assert (look(door, reads, f"{LEADS}/{ids[0]}").json or {})["person"]["email"] == "dana0@example.com"
    first = look(door, reads, f"{LEADS}?limit=2&status=open").json or {}
    assert [one["id"] for one in first["leads"]] == [ids[2], ids[1]]
    rest = look(door, reads, f"{LEADS}?limit=2&after={first['next']}").json or {}
    assert ([one["id"] for one in rest["leads"]], rest["next"]) == ([ids[0]], None)
    assert (look(door, reads, f"{LEADS}?status=booked").json or {})["leads"] == []
    theirs = make_key(charlies.business, "leads:read", "leads:write")
    assert look(charlies, theirs, f"{LEADS}/{ids[0]}").status_code == 404
    assert (look(charlies, theirs).json or {})["leads"] == []
    assert look(door, theirs).status_code == 401
    assert (look(door, writes).status_code, door.api(SENT, reads, path=LEADS).status_code) == (403, 403)
    assert look(door, reads, f"{LEADS}/{uuid4()}").status_code == 404
    assert door.get("/f/api").status_code == 404, "no page shows the form that stands for the API"


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "Dana"}, "phone number or an e-mail"),
        ({"phone": "12"}, "is not a US phone number"),
        ({"phone": 5}, "has to be a text"),
        ({"email": "dana@example.com", "source": "x" * 61}, "Up to 60 characters"),
        ({"email": "dana@example.com", "marketing": True}, "has to be an object"),
        ({"email": "dana@example.com", "follow_up": {"agreed": True}}, "Send wording"),
    ],
)
def test_a_lead_that_cannot_be_taken_says_why_and_leaves_nothing(door: Door, sent: dict[str, Any], told: str) -> None:
    answer = door.api(sent, make_key(door.business), path=LEADS, Idempotency_Key="one")
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert told in answer.get_data(as_text=True)
    assert door.submissions() == []
