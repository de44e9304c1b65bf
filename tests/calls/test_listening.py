"""What a lead says becomes fields with the words they came from; people know better than machines."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway import leads
from hallway.contacts import Contact
from hallway.conversations import Conversation
from hallway.leads import Lead, LeadField
from tests.calls.door import Door
from tests.makers import make_contact, make_conversation

LEAK = "Water heater leaking at 1120 Bluff Creek Dr, need someone today"


def hear(session: ScopedSession, conversation: Conversation, words: str, source: UUID | None = None) -> Lead:
    return leads.listen(
        session, conversation, words, source_kind="message", source_id=source or new_id(), at=clock.now()
    )


def field(session: ScopedSession, name: str) -> LeadField | None:
    session.expire_all()
    return session.scalar(select(LeadField).where(LeadField.name == name))


def test_each_field_carries_the_words_and_the_message_it_came_from(door: Door) -> None:
    message = new_id()
    with door.business.open() as session:
        lead = hear(session, make_conversation(session), LEAK, message)
        fields = {each.name: each for each in session.scalars(select(LeadField).where(LeadField.lead_id == lead.id))}
    assert {"service", "urgency", "address"} <= set(fields)
    assert "1120 Bluff Creek" in fields["address"].value
    for each in fields.values():
        assert each.source_words
        assert each.source_words in LEAK
        assert (each.source_kind, each.source_id) == ("message", message)


def test_pressing_words_mark_the_thread_urgent(door: Door) -> None:
    with door.business.open() as session:
        conversation = make_conversation(session)
        hear(session, conversation, "How much is a faucet?")
        assert conversation.urgent_reason is None
        hear(session, conversation, LEAK)
        assert conversation.urgent_reason
        assert "They said" in conversation.urgent_reason


def test_all_words_go_into_one_open_lead(door: Door) -> None:
    with door.business.open() as session:
        conversation = make_conversation(session)
        first, second = hear(session, conversation, LEAK), hear(session, conversation, "My name is Dana Kowalski")
        assert first.id == second.id
        first.status = "booked"
        session.flush()
        assert hear(session, conversation, "Now the toilet is clogged").id != first.id


def test_a_correction_is_never_overwritten(door: Door) -> None:
    with door.business.open() as session:
        conversation = make_conversation(session)
        lead = hear(session, conversation, LEAK)
        corrected = leads.correct(session, lead, "address", " 1210 Bluff Creek Dr ", "Alice Romero")
        assert (corrected.value, corrected.corrected_by) == ("1210 Bluff Creek Dr", "Alice Romero")
        hear(session, conversation, "It is at 99 Oak Street, Austin TX 78704")
        kept = field(session, "address")
        assert kept
        assert kept.value == "1210 Bluff Creek Dr"


def test_a_field_can_be_corrected_that_nobody_mentioned_and_taken_away(door: Door) -> None:
    with door.business.open() as session:
        lead = hear(session, make_conversation(session), "Hi")
        assert leads.correct(session, lead, "zip", "78704", "Alice Romero").value == "78704"
        assert leads.correct(session, lead, "zip", "", "Alice Romero").value == ""
        with pytest.raises(ValueError, match="no field"):
            leads.correct(session, lead, "shoe_size", "9", "Alice Romero")


def test_calming_the_urgency_takes_the_mark_off_the_thread(door: Door) -> None:
    with door.business.open() as session:
        conversation = make_conversation(session)
        lead = hear(session, conversation, LEAK)
        leads.correct(session, lead, "urgency", "normal", "Alice Romero")
        assert conversation.urgent_reason is None
        assert leads.correct(session, lead, "urgency", "emergency", "Alice Romero").label == "Emergency"
        assert conversation.urgent_reason == "Marked emergency by Alice Romero"


def test_a_name_they_give_fills_an_empty_card_and_never_a_written_one(door: Door) -> None:
    with door.business.open() as session:
        stranger = make_contact(session, "", "+15125550171")
        stranger.name = None
        session.flush()
        hear(session, make_conversation(session, stranger), "Hi, my name is Rosa Delgado, my sink is clogged")
        hear(session, make_conversation(session), "Hi, my name is Rosa Delgado, my sink is clogged")
        names = set(session.scalars(select(Contact.name)))
    assert {"Rosa Delgado", "Dana Kowalski"} <= names
