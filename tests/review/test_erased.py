"""Somebody who was erased leaves no words behind, and every page goes on working."""

from __future__ import annotations

from sqlalchemy import select, text

from groundwork.tables import InboundEvent
from hallway import consent
from hallway.calls.models import Call
from hallway.conversations import Conversation
from tests.calls.door import Door, Ringing, run_events, run_timers
from tests.makers import DANA
from tests.ui.visitor import Visitor, words

SAID = "My name is Dana Kowalski and there is water everywhere at 1120 Bluff Creek"


def _called(door: Door) -> Ringing:
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    call.leave_voicemail(9, SAID)
    call.ends()
    run_events(door.business)
    run_timers(door.business)
    return call


def test_a_transcript_is_erased_wherever_it_was_kept(door: Door) -> None:
    _called(door)
    with door.business.open() as session:
        consent.erase(session, DANA)
    with door.business.open() as session:
        kept = [str(one) for one in session.scalars(select(InboundEvent.params))]
        assert not [one for one in kept if "water" in one or "Recordings" in one]
        for table in ("call", "voicemail", "message", "task", "alarm", "lead_field", "conversation", "attachment"):
            rows = session.execute(text(f"select t::text from {table} t")).scalars().all()
            assert not [row for row in rows if "water" in row or "Kowalski" in row or "1120" in row], table


def test_every_page_about_somebody_erased_still_opens(door: Door, alice: Visitor) -> None:
    _called(door)
    with door.business.open() as session:
        consent.erase(session, DANA)
        call = session.scalars(select(Call)).one()
        conversation = session.scalars(select(Conversation).where(Conversation.id == call.conversation_id)).one()
        pages = [f"/inbox/{conversation.id}", f"/contacts/{conversation.contact_id}", f"/consent/{DANA}", "/tasks"]
        pages += [
            f"/contacts/{conversation.contact_id}/consent",
            f"/calls/{call.id}/why",
            "/home",
            "/inbox?view=closed",
        ]
        pages += [
            f"/inbox/{conversation.id}/entries",
            f"/consent/{DANA}.csv",
            f"/consent/{DANA}.json",
            "/search?q=Dana",
        ]
    for page in pages:
        assert alice.get(page).status_code == 200, page
    assert "recording is on its way" not in words(alice.get(pages[0]))


def test_a_recording_that_comes_after_the_erasure_breaks_nothing(door: Door) -> None:
    call = Ringing(door)
    call.arrive()
    call.dial_ends("no-answer")
    call.leave_voicemail(9, SAID)
    run_events(door.business)
    with door.business.open() as session:
        consent.erase(session, DANA)
    run_timers(door.business)
    with door.business.open() as session:
        failed = session.execute(text("select kind, error from timer where error is not null")).all()
        assert failed == []
