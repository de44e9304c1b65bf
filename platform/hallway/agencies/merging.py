"""Three-way merge of a piece: what was pushed last, what the client made of it, and what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from groundwork.database import Json

State = Literal["applied", "merged", "same", "conflict"]
HEAD = ("purpose", "stop_on", "skip_live_minutes")
ORDER, WHOLE = "order", "whole"


@dataclass(frozen=True)
class Conflict:
    """Both sides changed the same place differently. `key` is "<step>.<field>", "<step>", or a field of the whole."""

    key: str
    theirs: Any
    ours: Any

    @property
    def step(self) -> str:
        return self.key.partition(".")[0]

    @property
    def field(self) -> str:
        return self.key.partition(".")[2]


@dataclass
class Merged:
    """What would stand after the merge. Where it conflicts and nobody chose, `body` keeps what the client has."""

    body: Json
    state: State = "same"
    conflicts: list[Conflict] = field(default_factory=list)


class _Weaver:
    """Picks place by place, and remembers where both sides want something else."""

    def __init__(self, choices: Mapping[str, str]) -> None:
        self.choices = choices
        self.conflicts: list[Conflict] = []

    def pick(self, key: str, base: Any, theirs: Any, ours: Any) -> Any:
        if ours in (theirs, base):
            return theirs
        if theirs == base:
            return ours
        return self.choose(key, theirs, ours)

    def choose(self, key: str, theirs: Any, ours: Any) -> Any:
        chosen = self.choices.get(key)
        if chosen not in ("theirs", "ours"):
            self.conflicts.append(Conflict(key, theirs, ours))
        return ours if chosen == "ours" else theirs


def merge(base: Json, theirs: Json, ours: Json, choices: Mapping[str, str] | None = None) -> Merged:
    """Bring `ours` into `theirs`; both came from `base`. `choices` settle conflicts: {key: "theirs" or "ours"}.

    An empty body is a piece that is not there: what one side took out and the other changed is a conflict of the whole.
    """
    weaver = _Weaver(choices or {})
    if not theirs or not ours:
        body = weaver.pick(WHOLE, base, theirs, ours)
    elif "steps" in ours:
        body = {name: weaver.pick(name, base.get(name), theirs.get(name), ours.get(name)) for name in HEAD}
        body["steps"] = _steps(weaver, base, theirs, ours)
    else:
        body = {name: weaver.pick(name, base.get(name), theirs.get(name), ours[name]) for name in ours}
    return Merged(body, _state(weaver, base, theirs, body), weaver.conflicts)


def _state(weaver: _Weaver, base: Json, theirs: Json, body: Json) -> State:
    if weaver.conflicts:
        return "conflict"
    if body == theirs:
        return "same"
    return "applied" if theirs == base else "merged"


def _steps(weaver: _Weaver, base: Json, theirs: Json, ours: Json) -> list[Json]:
    sides = [{step["id"]: step for step in side["steps"]} for side in (base, theirs, ours)]
    ids = dict.fromkeys(id_ for side in reversed(sides) for id_ in side)
    woven = {id_: _step(weaver, id_, *(side.get(id_) for side in sides)) for id_ in ids}
    kept = {id_: step for id_, step in woven.items() if step is not None}
    return [kept[id_] for id_ in _order(weaver, [list(side) for side in sides], kept)]


def _step(weaver: _Weaver, id_: str, base: Json | None, theirs: Json | None, ours: Json | None) -> Json | None:
    """Field by field where all three have the step and it stayed one kind, else as a whole."""
    whole = base is None or theirs is None or ours is None or len({base["kind"], theirs["kind"], ours["kind"]}) > 1
    if whole or theirs is None or ours is None or base is None:
        step: Json | None = weaver.pick(id_, base, theirs, ours)
        return step
    names = dict.fromkeys((*ours, *theirs))
    return {
        name: weaver.pick(f"{id_}.{name}", base.get(name), theirs.get(name), ours.get(name))
        for name in names
        if name in ours or name in theirs
    }


def _order(weaver: _Weaver, sides: Sequence[list[str]], kept: Mapping[str, Json]) -> list[str]:
    """The order of whoever changed it; steps of the other side go behind the step they stood behind."""
    common = set.intersection(*(set(side) for side in sides)) & set(kept)
    base, theirs, ours = ([id_ for id_ in side if id_ in common] for side in sides)
    lead, other = (sides[1], sides[2]) if ours == base else (sides[2], sides[1])
    if base not in (theirs, ours) and theirs != ours:
        lead = weaver.choose(ORDER, sides[1], sides[2])
        other = sides[2] if lead is sides[1] else sides[1]
    order = [id_ for id_ in lead if id_ in kept]
    for place, id_ in enumerate(other):
        if id_ in kept and id_ not in order:
            before = next((one for one in reversed(other[:place]) if one in order), None)
            order.insert(order.index(before) + 1 if before else 0, id_)
    return order
