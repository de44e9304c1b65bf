"""A draft of a sequence in a form: read, changed by a button, and judged card by card."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from groundwork.database import Json
from hallway.followup import Plan, PlanError, wording
from hallway.followup.steps import FIELDS, KINDS, LONGEST_WAIT, MOST_STEPS

NEW: dict[str, Json] = {
    "sms": {"wait": {"days": 1, "at": "10:00"}, "body": "{{ business.name }} here. ", "good_for_hours": 24},
    "email": {"wait": {"days": 1, "at": "09:00"}, "subject": "", "body": "", "good_for_hours": 48},
    "wait": {"wait": {"days": 1}},
    "wait_for": {"wait": {"days": 2}, "event": "reply"},
    "branch": {"wait": {"minutes": 0}, "when": "replied"},
    "task": {
        "wait": {"days": 1, "at": "09:00"},
        "title": "Call {{ contact.name | default: contact.phone }}",
        "body": "",
    },
    "notify": {"wait": {"minutes": 0}, "title": "", "body": ""},
}


@dataclass(frozen=True)
class Trouble:
    """One thing wrong with a step, or with the whole. An error stops saving, a warning does not."""

    level: str
    words: str


def read(form: MultiDict[str, str]) -> Json:
    """The plan as JSON, in the order of the cards. What is no number stays as typed, so that it can be said."""
    steps = [_step(form, id_) for id_ in dict.fromkeys(form.getlist("step"))][:MOST_STEPS]
    plan: Json = {"purpose": form.get("purpose", ""), "stop_on": form.getlist("stop_on"), "steps": steps}
    return plan | {"skip_live_minutes": _number(form.get("skip_live_minutes", ""))}


def _step(form: MultiDict[str, str], id_: str) -> Json:
    def said(name: str) -> str:
        return form.get(f"{name}:{id_}", "").replace("\r\n", "\n")

    kind = said("kind")
    step: Json = {"id": id_, "kind": kind, "wait": _wait(said("unit"), said("amount"), said("at"))}
    for name in FIELDS.get(kind, {}):  # type: ignore[call-overload]
        step[name] = said(name).strip()
    if "good_for_hours" in step:
        step["good_for_hours"] = _number(step["good_for_hours"])
    if "urgent" in step:
        step["urgent"] = step["urgent"] == "yes"
    return step


def _wait(unit: str, amount: str, at: str) -> Json:
    return {unit if unit in LONGEST_WAIT else "minutes": _number(amount)} | (
        {"at": at} if at and unit == "days" else {}
    )


def _number(typed: str) -> Any:
    return int(typed) if typed.strip().isdecimal() and len(typed) < 9 else typed


def act(plan: Json, do: str) -> Json:
    """What a button asks: add:<kind>, up:<step>, down:<step>, remove:<step>. Anything else changes nothing."""
    deed, _, what = do.partition(":")
    steps: list[Json] = plan["steps"]
    place = next((place for place, step in enumerate(steps) if step["id"] == what), -1)
    if deed == "add" and what in KINDS and len(steps) < MOST_STEPS:
        steps = [*steps, {"id": _new_id(steps, what), "kind": what, **NEW[what]}]
    elif deed == "remove" and place >= 0:
        steps = [step for step in steps if step["id"] != what]
    elif deed in ("up", "down") and place >= 0:
        steps = [step for step in steps if step["id"] != what]
        steps.insert(max(place + (1 if deed == "down" else -1), 0), plan["steps"][place])
    return {**plan, "steps": steps}


def _new_id(steps: list[Json], kind: str) -> str:
    taken, number = {step["id"] for step in steps}, 1
    while f"{kind.replace('_', '-')}-{number}" in taken:
        number += 1
    return f"{kind.replace('_', '-')}-{number}"


def troubles(plan: Json) -> dict[str, list[Trouble]]:
    """{step, or "" for the whole: what is wrong}, by the engine's schema and the wording's lint."""
    found: dict[str, list[Trouble]] = defaultdict(list)
    try:
        Plan.from_json(plan)
    except PlanError as error:
        for problem in error.problems:
            found[problem.step].append(Trouble("error", problem.words))
    for problem, level in wording.judge(plan):
        found[problem.step].append(Trouble(level, problem.words))
    return found


def broken(found: dict[str, list[Trouble]]) -> bool:
    return any(trouble.level == "error" for several in found.values() for trouble in several)
