"""What the gate answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from groundwork.database import Json

Answer = Literal["allow", "hold", "refuse"]


@dataclass(frozen=True)
class Decision:
    """The gate's answer. `explanation` is for the screen; `until` is when a held one may go.

    `send_by` is the latest legal moment of an allowed one (None: its shelf life alone), `body` the words to send, with
    what the gate added, `saw` the facts it judged by.
    """

    answer: Answer
    rule: str
    explanation: str
    until: datetime | None = None
    send_by: datetime | None = None
    body: str | None = None
    saw: Json = field(default_factory=dict)


def allow(rule: str, explanation: str) -> Decision:
    return Decision("allow", rule, explanation)


def hold(rule: str, explanation: str, until: datetime) -> Decision:
    return Decision("hold", rule, explanation, until)


def refuse(rule: str, explanation: str) -> Decision:
    return Decision("refuse", rule, explanation)
