"""What can be made to go wrong, by chance or for the next few."""

import random
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.store import Row, Store

KINDS = {
    "slow": "Answer API requests late (seconds)",
    "error": "Answer API requests with a server error and do nothing (code = HTTP status, 500 unless told)",
    "too_many": "Answer API requests with 429",
    "cut": "Cut the connection before doing anything",
    "cut_after_accept": "Do what was asked, then cut the connection without an answer",
    "hang_after_accept": "Do what was asked, then answer only after some time (seconds)",
    "lost": "Never send a callback",
    "late": "Send a callback late (seconds)",
    "doubled": "Send a callback twice",
    "disordered": "Hold a callback back until later ones have overtaken it",
    "undelivered": "Let a text fail on its way (code = error code, 30007 filtered unless told)",
    "mail_refused": "Refuse a mail's recipient for good (550)",
    "mail_later": "Put a mail off (451)",
    "mail_cut": "Take a mail, then cut the connection before saying so",
    "filing_refused": "Refuse a filing, whatever it says",
    "sold": "Somebody else buys the number first",
}
REST = ("slow", "error", "too_many", "cut", "cut_after_accept", "hang_after_accept")
CALLBACK = ("lost", "late", "doubled", "disordered")


@dataclass
class Fault:
    """Strikes what contains `match` ('' matches all) with `probability`, `remaining` times (None: for ever)."""

    id: int
    kind: str
    match: str
    probability: float
    remaining: int | None
    seconds: float
    code: int | None


class Faults:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._dice = random.Random()  # noqa: S311 - chance, not secrecy
        self._active = [Fault(**row) for row in store.all("SELECT * FROM fault ORDER BY id")]

    def add(self, kind: str, match: str = "", **settings: Any) -> Fault:
        """Raises ValueError on an unknown kind, a probability outside 0 to 1 or numbers that are none."""
        if kind not in KINDS:
            raise ValueError(f"No such fault: {kind}. Known: {', '.join(KINDS)}")
        columns = {"kind": kind, "match": match, **_numbers(settings)}
        fault = Fault(id=self._store.insert("fault", **columns), **columns)
        self._active.append(fault)
        return fault

    def remove(self, fault_id: int | None = None) -> int:
        """Take one fault away, or all; returns how many there were."""
        gone = [fault for fault in self._active if fault_id in (None, fault.id)]
        for fault in gone:
            self._forget(fault)
        return len(gone)

    def list(self) -> list[Row]:
        return [asdict(fault) for fault in self._active]

    def strike(self, kinds: tuple[str, ...], subject: str) -> Fault | None:
        """The first fault of these kinds that hits this subject, used up by one."""
        for fault in self._active:
            if fault.kind in kinds and fault.match in subject and self._dice.random() < fault.probability:
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.remaining is None:
            return
        fault.remaining -= 1
        if fault.remaining > 0:
            self._store.update("fault", fault.id, remaining=fault.remaining)
        else:
            self._forget(fault)

    def _forget(self, fault: Fault) -> None:
        self._active.remove(fault)
        self._store.run("DELETE FROM fault WHERE id = ?", fault.id)


def _numbers(settings: dict[str, Any]) -> dict[str, Any]:
    probability = float(settings.get("probability") or 1.0)
    remaining = settings.get("remaining")
    if not 0 < probability <= 1:
        raise ValueError("probability must be above 0 and at most 1")
    if remaining is not None and int(remaining) < 1:
        raise ValueError("remaining must be at least 1")
    return {
        "probability": probability,
        "remaining": None if remaining is None else int(remaining),
        "seconds": float(settings.get("seconds") or 2.0),
        "code": int(settings["code"]) if settings.get("code") else None,
    }
