"""The schema of a sequence: what stands as JSON in `sequence_version.plan`, checked and typed.

    {"purpose": "informational",            reply | informational | follow_up (on an estimate: needs their word for it)
                                            | marketing (needs written consent to offers)
     "stop_on": ["reply", "booking", "opt_out", "takeover", "closed"],
     "skip_live_minutes": 120,              a touch is skipped when somebody wrote within this time; 0: never
     "steps": [
       {"id": "hello",   "kind": "sms",      "wait": {"minutes": 0}, "body": "Hi {{ contact.first_name }} ..."},
       {"id": "mail",    "kind": "email",    "wait": {"business_hours": 4}, "subject": "...", "body": "..."},
       {"id": "rest",    "kind": "wait",     "wait": {"days": 3, "at": "10:00"}},
       {"id": "opened",  "kind": "wait_for", "wait": {"days": 2}, "event": "estimate_opened",
                                             "then": "call", "otherwise": "nudge"},
       {"id": "nudge",   "kind": "branch",   "wait": {"minutes": 0}, "when": "replied",
                                             "then": "call", "otherwise": ""},
       {"id": "call",    "kind": "task",     "wait": {"minutes": 0}, "title": "Call {{ contact.name }}", "body": "..."},
       {"id": "tell",    "kind": "notify",   "wait": {"minutes": 0}, "title": "...", "body": "...", "urgent": false}]}

`wait` is the time between the step before (or the moment) and this one: minutes; hours in which the business is open;
or days, at a wall-clock time in the person's own zone when `at` is given. `then` and `otherwise` name a later step;
"" is the next step and "end" the end. `id` is what a step is known by over all versions: keep it when a step is edited.
`body_es` and `subject_es` are for people who write Spanish; where they are empty the English goes.
`good_for_hours` is the shelf life of a text or mail: one that cannot leave by then is missed, never late.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from groundwork.database import Json
from hallway.rulebook.replies import Label

Kind = Literal["sms", "email", "wait", "wait_for", "branch", "task", "notify"]
Event = Literal["reply", "booking", "opt_out", "takeover", "closed"]
Purpose = Literal["reply", "informational", "follow_up", "marketing"]
When = Literal["replied", "no_reply", "reply_is"]
Unit = Literal["minutes", "business_hours", "days"]

EVENTS: tuple[Event, ...] = get_args(Event)
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)
WHENS: tuple[When, ...] = get_args(When)
LABELS: tuple[str, ...] = get_args(Label)
# What a `wait_for` step may wait for; told by `followup.happened`.
HAPPENINGS = ("reply", "call", "form", "estimate_opened", "estimate_accepted", "estimate_declined")
LONGEST_WAIT: Mapping[Unit, int] = {"minutes": 60 * 24 * 7, "business_hours": 200, "days": 400}
MOST_STEPS = 40
END = "end"
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
WALL = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a plan. `step` is the step's id, or "" for the whole; `field` the field's name."""

    step: str
    field: str
    words: str


class PlanError(ValueError):
    """A plan that cannot be used; `problems` says all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(problem.words for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Wait:
    """How long after the step before; `at` ("HH:MM", days only) is a wall clock in the person's zone."""

    unit: Unit = "minutes"
    amount: int = 0
    at: str | None = None

    def as_json(self) -> Json:
        return {self.unit: self.amount} | ({"at": self.at} if self.at else {})


@dataclass(frozen=True)
class Step:
    """One step. Which fields mean something depends on `kind`: see FIELDS."""

    id: str
    kind: Kind
    wait: Wait = Wait()
    body: str = ""
    body_es: str = ""
    subject: str = ""
    subject_es: str = ""
    title: str = ""
    event: str = ""
    when: When = "replied"
    label: str = ""
    then: str = ""
    otherwise: str = ""
    urgent: bool = False
    good_for_hours: int = 48

    @property
    def is_touch(self) -> bool:
        """Whether the person gets something."""
        return self.kind in ("sms", "email")

    def words(self, language: str) -> tuple[str, str]:
        """Subject and body for a person's language, each in English where the other is empty."""
        spanish = language == "es"
        return (spanish and self.subject_es) or self.subject, (spanish and self.body_es) or self.body

    def as_json(self) -> Json:
        named: Json = {name: getattr(self, name) for name in FIELDS[self.kind]}
        return {"id": self.id, "kind": self.kind, "wait": self.wait.as_json()} | named


