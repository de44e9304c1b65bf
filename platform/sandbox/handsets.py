"""The phones at the far end: what happens to a text sent to one, and what its owner does when it rings."""

from dataclasses import asdict, dataclass
from typing import Any

from sandbox import world_time
from sandbox.store import Store
from sandbox.wire import TOLL_FREE, is_number

KINDS = {
    "mobile": "A mobile that receives texts",
    "silent": "A mobile whose carrier never confirms delivery: texts arrive and stay 'sent'",
    "landline": "A landline: accepted, then undelivered with 30006",
    "not_mobile": "A landline known as such: refused at once with 21614",
    "unreachable": "Switched off or out of coverage: undelivered with 30003",
    "blocked": "The carrier blocks it: undelivered with 30004",
    "unknown": "Nobody's number: undelivered with 30005",
    "filtered": "Filtered as spam: undelivered with 30007",
    "voip": "An internet phone that receives texts",
}
FATE: dict[str, int] = {"landline": 30006, "unreachable": 30003, "blocked": 30004, "unknown": 30005, "filtered": 30007}

BEHAVIOURS = {
    "interactive": "Rings here on the page until somebody answers",
    "rings": "Rings, nobody answers",
    "accepts": "Answers, presses 1, talks, hangs up",
    "declines": "Answers, then hangs up without pressing anything",
    "voicemail": "The personal voicemail picks up: answers, presses nothing",
    "busy": "Busy",
    "unreachable": "Switched off, no voicemail: the call fails",
}

# The last four digits of a 555 number that behaves so unless told otherwise.
MAGIC: dict[str, tuple[str, str]] = {
    "0190": ("landline", "interactive"),
    "0191": ("not_mobile", "interactive"),
    "0192": ("unreachable", "unreachable"),
    "0193": ("blocked", "interactive"),
    "0194": ("filtered", "interactive"),
    "0195": ("unknown", "unreachable"),
    "0196": ("silent", "interactive"),
    "0197": ("mobile", "busy"),
    "0198": ("mobile", "voicemail"),
    "0199": ("voip", "accepts"),
}


@dataclass
class Handset:
    """`after`: seconds until the owner acts; `talk`: seconds they stay on the line; calls nobody takes within
    `forward_after` seconds go to `forward_to`, as with a carrier's conditional forwarding."""

    number: str
    name: str = ""
    role: str = "lead"
    kind: str = "mobile"
    behaviour: str = "interactive"
    after: float = 4.0
    talk: float = 30.0
    forward_to: str = ""
    forward_after: float = 20.0


class Handsets:
    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self, number: str) -> Handset:
        """The phone with this number as it was set up, else as its number range behaves."""
        row = self._store.one("SELECT * FROM handset WHERE number = ?", number)
        if row:
            row.pop("created")
            return Handset(**row)
        kind, behaviour = MAGIC.get(number[-4:], ("mobile", "interactive")) if number[5:8] == "555" else _plain(number)
        return Handset(number, kind=kind, behaviour=behaviour)

    def known(self, number: str) -> bool:
        return self._store.one("SELECT 1 FROM handset WHERE number = ?", number) is not None

    def list(self) -> list[Handset]:
        rows = self._store.all("SELECT number FROM handset ORDER BY role DESC, created")
        return [self.get(row["number"]) for row in rows]

    def put(self, number: str, **changes: Any) -> Handset:
        """Create or change a phone; ValueError in plain words when something does not fit."""
        known = {**asdict(self.get(number)), **changes}
        handset = Handset(**known)
        _check(handset)
        columns = asdict(handset)
        if self.known(number):
            self._store.update("handset", number, **columns)
        else:
            self._store.insert("handset", **columns, created=world_time.now())
        return handset

    def remove(self, number: str) -> None:
        self._store.run("DELETE FROM handset WHERE number = ?", number)


def _plain(number: str) -> tuple[str, str]:
    return ("landline" if TOLL_FREE.fullmatch(number) else "mobile"), "interactive"


def _check(handset: Handset) -> None:
    if not is_number(handset.number):
        raise ValueError(f"{handset.number} is not a phone number; write it like +15125550148")
    if handset.kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    if handset.behaviour not in BEHAVIOURS:
        raise ValueError(f"behaviour must be one of {', '.join(BEHAVIOURS)}")
    if min(handset.after, handset.talk, handset.forward_after) < 0:
        raise ValueError("times cannot be negative")
