"""Starts the sandbox carrier as a real process and does what a person at its phones would."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import urllib3
from twilio.base.exceptions import TwilioException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

PLATFORM = Path(__file__).resolve().parent.parent / "platform"
HOSTS = ("api.twilio.com", "messaging.twilio.com", "lookups.twilio.com", "trusthub.twilio.com", "pricing.twilio.com")
T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Carrier:
    """One carrier process; `restart` brings it back on the same port with the same state."""

    account_sid = "AC" + "0" * 31 + "1"
    auth_token = "f" * 32

    def __init__(self, folder: Path, *, time_scale: float = 0.02, step: float = 0.02, **options: object) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        chosen = {"time_scale": time_scale, "step": step, "transcription_delay": 1.0, **options}
        self._options = [f"--{name.replace('_', '-')}={value}" for name, value in chosen.items()]
        self._process: subprocess.Popen[bytes] | None = None
        self._http = urllib3.PoolManager(timeout=30, retries=False, maxsize=4)

    # -- the process ---------------------------------------------------------------------------------------------

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the carrier is not running")
        return self._process.pid

    def start(self) -> Carrier:
        command = [sys.executable, "-m", "sandbox", f"--port={self.port}", f"--state={self.folder / 'carrier.db'}"]
        command += [f"--account-sid={self.account_sid}", f"--auth-token={self.auth_token}", *self._options]
        self._process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(PLATFORM)})
        self.wait(self._ready, "the carrier did not start", seconds=60)
        return self

    def _ready(self) -> bool:
        if self._process and self._process.poll() is not None:
            raise RuntimeError(f"the carrier ended with {self._process.returncode}")
        try:
            return self._http.request("GET", f"{self.url}/sandbox/api/health", timeout=2).status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def kill(self) -> None:
        """SIGKILL: no goodbyes."""
        self._stop(signal.SIGKILL)

    def stop(self) -> None:
        self._stop(signal.SIGTERM)

    def _stop(self, how: signal.Signals) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(10)

    def restart(self) -> Carrier:
        self.stop()
        return self.start()

    # -- buttons -------------------------------------------------------------------------------------------------

    def control(self, method: str, path: str, body: object = None) -> Any:
        """One request to the controls; raises RuntimeError with the carrier's words when it refuses."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        reply = self._http.request(method, f"{self.url}/sandbox/api/{path}", body=data, headers=headers)
        answer = json.loads(reply.data)
        if reply.status >= 400:
            raise RuntimeError(answer.get("error", reply.status))
        return answer

    def call(self, caller: str, to: str, **how: object) -> str:
        """Dial; `says` is what the caller tells a voicemail, `anonymous` withholds the number. Gives the call's SID."""
        return str(self.control("POST", "calls", {"from": caller, "to": to, **how})["sid"])

    def hang_up(self, call_sid: str) -> None:
        self.control("POST", f"calls/{call_sid}/hang-up")

    def answer(self, call_sid: str) -> None:
        self.control("POST", f"calls/{call_sid}/answer")

    def decline(self, call_sid: str) -> None:
        self.control("POST", f"calls/{call_sid}/decline")

    def press(self, call_sid: str, digits: str) -> None:
        self.control("POST", f"calls/{call_sid}/press", {"digits": digits})

    def say(self, call_sid: str, text: str, *, hang_up: bool = True) -> None:
        self.control("POST", f"calls/{call_sid}/say", {"text": text, "hang_up": hang_up})

    def text(self, sender: str, to: str, body: str, *photos: bytes) -> str:
        """Text a customer's number; photos are JPEG bytes. Gives the message's SID."""
        media = [{"content_type": "image/jpeg", "base64": base64.b64encode(photo).decode()} for photo in photos]
        return str(self.control("POST", "texts", {"from": sender, "to": to, "body": body, "media": media})["sid"])

    def set_behaviour(self, number: str, **settings: object) -> None:
        """kind, behaviour, after, talk, forward_to, forward_after, name, role: see sandbox.handsets.Handset."""
        self.control("POST", "phones", {"number": number, **settings})

    def fault(self, kind: str, match: str = "", **settings: object) -> int:
        """`match` is part of 'POST /path To=.. From=..' or of '<purpose> <url> Field=value ..'; the settings are
        remaining, probability, seconds, code: see sandbox.faults."""
        return int(self.control("POST", "faults", {"kind": kind, "match": match, **settings})["id"])

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    # -- looking -------------------------------------------------------------------------------------------------

    def show_call(self, call_sid: str) -> dict[str, Any]:
        found: dict[str, Any] = self.control("GET", f"calls/{call_sid}")
        return found

    def calls_on(self, number: str) -> list[dict[str, Any]]:
        """Calls this phone made or was rung by, newest first."""
        found: list[dict[str, Any]] = self.control("GET", f"phones/{number}/calls")
        return found

    def messages_on(self, number: str) -> list[dict[str, Any]]:
        """Texts on this phone, oldest first: `mine` were sent from it, `from_carrier` are the carrier's own."""
        found: list[dict[str, Any]] = self.control("GET", f"phones/{number}/messages")
        return found

    def received(self, number: str) -> list[str]:
        """Bodies of the texts that arrived on a phone, without the carrier's own."""
        arrived = self.messages_on(number)
        return [message["body"] for message in arrived if not message["mine"] and not message["from_carrier"]]

    def counts(self) -> dict[str, dict[str, int]]:
        """The carrier's own count: {number: {texts, from_carrier}}."""
        found: dict[str, dict[str, int]] = self.control("GET", "counts")
        return found

    def ringing(self, number: str, *, seconds: float = 60) -> str:
        """Wait until this phone rings; the SID of the leg that rings it."""

        def look() -> str | None:
            calls = [call for call in self.calls_on(number) if call["live"] and not call["mine"]]
            return next((str(call["sid"]) for call in calls if call["status"] == "ringing"), None)

        return self.wait(look, f"{number} never rang", seconds=seconds)

    def wait(self, look: Callable[[], T | None], otherwise: str, *, seconds: float = 60) -> T:
        """The first thing `look` gives that is not empty."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = look()
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(otherwise)

    # -- the vendor's own client ---------------------------------------------------------------------------------

    def sdk(self, account_sid: str = "", auth_token: str = "") -> Client:
        """Twilio's client, led here; as the main account unless told otherwise."""
        username, password = account_sid or self.account_sid, auth_token or self.auth_token
        return Client(username, password, http_client=OneHost(self.url))

    def buy(self, phone_number: str, **settings: object) -> str:
        """Buy a number for the main account; the settings are those of the vendor's client. Gives its SID."""
        bought = self.sdk().incoming_phone_numbers.create(phone_number=phone_number, **settings)
        return str(bought.sid)