# The fields of each kind beside id, kind and wait, and whether they have to be filled.
FIELDS: Mapping[Kind, Mapping[str, bool]] = {
    "sms": {"body": True, "body_es": False, "good_for_hours": False},
    "email": {"subject": True, "body": True, "subject_es": False, "body_es": False, "good_for_hours": False},
    "wait": {},
    "wait_for": {"event": True, "then": False, "otherwise": False},
    "branch": {"when": True, "label": False, "then": False, "otherwise": False},
    "task": {"title": True, "body": False},
    "notify": {"title": True, "body": False, "urgent": False},
}
KINDS: tuple[Kind, ...] = get_args(Kind)
DEFAULTS: Json = {"urgent": False, "good_for_hours": 48}


@dataclass(frozen=True)
class Plan:
    """One version of a sequence, checked: every id is unique and every jump leads forward, so it always ends."""

    purpose: Purpose = "informational"
    stop_on: tuple[Event, ...] = EVENTS
    skip_live_minutes: int = 120
    steps: tuple[Step, ...] = field(default=())

    @classmethod
    def from_json(cls, data: object) -> Plan:
        """Read and check what `as_json` gives or an editor sends. Raises PlanError with everything that is wrong."""
        problems = list(_problems(data))
        if problems:
            raise PlanError(problems)
        known = cast("Json", data)
        stop_on = tuple(event for event in EVENTS if event in known.get("stop_on", EVENTS))
        steps = tuple(_step(one) for one in known["steps"])
        live, purpose = known.get("skip_live_minutes", 120), known.get("purpose", "informational")
        return cls(purpose=purpose, stop_on=stop_on, skip_live_minutes=live, steps=steps)

    def as_json(self) -> Json:
        said: Json = {"purpose": self.purpose, "stop_on": list(self.stop_on)}
        return said | {"skip_live_minutes": self.skip_live_minutes, "steps": [step.as_json() for step in self.steps]}

    def purpose_after(self, moment: str) -> Purpose:
        """The purpose that counts: after an estimate a sale is chased, whatever the plan says of itself."""
        return "follow_up" if moment == "estimate" and self.purpose != "marketing" else self.purpose

    def step(self, id_: str | None) -> Step | None:
        return next((step for step in self.steps if step.id == id_), None)

    def place(self, id_: str) -> int:
        """The step's place, from 1; 0 when this plan has no such step."""
        return next((place for place, step in enumerate(self.steps, 1) if step.id == id_), 0)

    def after(self, step: Step, jump: str = "") -> Step | None:
        """The step that follows: the one `jump` names, else the next; None at the end."""
        if jump == END:
            return None
        return self.step(jump) if jump else next(iter(self.steps[self.place(step.id) :]), None)


def _step(one: Json) -> Step:
    named: Any = {name: one.get(name, DEFAULTS.get(name, "")) for name in FIELDS[one["kind"]]}
    return Step(id=one["id"], kind=one["kind"], wait=_wait(one.get("wait", {"minutes": 0})), **named)


def _wait(told: Json) -> Wait:
    unit = next(unit for unit in LONGEST_WAIT if unit in told)
    return Wait(unit, told[unit], told.get("at"))


