"""Settings for routing, shifts and notices, as the people of a business use them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from hallway.calls.models import Phone
from hallway.conversations import Conversation
from hallway.notices import Notice, NoticePlan, SlackHook
from hallway.routing import RoutingRule, Team
from tests.inbound.door import text_in
from tests.makers import World
from tests.ui.visitor import Visitor, words

RULE = {"name": "South Austin", "places": "787, Round Rock", "keywords": "", "hours": "any", "active": "yes"}


def rules(world: World) -> list[RoutingRule]:
    with world.plumber.open() as session:
        return list(session.scalars(select(RoutingRule).order_by(RoutingRule.position)))


def test_a_rule_is_added_tried_moved_and_routes_the_next_lead(world: World, alice: Visitor) -> None:
    goes_to = f"member:{world.bob.member}"
    assert alice.send("/settings/routing/rules", {**RULE, "goes_to": goes_to}).status_code == 303
    alice.send("/settings/routing/rules", {**RULE, "name": "All", "places": "", "goes_to": goes_to})
    tried = words(alice.send("/settings/routing/try", {"words": "Sink leaking, 78704", "channel": "sms"}))
    assert "This lead would go to Bob Tran." in tried
    assert "Rule “South Austin”: place 787" in tried
    last = rules(world)[1]
    alice.send(f"/settings/routing/rules/{last.id}/earlier")
    assert [rule.name for rule in rules(world)] == ["All", "South Austin"]
    text_in(world.plumber, "Hello, my sink leaks")
    with world.plumber.open() as session:
        found = session.scalars(select(Conversation)).one()
        assert found.assigned_to == world.bob.member


def test_a_rule_that_leads_to_somebody_of_another_business_is_refused(world: World, alice: Visitor) -> None:
    answer = alice.send("/settings/routing/rules", {**RULE, "goes_to": f"member:{world.charles.member}"})
    assert answer.status_code == 422
    assert "Choose a member or a team." in words(answer)
    assert rules(world) == []


def test_a_team_is_made_and_kept_while_a_rule_leads_to_it(world: World, alice: Visitor) -> None:
    alice.send("/settings/shifts/teams", {"name": "Drains", "members": str(world.bob.member)})
    with world.plumber.open() as session:
        team = session.scalars(select(Team)).one()
    alice.send("/settings/routing/rules", {**RULE, "goes_to": f"team:{team.id}"})
    alice.send(f"/settings/shifts/teams/{team.id}/remove")
    assert "South Austin still goes to this team" in words(alice.get("/settings/shifts"))
    taken = alice.send("/settings/shifts/teams", {"name": "drains", "members": str(world.bob.member)})
    assert "Another team has this name." in words(taken)


def test_a_week_of_shifts_is_kept_and_one_that_overlaps_is_told(world: World, alice: Visitor) -> None:
    address = f"/settings/shifts/{world.bob.member}"
    assert alice.send(address, {"mon_from": "08:00", "mon_to": "16:00"}).status_code == 303
    assert "Mon 08:00–16:00" in words(alice.get("/settings/shifts"))
    overlap: dict[str, Any] = {"mon_from": ["08:00", "11:00"], "mon_to": ["12:00", "15:00"]}
    answer = alice.send(address, overlap)
    assert answer.status_code == 422
    assert "Two shifts of one day overlap." in words(answer)


def test_each_member_chooses_their_own_ways_and_phone_and_nobody_anothers(
    app: Flask, world: World, alice: Visitor, bob: Visitor
) -> None:
    form = {"phone": str(world.plumber.phone_id), "ways_new_lead": "sms", "fallback_minutes": "10"}
    assert alice.send("/settings/notices", form).status_code == 303
    stolen = bob.send("/settings/notices", form)
    assert stolen.status_code == 422
    assert "Somebody else has this phone" in words(stolen)
    with world.plumber.open() as session:
        assert session.get_one(Phone, (world.plumber.id, world.plumber.phone_id)).member_id == world.alice.member
        plan = session.scalars(select(NoticePlan).where(NoticePlan.member_id == world.alice.member)).one()
        assert (plan.ways["new_lead"], plan.ways["reply"], plan.fallback_minutes) == (["sms"], [], 10)


def test_a_slack_address_is_kept_sealed_and_never_shown(world: World, alice: Visitor, bob: Visitor) -> None:
    url = "https://hooks.slack.com/services/T1/B1/very-secret"
    assert (
        alice.send("/settings/notices/slack", {"url": url, "label": "#leads", "events": "new_lead"}).status_code == 303
    )
    page = alice.get("/settings/notices").get_data(as_text=True)
    assert "#leads" in page
    assert "very-secret" not in page
    with world.plumber.open() as session:
        assert "very-secret" not in session.scalars(select(SlackHook.url_sealed)).one()
    wrong = alice.send("/settings/notices/slack", {"url": "http://169.254.169.254/x", "label": "x"})
    assert wrong.status_code == 422
    assert "has to begin with https://" in words(wrong)
    assert bob.send("/settings/notices/slack", {"url": url}).status_code == 403


@pytest.mark.usefixtures("world")
def test_the_push_worker_is_served_at_the_root_as_a_script(app: Flask) -> None:
    answer = Visitor(app, "bluff-creek").get("/push-worker.js")
    assert answer.mimetype == "text/javascript"
    assert "showNotification" in answer.get_data(as_text=True)


def test_a_notice_leads_on_and_is_opened_only_by_the_one_it_is_for(world: World, alice: Visitor, bob: Visitor) -> None:
    text_in(world.plumber, "My sink is leaking")
    with world.plumber.open() as session:
        notice = session.scalars(select(Notice)).one()
        whose: UUID | None = notice.member_id
    theirs, other = (alice, bob) if whose == world.alice.member else (bob, alice)
    other.get(f"/notices/{notice.id}")
    with world.plumber.open() as session:
        assert session.scalars(select(Notice.opened_at)).one() is None
    assert theirs.get(f"/notices/{notice.id}").headers["Location"] == notice.url_path
    with world.plumber.open() as session:
        assert session.scalars(select(Notice.opened_at)).one()
