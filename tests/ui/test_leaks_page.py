"""The eight signs, each made to leak by hand, and closed again."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event

from groundwork import clock
from groundwork.database import engine
from hallway.appointments import Appointment
from hallway.conversations import Conversation
from hallway.estimates.models import Estimate
from hallway.followup import Sequence
from hallway.forms import FormSubmission, make_form
from hallway.insight import leaks
from hallway.leads.models import Lead
from tenants.models import Tenant
from tests import makers
from tests.makers import World
from tests.ui.visitor import Visitor, words

LEAKING = {"untexted": 1, "late": 1, "forms": 1, "estimates": 1, "no_shows": 1, "past": 1, "nights": 1, "let_go": 1}


def leak_everywhere(world: World) -> None:
    """One leak of each kind, and beside most of them one that was looked after."""
    now = clock.now()
    with world.plumber.open() as session:

        def talk(number: int) -> Conversation:
            return makers.make_conversation(session, makers.make_contact(session, f"P{number}", f"+1512555040{number}"))

        def missed(number: int, situation: str, *, texted: bool, answered: bool = False) -> None:
            at, said = now - timedelta(days=3), talk(number)
            call = makers.make_call(session, said, business=world.plumber, caller=f"+1512555040{number}", at=at,
                                    situation=situation)  # fmt: skip
            if texted:
                text = makers.make_text_out(session, said, business=world.plumber, at=at + timedelta(seconds=30))
                call.text_back_message_id = text.id
            if answered:
                makers.make_text_in(session, said, business=world.plumber, at=at + timedelta(minutes=4))

        missed(1, "open", texted=False)
        missed(2, "open", texted=True)  # and let go
        missed(3, "open", texted=True, answered=True)
        missed(4, "after_hours", texted=False)
        late, soon = talk(5), talk(6)
        for said, minutes in ((late, 90), (soon, 20)):
            session.add(Lead(conversation_id=said.id, source="text", created_at=now - timedelta(days=2)))
            makers.make_text_out(session, said, "On our way", business=world.plumber, kind="person",
                                 at=now - timedelta(days=2) + timedelta(minutes=minutes))  # fmt: skip
        form = make_form(session, "Website")
        session.flush()
        for place, replied in enumerate((timedelta(minutes=1), timedelta(hours=5))):
            at = now - timedelta(days=1)
            session.add(FormSubmission(form_id=form.id, at=at, via="hosted", state="done", dedupe_key=str(place),
                                       fingerprint="x", request_wording="x", replied_at=at + replied))  # fmt: skip
        session.add(
            Estimate(conversation_id=late.id, number="1042", amount_cents=115000, sent_at=now - timedelta(days=5))
        )
        for said, status in ((late, "no_show"), (soon, "no_show"), (soon, "booked")):
            day = now - timedelta(days=4) if status == "no_show" else now + timedelta(days=4)
            session.add(Appointment(conversation_id=said.id, what="Repair", zone="America/Chicago", starts_at=day,
                                    status=status, over_at=day))  # fmt: skip
        session.flush()
        talk(7).last_event_at = now - timedelta(days=400)


def test_each_sign_has_its_number_and_the_button_that_closes_it(world: World, alice: Visitor, charlie: Visitor) -> None:
    leak_everywhere(world)
    with world.plumber.open() as session:
        found = {sign.key: sign for sign in leaks.signs(session)}
        assert {key: sign.count for key, sign in found.items()} == LEAKING
        assert (found["late"].total, found["forms"].total, found["no_shows"].total, found["untexted"].total) == (
            2,
            2,
            2,
            3,
        )
        assert found["estimates"].where == "/sequences"
        assert "$1,150" in found["estimates"].words
    page = words(alice.get("/leaks"))
    assert "8 of 8 leak" in page
    assert "Switch follow-up on" in page
    assert "Missed and not texted back" in words(alice.get("/leaks/card"))
    with world.charlie.open() as session:
        assert {sign.level for sign in leaks.signs(session)} <= {"unknown", "tight"}
    assert "leak" in words(charlie.get("/leaks"))
    assert "of 8 leak" not in words(charlie.get("/leaks"))
    assert 'hx-get="/leaks/card"' in alice.get("/setup/done").get_data(as_text=True)


def test_the_button_follows_what_is_switched_on(world: World) -> None:
    leak_everywhere(world)
    with world.plumber.open() as session:
        session.get_one(Tenant, world.plumber.id).text_back_enabled = False
        for moment in ("estimate", "no_show", "missed_call", "past_customer"):
            session.add(Sequence(key=moment, name=moment, moment=moment, enabled=True))
        session.flush()
        where = {sign.key: sign.where for sign in leaks.signs(session)}
    assert where["untexted"] == where["nights"] == "/settings/business"
    assert where["estimates"] == "/estimates?state=sent"
    assert where["let_go"] == "/settings/wording"


def test_the_signs_cost_few_statements_however_much_there_is(world: World) -> None:
    leak_everywhere(world)
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    with world.plumber.open() as session:
        session.connection()
        event.listen(engine("web"), "before_cursor_execute", note)
        try:
            leaks.signs(session)
        finally:
            event.remove(engine("web"), "before_cursor_execute", note)
    assert len(asked) <= 5, asked