class OneHost(HttpClient):  # type: ignore[misc]
    """The vendor's client with every known host on one address, and none other reachable."""

    def __init__(self, base_url: str) -> None:
        super().__init__(None, False, None)
        self._base_url = base_url
        self._pool = urllib3.PoolManager(timeout=20, retries=False)

    def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: Any = None,  # noqa: ARG002 - the vendor's signature
        allow_redirects: bool = False,  # noqa: ARG002
    ) -> Response:
        where = urlsplit(url)
        if where.hostname not in HOSTS and not url.startswith(self._base_url):
            raise TwilioException(f"no test may reach {where.hostname}")
        headers = {**(headers or {}), **urllib3.make_headers(basic_auth=":".join(auth))}
        query = "&".join(part for part in (where.query, urlencode(_pairs(params))) if part)
        target = f"{self._base_url}{where.path}" + (f"?{query}" if query else "")
        reply = self._pool.urlopen(method, target, body=urlencode(_pairs(data)), headers=headers)
        return Response(reply.status, reply.data.decode())


def _pairs(fields: Any) -> list[tuple[str, str]]:
    """Lists become repeated fields, true and false small words, as the vendor's own transport writes them."""
    pairs: list[tuple[str, str]] = []
    for name, value in (fields or {}).items():
        for item in value if isinstance(value, list) else [value]:
            pairs.append((name, str(item)))  # noqa: PERF401
    return pairs


@contextmanager
def running_carrier(folder: Path, **options: Any) -> Iterator[Carrier]:
    """A carrier for the length of a with block."""
    carrier = Carrier(folder, **options)
    try:
        yield carrier.start()
    finally:
        carrier.stop()
