"""A whole installation as it runs: web, worker and clock as processes, and the carrier in a box."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, cast

import urllib3
from flask import Flask
from sqlalchemy import update
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Request

from groundwork.embedded import Redis, free_port
from hallway import channels
from tenants.hours import DAYS
from tests import makers
from tests.carrier import Carrier
from tests.makers import Business
from tests.ui.visitor import BASE, Visitor

ROOT = Path(__file__).resolve().parents[2]
PARTS = {"web": ("web",), "worker": ("worker", "now", "soon", "bulk"), "clock": ("clock",)}
ROUND_THE_CLOCK: dict[str, Any] = {
    "hours": {day: [["00:00", "24:00"]] for day in DAYS},
    "observe_federal_holidays": False,
}
_lines = count()


def fresh(area: str) -> str:
    """A number no story used before: the carrier remembers."""
    return f"+1{area}55501{next(_lines) % 90:02d}"


@dataclass
class Installation:
    """Processes by name, each with a log in `folder`, on the database of the tests and a Redis of their own."""

    folder: Path
    carrier: Carrier
    redis: Redis
    env: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def open(self) -> None:
        port, carrier = free_port(), self.carrier
        ours = {"PORT": str(port), "PUBLIC_URL": BASE, "HOOKS_URL": f"http://127.0.0.1:{port}"}
        ours |= {"TWILIO_API_URL": carrier.url, "TWILIO_ACCOUNT_SID": carrier.account_sid}
        ours |= {"TWILIO_AUTH_TOKEN": carrier.auth_token, "REDIS_URL": self.redis.start()}
        ours |= {"PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "RATELIMIT_ENABLED": "0"}
        self.env = ours
        for name in PARTS:
            self.start(name)
        self.carrier.wait(self._answers, "the web did not start", seconds=60)

    def start(self, name: str) -> None:
        command = [sys.executable, "-m", "workers.cli", *PARTS[name]]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env={**os.environ, **self.env}, stdout=log, stderr=log
            )

    def mend(self) -> None:
        """Bring back whatever a story that failed left dead."""
        self.redis.start()
        for name, process in self.processes.items():
            if process.poll() is not None:
                self.start(name)

    def kill(self, name: str) -> None:
        """SIGKILL: no goodbyes."""
        self.processes[name].kill()
        self.processes[name].wait()

    def close(self) -> None:
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(20)
        self.redis.stop()

    def log(self) -> str:
        """All that every process said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def visitor(self, business: Business, email: str) -> Visitor:
        """Somebody at a browser, logged in."""
        visitor = Visitor(cast(Flask, self), business.slug)  # all that it asks of an application is test_client
        assert visitor.log_in(email).status_code == 303
        return visitor

    def test_client(self) -> Client:
        """What a Visitor asks of an application: here it is the server on its port."""
        return Client(self._ask, TestResponse)

    def _ask(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = Request(environ)
        url = f"{self.env['HOOKS_URL']}{asked.full_path.removesuffix('?')}"
        headers = {name: value for name, value in asked.headers.items() if value}
        answer = urllib3.request(
            asked.method, url, body=asked.get_data(), headers=headers, redirect=False, retries=False, timeout=20
        )
        kept = [(name, value) for name, value in answer.headers.items() if name.lower() != "transfer-encoding"]
        start_response(f"{answer.status} {answer.reason or 'answered'}", kept)
        return [answer.data]

    def _answers(self) -> bool:
        try:
            return urllib3.request("GET", f"{self.env['HOOKS_URL']}/healthz", retries=False, timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False


@dataclass
class Story:
    """A business on the carrier with Bob at its inbox, and a caller nobody knows."""

    house: Installation
    business: Business
    bob: Visitor
    caller: str

    @property
    def carrier(self) -> Carrier:
        return self.house.carrier

    def miss_a_call(self, **how: object) -> None:
        """The caller rings and hangs up; the text-back is on their phone."""
        call_sid = self.carrier.call(self.caller, self.business.number, **how)
        if not how:
            self.carrier.ringing(self.business.cell)
            self.carrier.hang_up(call_sid)
        self.until(self.texts, "the caller was not texted")

    def say(self, body: str, *photos: bytes) -> None:
        self.carrier.text(self.caller, self.business.number, body, *photos)

    def texts(self) -> list[str]:
        """What the caller's phone received from the business."""
        return self.carrier.received(self.caller)

    def until(self, look: Any, otherwise: str, seconds: float = 60) -> Any:
        return self.carrier.wait(look, f"{otherwise}\n{self.house.log()[-3000:]}", seconds=seconds)


def begin(house: Installation) -> Story:
    """Bluff Creek Plumbing, open round the clock, with a sub-account and a number whose addresses lead to us."""
    carrier = house.carrier
    account = carrier.sdk().api.v2010.accounts.create(friendly_name="Bluff Creek Plumbing")
    number, cell = fresh("512"), fresh("210")
    business = makers.make_tenant(
        "Bluff Creek Plumbing", "bluff-creek", number=number, cell=cell, account_sid=account.sid,
        auth_token=account.auth_token, **ROUND_THE_CLOCK,
    )  # fmt: skip
    with business.open() as session:  # a phone rings until a slow test has seen it
        session.execute(update(channels.Number).values(ring_seconds=60))
    makers.make_member(business, "Bob Tran", "agent")
    urls = channels.hook_urls(business.account)
    carrier.sdk(account.sid, account.auth_token).incoming_phone_numbers.create(
        phone_number=number, voice_url=urls["voice"], sms_url=urls["message"], status_callback=urls["call-status"]
    )
    carrier.set_behaviour(cell, behaviour="rings")
    return Story(house, business, house.visitor(business, "bob@example.com"), fresh("737"))


def as_ours(house: Installation) -> dict[str, str]:
    """What this process must know to make the same addresses as the installation's processes."""
    return {name: value for name, value in house.env.items() if name not in ("PORT", "PYTHONPATH", "REDIS_URL")}
