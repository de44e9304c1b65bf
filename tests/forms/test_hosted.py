"""A form on its own page: filled in, sent, answered; and everything that becomes of it."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from hallway import consent, routing
from hallway.consent.models import ConsentEvent
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Attachment, Conversation, Message, Task
from hallway.leads.models import Lead, LeadField
from tests.forms.door import PNG, USUAL, Door, make_form
from tests.makers import DANA, World
from tests.ui.visitor import words

EVERYTHING = {
    "name": "Dana Kowalski",
    "phone": "512.555.0148",
    "email": "Dana@Example.com",
    "service": "water_heater",
    "message": "It drips since Monday, no rush",
    "address": "1804 Kinney Ave, Austin, TX 78704",
    "preferred_time": "Thursday after 3",
}


def test_a_form_becomes_a_lead_that_is_answered_at_once(door: Door) -> None:
    answer = door.send(EVERYTHING)
    assert answer.status_code == 303
    with door.business.open() as session:
        talk = session.scalars(select(Conversation)).one()
        contact = session.get_one(Contact, (session.tenant_id, talk.contact_id))
        points = set(session.execute(select(ContactPoint.kind, ContactPoint.value)).all())
        lead = session.scalars(select(Lead)).one()
        entry = session.scalars(select(Message).where(Message.channel == "form")).one()
        known = {field.name: field for field in session.scalars(select(LeadField))}
    assert (talk.source, talk.status, lead.source) == ("form", "open", "form")
    assert talk.waiting_since == entry.at == door.submissions()[0].at
    assert points == {("phone", DANA), ("email", "dana@example.com")}
    assert (contact.name, contact.address) == ("Dana Kowalski", EVERYTHING["address"])
    assert entry.body == EVERYTHING["message"]
    assert (known["service"].value, known["service"].confidence) == ("water_heater", 1.0)
    assert known["address"].value == EVERYTHING["address"]
    assert known["zip"].value == "78704"
    assert known["preferred_time"].value.startswith("2026-11-19T15:00:00-06:00/")
    assert known["preferred_time"].source_words == "Thursday after 3"
    [text] = door.texts()
    assert text.to_address == DANA
    assert (text.kind, text.purpose, text.state) == ("form_reply", "reply", "queued")
    assert text.body.startswith("Hi Dana, this is Bluff Creek Plumbing. We got your request and will answer shortly.")
    assert text.body.endswith("Reply STOP to opt out.")


def test_the_lead_is_routed_by_the_rules(door: Door, world: World) -> None:
    door.send(EVERYTHING)
    with door.business.open() as session:
        talk = session.scalars(select(Conversation)).one()
        steps = routing.routed(session, talk.id)
    assert [step.step for step in steps] == ["lead"]
    assert (talk.assigned_to, steps[0].member_id) in [(world.alice.member,) * 2, (world.bob.member,) * 2, (None, None)]


def test_the_page_says_what_happens_next(door: Door) -> None:
    answer = door.send(EVERYTHING)
    page = words(door.get(answer.headers["Location"]))
    assert "Thank you, we have your request" in page
    assert "You get a text right away" in page
    assert "We are open now" in page
    assert "Set-Cookie" not in answer.headers


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(door: Door) -> None:
    answer = door.send({"name": "", "phone": "12", "email": "nobody@", "message": "<b>It drips</b>"}, marketing="yes")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Please fill this in." in page
    assert "“12” is not a US phone number" in page
    assert "“nobody@” is not an e-mail address" in page
    assert "&lt;b&gt;It drips&lt;/b&gt;</textarea>" in page
    assert 'value="12"' in page
    assert 'name="marketing" value="yes" checked' in page
    assert door.submissions() == []
    neither = words(door.send({"name": "Dana"}))
    assert "Give a phone number or an e-mail address" in neither


def test_the_ledger_keeps_the_exact_words_that_stood_on_the_page(door: Door) -> None:
    page = words(door.get())
    door.send(EVERYTHING, marketing="yes")
    with door.business.open() as session:
        kept = list(session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq)))
        whole = consent.verify_chain(session).whole
    assert [(event.channel, event.purpose, event.method) for event in kept] == [
        ("sms", "informational", "web_form"),
        ("email", "informational", "web_form"),
        ("sms", "follow_up", "web_form"),
        ("email", "follow_up", "web_form"),
        ("sms", "marketing", "web_form"),
    ]
    for event in kept:
        assert event.wording
        assert event.wording in page
        assert event.wording_sha256 == hashlib.sha256(event.wording.encode()).hexdigest()
        assert event.source["ip"] == "203.0.113.7"
        assert event.source["user_agent"] == "Mozilla/5.0 (iPhone)"
        assert event.source["page"] == f"{door.origin}/f/{door.key}"
        assert event.occurred_at == door.submissions()[0].at
    said = kept[-1].wording or ""
    for part in ("Bluff Creek Plumbing", "not a condition of any purchase", "up to 4 a month", "rates may apply",
                 "STOP", "HELP", "automated"):  # fmt: skip
        assert part in said
    assert whole


def test_without_the_tick_there_is_no_consent_to_offers_and_the_box_comes_unticked(door: Door) -> None:
    assert 'id="marketing" name="marketing" value="yes">' in door.get().get_data(as_text=True)
    door.send(EVERYTHING)
    with door.business.open() as session:
        assert "marketing" not in set(session.scalars(select(ConsentEvent.purpose)))


def test_words_that_we_did_not_show_are_no_consent(door: Door) -> None:
    held = door.open() | {"marketing_wording": "I agree to everything"}
    door.send(EVERYTHING, held=held, marketing="yes")
    [submission] = door.submissions()
    assert (submission.state, submission.agreed) == ("quarantined", False)


def test_a_second_click_is_one_lead_and_one_text(door: Door) -> None:
    held = door.open()
    first = door.send(held=held)
    again = door.send(held=held, seconds=1)
    reloaded = door.send(seconds=30)
    assert first.headers["Location"] == again.headers["Location"] == reloaded.headers["Location"]
    assert len(door.submissions()) == 1
    assert len(door.texts()) == 1


def test_another_request_of_the_same_person_joins_the_open_lead_without_a_second_text(door: Door) -> None:
    door.send()
    door.send({**USUAL, "message": "And the kitchen faucet drips"}, seconds=120)
    with door.business.open() as session:
        assert len(list(session.scalars(select(Lead)))) == 1
        assert len(list(session.scalars(select(Message).where(Message.channel == "form")))) == 2
    assert len(door.texts()) == 1


def test_somebody_known_by_mail_is_met_again_with_a_new_phone(door: Door) -> None:
    door.send({"name": "Ann Lee", "email": "ann@example.com", "message": "Clogged drain"})
    door.send({"name": "Ann Lee", "email": "ANN@example.com", "phone": "5125550148", "message": "It is worse"})
    with door.business.open() as session:
        people = {row.value: row.contact_id for row in session.scalars(select(ContactPoint))}
    # Dana's phone was known before, so the phone decides; Ann's mail stays Ann's.
    assert people["ann@example.com"] != people[DANA]
    door.send({"name": "Ann Lee", "email": "ann@example.com", "message": "Third"})
    with door.business.open() as session:
        assert len(list(session.scalars(select(Conversation)))) == 2


def test_who_asked_us_to_stop_gets_no_text_and_somebody_is_asked_to_call(door: Door) -> None:
    with door.business.open() as session:
        consent.suppress(session, DANA, "opt_out", words="STOP")
    door.send()
    with door.business.open() as session:
        task = session.scalars(select(Task)).one()
        states = list(session.scalars(select(Message.state).where(Message.direction == "out")))
    assert states == ["refused"]
    assert task.title == "Call Dana Kowalski about their request"
    assert "They asked for no more texts" in task.reason


def test_at_night_the_reply_still_answers_what_they_just_did(door: Door) -> None:
    door.clock.shift(14 * 3600)  # one in the morning
    door.send()
    [text] = door.texts()
    assert text.state == "queued"
    assert "and open today at 8 am" in text.body


def test_words_of_emergency_page_the_on_call_phone(door: Door) -> None:
    door.send({**USUAL, "message": "I smell gas in the basement, please hurry"})
    paged = [text for text in door.texts() if text.purpose == "staff"]
    assert [text.to_address for text in paged] == [door.business.cell]


def test_stop_texting_me_on_a_form_is_heard(door: Door) -> None:
    door.send({**USUAL, "message": "Stop texting me"})
    with door.business.open() as session:
        assert consent.is_suppressed(session, DANA)
    assert [text.state for text in door.texts()] == ["refused"]


def test_pictures_hang_on_the_entry_and_nothing_else_is_taken_for_one(door: Door) -> None:
    refused = door.send(photos=[("drip.png", b"<svg onload=alert(1)>")])
    assert "“drip.png” is not a picture we can show" in words(refused)
    many = door.send(photos=[(f"{n}.png", PNG) for n in range(6)])
    assert "Up to 5 photos" in words(many)
    door.send(photos=[("drip.png", PNG), ("wall.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 32)])
    with door.business.open() as session:
        entry = session.scalars(select(Message).where(Message.channel == "form")).one()
        kept = list(session.scalars(select(Attachment).order_by(Attachment.id)))
    assert [(one.message_id, one.content_type, one.state) for one in kept] == [
        (entry.id, "image/png", "stored"),
        (entry.id, "image/jpeg", "stored"),
    ]


def test_hostile_input_stays_words(door: Door) -> None:
    message = "=cmd|' /C calc'!A0\0 <script>alert(1)</script> 🚿💧 ‮drow"
    door.send({**USUAL, "name": "<img src=x>\0", "message": message})
    [submission] = door.submissions()
    assert submission.answers["message"] == message.replace("\0", "")
    too_long = door.send({**USUAL, "message": "x" * 4001})
    assert "Please keep this under 4,000 characters; it has 4,001." in words(too_long)
    huge = door.send({**USUAL, "message": "x" * 2_000_000})
    assert huge.status_code == 413


def test_a_form_of_one_business_is_nothing_at_anothers_address(door: Door, charlies: Door) -> None:
    assert charlies.get(f"/f/{door.key}").status_code == 404
    assert charlies.get(f"/f/{door.key}.js").status_code == 404
    charlies.key, own = door.key, charlies.key
    assert charlies.send(held={}).status_code == 404
    assert charlies.api(USUAL).status_code == 404
    charlies.key = own
    # A token of one form opens no other.
    charlies.send({**USUAL, "phone": "3035550123"}, held=door.open())
    assert [one.state for one in charlies.submissions()] == ["quarantined"]
    assert door.submissions() == []


def test_a_spanish_form_speaks_spanish_down_to_the_text(door: Door) -> None:
    door.key = make_form(door.business, "Sitio", language="es")
    assert "Su nombre" in words(door.get())
    assert "no es un teléfono" in words(door.send({"name": "Ana", "phone": "1"}))
    door.send({**USUAL, "message": "Se rompió el calentador"}, marketing="yes")
    [text] = door.texts()
    assert text.body.startswith("Hola Dana, le escribe Bluff Creek Plumbing.")
    with door.business.open() as session:
        wording = session.scalars(select(ConsentEvent.wording).where(ConsentEvent.purpose == "marketing")).one()
    assert (wording or "").startswith("Sí, Bluff Creek Plumbing puede enviarme")


def test_an_estimate_request_says_so(door: Door) -> None:
    door.key = make_form(door.business, "Estimates", "estimate")
    assert "Ask for an estimate" in words(door.get())
    door.send()
    assert "We got your estimate request" in door.texts()[0].body


def test_a_closed_form_takes_nothing(door: Door) -> None:
    held = door.open()
    door.key = make_form(door.business, "Old", active=False)
    assert "This form is closed" in words(door.get())
    assert "This form is closed" in words(door.send(held=held))
    assert door.submissions() == []


def test_an_erased_person_leaves_no_word_of_a_form(door: Door) -> None:
    door.send(EVERYTHING, marketing="yes", photos=[("drip.png", PNG)])
    with door.business.open() as session:
        consent.erase(session, DANA)
    [submission] = door.submissions()
    assert (submission.answers, submission.phone, submission.email, submission.page_url) == ({}, None, None, None)
    with door.business.open() as session:
        assert list(session.scalars(select(Attachment))) == []
        assert len(list(session.scalars(select(ConsentEvent)))) == 5


def test_a_form_counts_as_the_last_word_of_theirs_but_not_as_a_number_of_ours(door: Door) -> None:
    """The reply leaves from a real number though the form itself came to none."""
    door.send()
    assert door.texts()[0].from_address == door.business.number
