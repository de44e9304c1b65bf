"""Three-way merge of sequences: both sides keep what they did; the same place changed twice is left to a person."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from groundwork.database import Json
from hallway.agencies.merging import merge
from tenants import branding


def step(id_: str, body: str = "Hello", minutes: int = 0) -> Json:
    return {"id": id_, "kind": "sms", "wait": {"minutes": minutes}, "body": body, "body_es": "", "good_for_hours": 48}


def plan(*steps: Json, **head: Any) -> Json:
    return {"purpose": "informational", "stop_on": ["opt_out"], "skip_live_minutes": 120, "steps": [*steps], **head}


BASE = plan(step("one"), step("two"), step("three"))


def changed(at: int, **fields: Any) -> Json:
    new = deepcopy(BASE)
    new["steps"][at].update(fields)
    return new


def test_a_client_who_changed_nothing_takes_the_new_one() -> None:
    new = changed(0, body="Better")
    assert (merge(BASE, BASE, new).body, merge(BASE, BASE, new).state) == (new, "applied")


def test_what_the_client_has_already_is_left_alone() -> None:
    theirs = changed(0, body="Better")
    assert merge(BASE, theirs, theirs).state == "same"
    assert merge(BASE, theirs, BASE).body == theirs


def test_changes_to_other_steps_and_other_fields_of_one_step_both_stand() -> None:
    got = merge(BASE, changed(0, body="Theirs"), changed(1, body="Ours"))
    assert [one["body"] for one in got.body["steps"]] == ["Theirs", "Ours", "Hello"]
    got = merge(BASE, changed(0, body="Theirs"), changed(0, wait={"days": 1}))
    assert (got.state, got.body["steps"][0]) == ("merged", {**step("one", "Theirs"), "wait": {"days": 1}})


def test_the_same_words_changed_twice_wait_for_a_person_who_chooses() -> None:
    theirs, ours = changed(0, body="Theirs"), changed(0, body="Ours")
    got = merge(BASE, theirs, ours)
    assert (got.state, [one.key for one in got.conflicts], got.body) == ("conflict", ["one.body"], theirs)
    assert merge(BASE, theirs, ours, {"one.body": "ours"}).body == ours
    assert merge(BASE, theirs, ours, {"one.body": "theirs"}).state == "same"
    assert merge(BASE, theirs, ours, {"one.body": "nonsense"}).state == "conflict"


def test_steps_that_one_side_adds_removes_or_moves() -> None:
    added = plan(step("one"), step("new"), step("two"), step("three"))
    moved = plan(step("three"), step("one"), step("two"))
    gone = plan(step("one"), step("three"))
    assert merge(BASE, gone, added).body == plan(step("one"), step("new"), step("three"))
    assert merge(BASE, moved, added).body == plan(step("three"), step("one"), step("new"), step("two"))
    assert merge(BASE, gone, moved).body == plan(step("three"), step("one"))
    assert [one.key for one in merge(BASE, gone, changed(1, body="Ours")).conflicts] == ["two"]
    other = plan(step("two"), step("one"), step("three"))
    assert [one.key for one in merge(BASE, moved, other).conflicts] == ["order"]
    assert merge(BASE, moved, other, {"order": "ours"}).body == other


SIDES = st.permutations(["one", "two", "three", "four"]).flatmap(
    lambda ids: st.builds(
        lambda many, bodies: plan(*(step(id_, body) for id_, body in zip(ids[:many], bodies, strict=False))),
        st.integers(1, 4),
        st.lists(st.sampled_from("abc"), min_size=4, max_size=4),
    )
)


@given(SIDES, SIDES, SIDES)
def test_a_merge_never_loses_doubles_or_makes_up_a_step(base: Json, theirs: Json, ours: Json) -> None:
    got = merge(base, theirs, ours)
    ids = [one["id"] for one in got.body["steps"]]
    assert len(ids) == len(set(ids))
    sides = [{one["id"]: one for one in side["steps"]} for side in (base, theirs, ours)]
    assert set(ids) <= set(sides[1]) | set(sides[2])
    for id_ in set(sides[1]) & set(sides[2]):
        assert id_ in ids
    assert merge(base, theirs, base).body == theirs
    assert merge(base, base, ours).body == ours
    settled = merge(base, theirs, ours, {one.key: "ours" for one in got.conflicts})
    assert not settled.conflicts


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_an_agency_chooses_can_be_read(number: int) -> None:
    style = branding.style(f"#{number:06x}")
    light, dark = style.split("\n")[:2]
    for part, ground in ((light, "#ffffff"), (dark, branding.DARK_GROUND)):
        brand = part.split("--brand:")[1][:7]
        assert branding.contrast(brand, ground) >= 4.5
        assert branding.contrast(brand, part.split("--sidebar-accent:")[1][:7]) >= 4.5
        assert branding.contrast(part.split("--primary:")[1][:7], "#ffffff") >= 4.5
