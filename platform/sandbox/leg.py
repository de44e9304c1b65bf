"""One leg of a call: a handset at one end, the carrier at the other."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from sandbox import world_time
from sandbox.places import geography

T = TypeVar("T")


class HungUp(Exception):
    """The person at the far end has hung up, or the customer ended the call by API."""


class Ended(Exception):
    """TwiML said <Hangup>, or could not be had."""


class Rejected(Exception):
    """TwiML said <Reject>; `status` is what the call ends with."""

    def __init__(self, status: str) -> None:
        self.status = status


@dataclass(frozen=True)
class Target:
    """Where TwiML comes from: a URL to ask, or the TwiML itself."""

    url: str = ""
    method: str = "POST"
    fallback: tuple[str, str] | None = None
    twiml: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


class Redirected(Exception):
    """The customer sent the live call elsewhere by API."""

    def __init__(self, target: Target) -> None:
        self.target = target


@dataclass(frozen=True)
class Progress:
    """Who wants to hear about a leg, and about which of its events."""

    url: str
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class Input:
    """What reaches the carrier from the handset: kind 'key' or 'speech'."""

    kind: str
    value: str


def _future() -> "asyncio.Future[str]":
    return asyncio.get_running_loop().create_future()


def _interruption() -> "asyncio.Future[Exception]":
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False)
class Leg:
    """`sender` is the number shown, `caller` the phone that really called; `says` is what a scripted caller tells
    a voicemail; `in_person` means somebody is typing on the page and silence is no sign that they are done."""

    sid: str
    account_sid: str
    sender: str
    recipient: str
    direction: str
    caller: str = ""
    parent: "Leg | None" = None
    number_sid: str | None = None
    forwarded_from: str = ""
    status: str = "queued"
    says: str = ""
    in_person: bool = False
    hops: int = 0
    progress: Progress | None = None
    number_callback: Progress | None = None
    answered_by: str = ""
    detects_machines: bool = False
    onward: "Leg | None" = None
    sequence: int = 0
    created: float = field(default_factory=world_time.now)
    answered_at: float | None = None
    ended_at: float | None = None
    pickup: "asyncio.Future[str]" = field(default_factory=_future)
    ended: "asyncio.Future[str]" = field(default_factory=_future)
    gone: "asyncio.Future[Exception]" = field(default_factory=_interruption)
    inputs: "asyncio.Queue[Input]" = field(default_factory=asyncio.Queue)
    listening: asyncio.Event = field(default_factory=asyncio.Event)
    recording: asyncio.Event = field(default_factory=asyncio.Event)
    work: "asyncio.Task[None] | None" = None
    far_end: "asyncio.Task[None] | None" = None

    @property
    def handset(self) -> str:
        """The phone at the far end."""
        return self.caller if self.direction == "inbound" else self.recipient

    @property
    def live(self) -> bool:
        return not self.ended.done()

    def seconds(self) -> float:
        """Real seconds since it was answered."""
        return 0.0 if self.answered_at is None else (self.ended_at or world_time.now()) - self.answered_at

    async def race(self, awaited: Awaitable[T], real_seconds: float | None = None) -> T | None:
        """Wait for something, None when it takes too long; raises HungUp or Redirected if that comes first."""
        task = asyncio.ensure_future(awaited)
        try:
            waiting: set[asyncio.Future[T] | asyncio.Future[Exception]] = {task, self.gone}
            await asyncio.wait(waiting, timeout=real_seconds, return_when=asyncio.FIRST_COMPLETED)
            if self.gone.done():
                raise self.gone.result()
            return task.result() if task.done() else None
        finally:
            if not task.done():
                task.cancel()

    def interrupt(self, reason: Exception) -> None:
        if not self.gone.done():
            self.gone.set_result(reason)

    def clear(self) -> None:
        """Make the leg interruptible again after a redirect."""
        self.gone = _interruption()


def call_params(leg: Leg) -> dict[str, str]:
    """The fields every voice webhook carries."""
    params = {
        "CallSid": leg.sid,
        "AccountSid": leg.account_sid,
        "From": leg.sender,
        "Caller": leg.sender,
        "To": leg.recipient,
        "Called": leg.recipient,
        "CallStatus": leg.status,
        "ApiVersion": "2010-04-01",
        "Direction": leg.direction,
    }
    for end, number in (("From", leg.sender), ("Caller", leg.sender), ("To", leg.recipient), ("Called", leg.recipient)):
        params |= geography(end, number)
    if leg.parent:
        params["ParentCallSid"] = leg.parent.sid
    if leg.forwarded_from:
        params["ForwardedFrom"] = params["CalledVia"] = leg.forwarded_from
    if leg.direction == "inbound":
        params["StirVerstat"] = "TN-Validation-Passed-A" + ("-Diverted" if leg.forwarded_from else "")
    if leg.answered_by and leg.detects_machines:
        params["AnsweredBy"] = leg.answered_by
    return params
