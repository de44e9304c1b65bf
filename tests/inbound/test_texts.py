"""Texts coming in: what each kind of reply sets in motion, exactly once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, update

from groundwork import clock, intake
from groundwork.tables import InboundEvent, Timer
from hallway import consent, inbound, sending
from hallway.calls import Alarm, raise_alarm
from hallway.consent.models import ConsentEvent
from hallway.contacts import find
from hallway.conversations import Attachment, Conversation, Message, Task
from hallway.leads import LeadField
from tests import makers
from tests.inbound.door import EVENTS, text_in
from tests.makers import DANA, MARCUS, PRIYA, Business, World

pytestmark = pytest.mark.usefixtures("clean", "workday")
WORKDAY = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)  # a Wednesday, 11 am in Austin


@pytest.fixture
def workday() -> Iterator[None]:
    with time_machine.travel(WORKDAY, tick=True):
        yield


@pytest.fixture
def world() -> World:
    return makers.make_world()


@pytest.fixture
def plumber(world: World) -> Business:
    return world.plumber


def outbound(business: Business) -> list[tuple[str, str]]:
    """(kind, state) of everything meant to go out, oldest first."""
    with business.open() as session:
        rows = session.execute(
            select(Message.kind, Message.state).where(Message.direction == "out").order_by(Message.id)
        )
        return [(row[0], row[1]) for row in rows]


def the_conversation(business: Business) -> Conversation:
    with business.open() as session:
        return session.scalars(select(Conversation)).one()


def queue_reminder(business: Business, phone: str = DANA) -> None:
    with business.open() as session:
        conversation = makers.make_conversation(session, makers.make_contact(session, phone=phone))
        sending.queue(
            session, conversation, "Bluff Creek Plumbing: still need a hand?", kind="person", purpose="reply",
            author=business.people["owner"].author, shelf_life=timedelta(hours=8),
        )  # fmt: skip


def test_a_text_from_a_stranger_becomes_a_conversation_that_waits_with_its_context(plumber: Business) -> None:
    text_in(plumber, "Water heater leaking at 1120 Bluff Creek Dr, need someone today")
    conversation = the_conversation(plumber)
    assert (conversation.status, conversation.source, conversation.unread) == ("open", "text", True)
    assert conversation.waiting_since
    assert conversation.preview.startswith("Water heater leaking")
    with plumber.open() as session:
        assert find(session, DANA)
        fields = {field.name: field.value for field in session.scalars(select(LeadField))}
        assert {"service", "address", "urgency"} <= set(fields)
        granted = session.scalars(select(ConsentEvent)).one()
        assert (granted.purpose, granted.method) == ("conversational", "inbound_text")
    assert outbound(plumber) == []


def test_the_same_text_told_twice_is_one_text(plumber: Business) -> None:
    sid = text_in(plumber, "Hello?")
    text_in(plumber, "Hello?", sid=sid)
    with plumber.open() as session:
        session.execute(update(InboundEvent).values(state="new"))
    intake.handle_new(plumber.id, EVENTS)
    with plumber.open() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_plain_words_stop_everything_at_once_with_one_confirmation(plumber: Business) -> None:
    queue_reminder(plumber)
    assert outbound(plumber) == [("person", "queued")]
    text_in(plumber, "please stop texting me")
    assert outbound(plumber) == [("person", "cancelled"), ("opt_out_confirmation", "queued")]
    conversation = the_conversation(plumber)
    assert conversation.waiting_since is None
    with plumber.open() as session:
        suppression = consent.is_suppressed(session, DANA)
        assert suppression
        assert (suppression.reason, suppression.words) == ("opt_out", "please stop texting me")
        refused = sending.queue(
            session, session.merge(conversation), "But we are cheap!", kind="person", purpose="reply",
            author=plumber.people["owner"].author, shelf_life=timedelta(hours=1),
        )  # fmt: skip
        assert (refused.state, refused.held_rule) == ("refused", "suppressed.opt_out")
    text_in(plumber, "I said stop texting me")
    assert [kind for kind, _ in outbound(plumber)].count("opt_out_confirmation") == 1


@pytest.mark.parametrize(("body", "more"), [("STOP", {}), ("stop ", {}), ("Basta", {"OptOutType": "STOP"})])
def test_where_the_carrier_confirms_we_do_not(plumber: Business, body: str, more: dict[str, str]) -> None:
    text_in(plumber, body, more=more)
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA)
    assert outbound(plumber) == []


def test_a_confirmation_five_minutes_late_is_not_sent(plumber: Business) -> None:
    text_in(plumber, "stop texting me", handle=False)
    with plumber.open() as session:
        session.execute(update(InboundEvent).values(received_at=clock.now() - timedelta(minutes=6)))
    intake.handle_new(plumber.id, EVENTS)
    assert outbound(plumber) == [("opt_out_confirmation", "refused")]
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA)


def test_stop_by_at_noon_is_no_opt_out(plumber: Business) -> None:
    text_in(plumber, "Can you stop by at noon?")
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA) is None


def test_start_brings_texts_back_and_is_confirmed_where_the_carrier_does_not(plumber: Business) -> None:
    text_in(plumber, "stop texting me")
    text_in(plumber, "START")
    assert [kind for kind, _ in outbound(plumber)] == ["opt_out_confirmation", "opt_in_confirmation"]
    text_in(plumber, "STOP")
    text_in(plumber, "START")
    assert len(outbound(plumber)) == 2
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA) is None
        actions = session.scalars(select(ConsentEvent.action).order_by(ConsentEvent.seq)).all()
        assert actions == ["granted", "revoked", "granted", "granted", "revoked", "granted", "granted"]
        assert consent.verify_chain(session).whole


def test_start_from_somebody_never_stopped_is_an_ordinary_text(plumber: Business) -> None:
    text_in(plumber, "Start")
    assert outbound(plumber) == []
    assert the_conversation(plumber).waiting_since


def test_help_is_answered_unless_the_carrier_does_even_after_an_opt_out(plumber: Business) -> None:
    text_in(plumber, "HELP")
    assert outbound(plumber) == []
    text_in(plumber, "stop texting me")
    text_in(plumber, "who is this?")
    assert outbound(plumber) == [("opt_out_confirmation", "queued"), ("help", "queued")]
    with plumber.open() as session:
        body = session.scalars(select(Message.body).where(Message.kind == "help")).one()
        assert body.startswith("Bluff Creek Plumbing:")


def test_a_doubtful_reply_pauses_automatic_texts_and_asks_a_person(plumber: Business) -> None:
    text_in(plumber, "why do you keep texting me")
    conversation = the_conversation(plumber)
    assert conversation.automation_paused_reason
    with plumber.open() as session:
        task = session.scalars(select(Task)).one()
        assert (task.kind, task.phone) == ("review_reply", DANA)
        inbound.decide_review(session, task, opted_out=True, by="Bob Tran")
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA)
        assert session.scalars(select(Task)).one().done_by == "Bob Tran"
    assert the_conversation(plumber).automation_paused_reason is None
    assert outbound(plumber) == []


def test_no_more_offers_stops_offers_alone(plumber: Business) -> None:
    text_in(plumber, "stop sending me promotions")
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA) is None
        assert consent.is_suppressed(session, DANA, "marketing")
        assert session.scalars(select(Task.kind)).all() == ["review_reply"]


def test_a_wrong_number_is_left_alone(plumber: Business) -> None:
    queue_reminder(plumber)
    text_in(plumber, "Sorry, wrong number")
    assert outbound(plumber) == [("person", "cancelled")]
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA)
        assert session.scalars(select(Task.title)).all() == ["Wrong number: (512) 555-0148"]


def test_a_tapback_makes_nobody_wait(plumber: Business) -> None:
    text_in(plumber, "Liked “We are on our way”")
    assert the_conversation(plumber).waiting_since is None


def test_an_emergency_pages_whoever_is_on_call(plumber: Business) -> None:
    text_in(plumber, "There is a gas leak and I smell gas in the kitchen!!")
    with plumber.open() as session:
        assert session.scalars(select(Alarm.reason)).all() == ["emergency_words"]
    assert the_conversation(plumber).urgent_reason


def test_a_photo_without_words_is_kept_and_will_be_fetched(plumber: Business) -> None:
    text_in(plumber, "", DANA, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1")
    assert the_conversation(plumber).preview == "Photo"
    with plumber.open() as session:
        attachment = session.scalars(select(Attachment)).one()
        assert attachment.state == "pending"
        timer = session.scalars(select(Timer)).one()
        assert (timer.kind, timer.key) == ("fetch_media", str(attachment.id))


@pytest.mark.parametrize("body", ["OK", "ok!", "1"])
def test_an_ok_from_our_own_phone_acknowledges_the_alarm(plumber: Business, body: str) -> None:
    with plumber.open() as session:
        conversation = makers.make_conversation(session)
        raise_alarm(session, conversation, "repeat_call", "Called 2 times within 10 minutes")
    text_in(plumber, body, plumber.cell)
    with plumber.open() as session:
        assert session.scalars(select(Alarm)).one().acknowledged_by == "Alice's cell"
    assert outbound(plumber) == []


def test_another_text_from_our_own_phone_is_explained_once_and_makes_no_lead(plumber: Business) -> None:
    text_in(plumber, "How does this work?", plumber.cell)
    text_in(plumber, "Hello??", plumber.cell)
    assert outbound(plumber) == [("staff_help", "queued")]
    conversation = the_conversation(plumber)
    assert (conversation.status, conversation.waiting_since) == ("closed", None)
    with plumber.open() as session:
        assert session.scalars(select(LeadField)).all() == []


def test_our_own_phone_may_opt_out_too(plumber: Business) -> None:
    text_in(plumber, "STOP", plumber.cell)
    with plumber.open() as session:
        conversation = makers.make_conversation(session)
        page = sending.queue(
            session, conversation, "Somebody calls", kind="alert", purpose="staff", to=plumber.cell,
            shelf_life=timedelta(minutes=3),
        )  # fmt: skip
        assert page.held_rule == "suppressed.opt_out"


def test_what_one_business_hears_the_other_does_not(world: World) -> None:
    text_in(world.plumber, "stop texting me", MARCUS)
    text_in(world.charlie, "My garage door is stuck", MARCUS)
    text_in(world.charlie, "Hi", PRIYA)
    with world.charlie.open() as session:
        assert consent.is_suppressed(session, MARCUS) is None
        assert session.scalar(select(func.count()).select_from(Message)) == 2
    with world.plumber.open() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == 1


def test_news_of_a_text_finds_it_by_our_id_or_the_carrier_s(plumber: Business) -> None:
    queue_reminder(plumber)
    with plumber.open() as session:
        message = session.scalars(select(Message)).one()
        for status, context in (("sent", {"m": str(message.id)}), ("delivered", {}), ("delivered", {"m": "no id"})):
            params = {"MessageSid": "SM1", "MessageStatus": status}
            intake.store(session, "twilio", "text_status", f"{status}{context}", params, dict(context))
    assert intake.handle_new(plumber.id, EVENTS) == 3
    assert outbound(plumber) == [("person", "delivered")]


def test_a_request_without_a_sender_is_kept_as_failed_and_harms_no_other(plumber: Business) -> None:
    with plumber.open() as session:
        intake.store(session, "twilio", "text_in", "broken", {"MessageSid": "SM0"}, {})
    text_in(plumber, "Hello")
    with plumber.open() as session:
        states = session.scalars(select(InboundEvent.state).order_by(InboundEvent.id)).all()
        assert states == ["new", "done"]