def _problems(data: object) -> Iterator[Problem]:
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list):
        yield Problem("", "steps", "A sequence is a list of steps.")
        return
    if data.get("purpose", "informational") not in PURPOSES:
        yield Problem("", "purpose", f"The purpose is one of {', '.join(PURPOSES)}.")
    stop_on = data.get("stop_on", [])
    if not isinstance(stop_on, list) or set(map(str, stop_on)) - set(EVENTS):
        yield Problem("", "stop_on", f"It can stop on {', '.join(EVENTS)}.")
    elif "stop_on" in data and "opt_out" not in stop_on:
        yield Problem("", "stop_on", "An opt-out always stops a sequence.")
    if not _whole(data.get("skip_live_minutes", 0), 60 * 24 * 7):
        yield Problem(
            "", "skip_live_minutes", "Write the minutes of a live conversation as a whole number, up to a week."
        )
    yield from _steps_problems(data["steps"])


def _steps_problems(steps: list[Any]) -> Iterator[Problem]:
    if not 0 < len(steps) <= MOST_STEPS:
        yield Problem("", "steps", f"A sequence has between one and {MOST_STEPS} steps.")
    ids: list[str] = []
    for one in steps:
        if not isinstance(one, dict) or one.get("kind") not in KINDS or not isinstance(one.get("id"), str):
            yield Problem("", "steps", f"A step has an id and a kind: {', '.join(KINDS)}.")
            return
        ids.append(one["id"])
    for place, one in enumerate(steps):
        yield from _step_problems(one, ids[:place], ids[place + 1 :])


def _step_problems(one: Json, before: list[str], later: list[str]) -> Iterator[Problem]:
    id_, fields = one["id"], FIELDS[one["kind"]]
    if not ID.fullmatch(id_) or id_ == END:
        yield Problem(id_, "id", "A step's id has up to 40 small letters, digits, - and _.")
    if id_ in before:
        yield Problem(id_, "id", f"Two steps are called “{id_}”.")
    yield from (Problem(id_, "wait", words) for words in _wait_problems(one.get("wait", {"minutes": 0})))
    for name, needed in fields.items():
        if needed and not str(one.get(name, "")).strip():
            yield Problem(id_, name, f"The {name} of step “{id_}” is empty.")
    for name in ("body", "body_es", "subject", "subject_es", "title"):
        if name in fields and not isinstance(one.get(name, ""), str):
            yield Problem(id_, name, f"The {name} of step “{id_}” has to be text.")
    yield from _choice_problems(one, fields, later)


def _choice_problems(one: Json, fields: Mapping[str, bool], later: list[str]) -> Iterator[Problem]:
    id_ = one["id"]
    for name in ("then", "otherwise"):
        if name in fields and one.get(name, "") not in ("", END, *later):
            yield Problem(id_, name, f"Step “{id_}” can only lead to a later step or to the end.")
    if "event" in fields and one.get("event") not in HAPPENINGS:
        yield Problem(id_, "event", f"It can wait for {', '.join(HAPPENINGS)}.")
    if "when" in fields and one.get("when") not in WHENS:
        yield Problem(id_, "when", f"It can ask: {', '.join(WHENS)}.")
    if one.get("when") == "reply_is" and one.get("label") not in LABELS:
        yield Problem(id_, "label", f"A reply can be {', '.join(LABELS)}.")
    if "urgent" in fields and not isinstance(one.get("urgent", False), bool):
        yield Problem(id_, "urgent", "Urgent is yes or no.")
    if "good_for_hours" in fields and not _whole(one.get("good_for_hours", 48), 24 * 14, least=1):
        yield Problem(id_, "good_for_hours", "A message is good for one hour to two weeks.")


def _wait_problems(told: object) -> Iterator[str]:
    units = [unit for unit in LONGEST_WAIT if isinstance(told, dict) and unit in told]
    if not isinstance(told, dict) or len(units) != 1 or set(told) - {units[0], "at"}:
        yield "A wait is minutes, business hours, or days with an hour of the day."
        return
    most = LONGEST_WAIT[units[0]]
    if not _whole(told[units[0]], most):
        yield f"Wait a whole number of {units[0].replace('_', ' ')}, up to {most:,}."
    if "at" in told and (units[0] != "days" or not WALL.fullmatch(str(told["at"]))):
        yield "Write the hour of the day like 09:30; it goes with days."


def _whole(value: object, most: int, *, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
