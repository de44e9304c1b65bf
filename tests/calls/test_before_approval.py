"""Day one, before the carriers approved anything: nobody is texted, and no caller is lost."""

from __future__ import annotations

from sqlalchemy import select, update

from hallway.calls.models import Call
from hallway.channels import Number
from hallway.conversations import Conversation, Message, Task
from hallway.notices import Notice
from tests.calls.door import Door, Ringing
from tests.makers import World


def test_a_missed_caller_is_offered_a_call_back_by_key_and_the_owner_hears_of_it(world: World, door: Door) -> None:
    with world.plumber.open() as session:
        session.execute(update(Number).values(waits_for_carrier=True, mode="forwarded"))
    ringing = Ringing(door)
    document = ringing.arrive()
    gather, record = document.find("Gather"), document.find("Record")
    assert gather is not None
    assert record is not None  # whoever stays on the line leaves a message as always
    assert "press 1" in "".join(gather.itertext())
    with world.plumber.open() as session:
        call = session.scalars(select(Call)).one()
        assert (call.text_back, session.scalars(select(Message)).all()) == ("skipped", [])
        assert "may not text yet" in (session.scalars(select(Task.reason)).one() or "")
    thanked = door.ask(gather.attrib["action"], ringing.params("in-progress", Digits="1"))
    assert "call you back" in "".join(thanked.itertext())
    with world.plumber.open() as session:
        assert session.scalars(select(Conversation.urgent_reason)).one()
        assert any("pressed 1" in (reason or "") for reason in session.scalars(select(Task.reason)))
        told = session.scalars(select(Notice.title).where(Notice.event == "trouble")).all()
        assert told
        assert all("wants to be called back" in title for title in told)
    with world.charlie.open() as session:
        assert session.scalars(select(Task)).all() == []
