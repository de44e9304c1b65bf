"""Two bodies of a piece side by side: what would change, step by step, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from groundwork.database import Json
from hallway.forms import words as of_forms

FIELDS: Mapping[str, str] = {
    "purpose": "Purpose", "stop_on": "Stops on", "skip_live_minutes": "Skips a live conversation for",
    "source": "Words", "wait": "When", "body": "Words", "body_es": "Words in Spanish", "subject": "Subject",
    "subject_es": "Subject in Spanish", "title": "Title", "event": "Waits for", "when": "Asks",
    "label": "Kind of reply",
    "then": "If so", "otherwise": "If not", "urgent": "Urgent", "good_for_hours": "Good for", "kind": "Kind",
    "order": "Order of the steps", "whole": "Whether it is there",
    "color": "Color", "intro": "Below the heading", "thanks": "On the thank-you page",
    "language": "Language", "ask_marketing": "Asks for offers", "monthly_texts": "Marketing texts a month, at most",
    "active": "Takes requests",
    **{f"asks_{name}": f"Asks for: {name.replace('_', ' ')}" for name in of_forms.FIELDS},
}  # fmt: skip
KINDS: dict[str, str] = {
    "sms": "Text", "email": "E-mail", "wait": "Wait", "wait_for": "Wait for something", "branch": "Fork",
    "task": "Task", "notify": "Tell the crew",
}  # fmt: skip
VALUES = KINDS | of_forms.KINDS | of_forms.LANGUAGES | of_forms.CHOICES
WHOLES = {"source": "Words", "color": "The label", "title": "The form"}  # by a field that only this kind has
UNITS = {"minutes": ("minute", "minutes"), "business_hours": ("open hour", "open hours"), "days": ("day", "days")}


@dataclass(frozen=True)
class Field:
    """One field, as it is and as it would be; None: not there."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Change:
    """One step (or the whole) that would change: new, gone, changed, or moved."""

    label: str
    how: str
    fields: list[Field]


def changes(before: Json, after: Json) -> list[Change]:
    """What differs, in the order of `after`; what goes away stands last. Nothing: they are the same."""
    if "steps" not in after:
        return list(_of_whole(before, after))
    head = [{name: value for name, value in side.items() if name != "steps"} for side in (before, after)]
    found = [Change("The whole", "changed", _fields(*head))] if head[0] != head[1] else []
    return found + list(_of_steps(before["steps"], after["steps"]))


def _of_whole(before: Json, after: Json) -> Iterator[Change]:
    if before != after:
        how = "changed" if before and after else "new" if after else "gone"
        label = next(words for name, words in WHOLES.items() if name in (after or before))
        yield Change(label, how, _fields(before, after))


def _of_steps(before: list[Json], after: list[Json]) -> Iterator[Change]:
    old, new = ({step["id"]: step for step in side} for side in (before, after))
    for place, (id_, step) in enumerate(new.items(), 1):
        label = f"Step {place}: {KINDS.get(step['kind'], step['kind'])}"
        if id_ not in old:
            yield Change(label, "new", _fields({}, _said(step)))
        elif old[id_] != step:
            yield Change(label, "changed", _fields(old[id_], step))
    for id_, step in old.items():
        if id_ not in new:
            yield Change(str(KINDS.get(step["kind"], step["kind"])), "gone", _fields(_said(step), {}))
    kept = [[id_ for id_ in side if id_ in old and id_ in new] for side in (old, new)]
    if kept[0] != kept[1]:
        yield Change("Order of the steps", "moved", [])


def _said(step: Json) -> Json:
    """A whole step without what nobody filled in."""
    return {name: value for name, value in step.items() if name not in ("id", "kind") and value not in ("", False)}


def _fields(before: Json, after: Json) -> list[Field]:
    names = dict.fromkeys((*after, *before))
    differ = (name for name in names if name != "id" and before.get(name) != after.get(name))
    return [
        Field(FIELDS.get(name, name), _words(name, before.get(name)), _words(name, after.get(name))) for name in differ
    ]


def in_words(key: str, value: Any) -> str:
    """One side of a conflict; `key` as the merge named it."""
    name = key.partition(".")[2] or key
    if isinstance(value, dict) and name != "wait":
        return "\n".join(f"{one.label}: {one.after}" for one in _fields({}, _said(value))) or "Taken out"
    return _words(name, value) or "Taken out"


def where(key: str, body: Json, other: Json) -> str:
    """Where a conflict is: the step with its place, and the field."""
    id_, _, name = key.partition(".")
    for side in (body, other):
        for place, step in enumerate(side.get("steps", []), 1):
            if step["id"] == id_:
                label = f"Step {place}: {KINDS.get(step['kind'], step['kind'])}"
                return f"{label}, {FIELDS.get(name, name).lower()}" if name else label
    return FIELDS.get(key, key)


def _words(name: str, value: Any) -> str | None:
    if value is None:
        return None
    if name == "wait":
        unit = next(unit for unit in UNITS if unit in value)
        amount = value[unit]
        if not amount:
            return "at once"
        return f"after {amount} {UNITS[unit][amount != 1]}" + (f" at {value['at']}" if value.get("at") else "")
    if name in ("kind", "language") or name.startswith("asks_"):
        return VALUES.get(value, str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one).replace("_", " ") for one in value)
    units = {"skip_live_minutes": "minutes", "good_for_hours": "hours"}
    return f"{value} {units[name]}" if name in units else str(value)
