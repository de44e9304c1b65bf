"""What the gate looks at: the question asked, and everything known about the person."""

from __future__ import annotations

import re
import uuid
from dataclasses import MISSING, dataclass, fields
from datetime import datetime
from typing import Any, Literal, Self

from groundwork.database import Json

# follow_up is about an estimate: marketing, unless they asked for it and agreed (see follow_ups.py).
Purpose = Literal["reply", "informational", "follow_up", "marketing", "compliance", "staff"]
Phase = Literal["queue", "claim"]
Channel = Literal["sms", "email"]

OPT_OUT_LINE = re.compile(r"\bSTOP\b")
# Public shorteners are filtered by the carriers (CTIA Messaging Principles 5.3; T-Mobile Code of Conduct 2.14).
SHORTENER = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly|shorturl\.at|tiny\.cc|rb\.gy"
    r"|t\.ly|bl\.ink|s\.id|lnkd\.in|v\.gd)(?:/|\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ask:
    """May this go to `address` (E.164, or a lower-case e-mail address) now? `at` is the moment of asking, `sender` our
    number or address, `body` the words, `files` how many go with them.

    `by_person` is a member writing by hand. `expires_at` is the end of the message's shelf life.
    """

    address: str
    purpose: Purpose
    kind: str
    at: datetime
    body: str
    channel: Channel = "sms"
    sender: str | None = None
    lane: str = "now"
    phase: Phase = "queue"
    by_person: bool = False
    expires_at: datetime | None = None
    conversation_id: uuid.UUID | None = None
    message_id: uuid.UUID | None = None
    call_id: uuid.UUID | None = None
    appointment_id: uuid.UUID | None = None
    appointment_version: int | None = None
    enrollment_id: uuid.UUID | None = None
    files: int = 0


@dataclass(frozen=True)
class Facts:
    """All that the rules may look at, and nothing else: the same facts always get the same answer.

    Holds no names and no words of anybody, for it is kept with the decision for good.
    """

    address: str
    purpose: Purpose
    kind: str
    at: datetime
    channel: Channel = "sms"
    lane: str = "now"
    phase: Phase = "queue"
    by_person: bool = False
    expires_at: datetime | None = None
    sender: str | None = None
    # the words
    length: int = 1
    segments: int = 1
    blank: bool = False
    shortener: str | None = None
    says_stop: bool = False
    names_sender: bool = False
    # the tenant
    tenant_state: str | None = None
    tenant_zone: str | None = None
    stopped_reason: str | None = None
    text_back_on: bool = True
    marketing_start: str = "09:00"
    marketing_end: str = "20:00"
    marketing_sunday: bool = False
    our_number: bool = False
    plan: str | None = None  # how the business stands with its plan; None: nothing is sold here
    segments_left: int | None = None  # until its spend cap; None: there is none, or it is far away
    staff_phone: bool = False
    staff_address: bool = False
    postal_address: bool = False
    # the person
    blocked_at: datetime | None = None
    state: str | None = None
    zone: str | None = None
    language: str = "en"
    line_type: str | None = None
    invalid_reason: str | None = None
    suppressed_reason: str | None = None
    suppressed_at: datetime | None = None
    marketing_stopped: bool = False
    paused_reason: str | None = None
    consent_action: str | None = None
    consent_method: str | None = None
    consent_worded: bool = False
    # what was said before
    heard_at: datetime | None = None
    stop_said: bool = False
    automatic_10m: int = 0
    touches_24h: int = 0
    touches_7d: int = 0
    oldest_touch_24h: datetime | None = None
    oldest_touch_7d: datetime | None = None
    marketing_24h: int = 0
    oldest_marketing_24h: datetime | None = None
    # the call that a text-back answers
    call_missed_at: datetime | None = None
    call_is_theirs: bool = False
    texted_back: bool = False
    # the visit that it tells of: the version it was written for, and how the visit stands now
    appointment_version: int | None = None
    appointment_now: int | None = None
    appointment_status: str | None = None
    # the follow-up sequence that it is a touch of, and when they agreed to be followed up on an estimate
    enrollment_state: str | None = None
    follow_up_agreed_at: datetime | None = None

    def as_json(self) -> Json:
        """For keeping with the decision: the facts that say something, the others being as by default."""
        told = {key: value for key, value in vars(self).items() if key not in USUAL or value != USUAL[key]}
        return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in told.items()}

    @classmethod
    def from_json(cls, saw: Json) -> Self:
        """What `as_json` kept."""
        known = {field.name: field.type for field in fields(cls)}
        return cls(**{key: _read(str(known[key]), value) for key, value in saw.items() if key in known})


USUAL = {field.name: field.default for field in fields(Facts) if field.default is not MISSING}


def _read(kind: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if "datetime" in kind and value else value


def about_words(body: str, tenant_name: str, files: int = 0) -> Json:
    """What the rules need to know about a body, without the body; `files` are as good as words."""
    shortener = SHORTENER.search(body)
    return {
        "length": len(body),
        "blank": not body.strip() and not files,
        "shortener": shortener[0].rstrip("/").lower() if shortener else None,
        "says_stop": bool(OPT_OUT_LINE.search(body)),
        "names_sender": _letters(tenant_name) in _letters(body),
    }


def _letters(words: str) -> str:
    return "".join(char for char in words.casefold() if char.isalnum())
