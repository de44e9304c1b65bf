"""The product's own door for the carrier, knocked at the way Twilio does: form posted, signed, no cookies."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import count
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

import webhooks
from groundwork import config, intake, timers
from tests.makers import DANA, Business
from workers import jobs

_numbers = count(1)


def make_client() -> FlaskClient:
    """A bare application with nothing but the hooks."""
    app = Flask("hooks only")
    webhooks.register(app)
    return app.test_client()


def sid(prefix: str) -> str:
    return f"{prefix}{next(_numbers):032x}"


class Door:
    """Posts to one business's hooks and remembers nothing."""

    def __init__(self, client: FlaskClient, business: Business) -> None:
        self.client, self.business = client, business

    def post(self, kind: str, params: dict[str, str], *, token: str | None = None, **query: object) -> TestResponse:
        """Post to /hooks/twilio/<account>/<kind>, signed with the account's token unless another is given."""
        path = f"/hooks/twilio/{self.business.account}/{kind}" + (f"?{urlencode(query)}" if query else "")
        return self.post_to(path, params, token=token)

    def post_to(self, path: str, params: dict[str, str], *, token: str | None = None) -> TestResponse:
        validator = RequestValidator(token or self.business.auth_token)
        signature = validator.compute_signature(config.settings().hooks_url + path, params)
        return self.client.post(path, data=params, headers={"X-Twilio-Signature": signature})

    def ask(self, url: str, params: dict[str, str]) -> ET.Element:
        """Follow an address out of a document; returns the next document."""
        parts = urlsplit(url)
        answer = self.post_to(parts.path + (f"?{parts.query}" if parts.query else ""), params)
        assert answer.status_code == 200, answer.text
        return ET.fromstring(answer.text)  # noqa: S314  (our own document)


class Ringing:
    """One inbound call as the carrier lives it: asks for documents and tells what happened."""

    def __init__(self, door: Door, caller: str = DANA, **extra: str) -> None:
        self.door, self.caller = door, caller
        self.sid = sid("CA")
        self.extra = extra
        self.document: ET.Element | None = None

    def params(self, status: str = "ringing", **more: str) -> dict[str, str]:
        told = {"CallSid": self.sid, "AccountSid": self.door.business.account_sid, "From": self.caller}
        told |= {"To": self.door.business.number, "CallStatus": status, "Direction": "inbound"}
        return told | {"ApiVersion": "2010-04-01"} | self.extra | more

    def arrive(self) -> ET.Element:
        answer = self.door.post("voice", self.params())
        assert answer.status_code == 200, answer.text
        self.document = ET.fromstring(answer.text)  # noqa: S314
        return self.document

    def dial(self) -> ET.Element:
        assert self.document is not None
        dial = self.document.find("Dial")
        assert dial is not None, ET.tostring(self.document)
        return dial

    def pick_up(self, phone: int = 0) -> tuple[str, ET.Element]:
        """A phone answers: its leg, and what it is told."""
        leg, number = sid("CA"), self.dial().findall("Number")[phone]
        told = self.params(CallSid=leg, ParentCallSid=self.sid, CallStatus="in-progress")
        return leg, self.door.ask(number.attrib["url"], told)

    def press(self, leg: str, screen: ET.Element, digits: str = "1") -> ET.Element:
        gather = screen.find("Gather")
        assert gather is not None
        told = self.params(CallSid=leg, ParentCallSid=self.sid, CallStatus="in-progress", Digits=digits)
        return self.door.ask(gather.attrib["action"], told)

    def dial_ends(
        self, status: str, *, leg: str | None = None, call: str = "in-progress", seconds: int = 0
    ) -> ET.Element:
        """The ringing is over; bridged when a leg is given and the carrier says completed with a length."""
        bridged = "true" if seconds else "false"
        told = self.params(call, DialCallStatus=status, DialBridged=bridged, DialCallSid=leg or sid("CA"))
        told |= {"DialCallDuration": str(seconds)} if seconds else {}
        self.document = self.door.ask(self.dial().attrib["action"], told)
        return self.document

    def ends(self, status: str = "completed", seconds: int = 20) -> None:
        answer = self.door.post("call-status", self.params(status, CallDuration=str(seconds)))
        assert answer.status_code == 200, answer.text

    def record(self) -> ET.Element:
        assert self.document is not None
        verb = self.document.find("Record")
        assert verb is not None, ET.tostring(self.document)
        return verb

    def leave_voicemail(self, seconds: int = 34, words: str | None = None) -> str:
        """The recording is told, and its transcript when there are words. Returns the recording's sid."""
        verb, recording = self.record(), sid("RE")
        url = f"https://api.twilio.com/2010-04-01/Accounts/{self.door.business.account_sid}/Recordings/{recording}"
        told = {"CallSid": self.sid, "RecordingSid": recording, "RecordingUrl": url}
        ends = {"RecordingStatus": "completed" if seconds else "absent", "RecordingDuration": str(seconds)}
        self.door.ask(verb.attrib["recordingStatusCallback"], told | ends)
        if words is not None:
            spoken = {"TranscriptionSid": sid("TR"), "TranscriptionStatus": "completed", "TranscriptionText": words}
            self.door.ask(verb.attrib["transcribeCallback"], told | spoken)
        return recording


def said(document: ET.Element) -> str:
    """All words spoken in a document."""
    return " ".join(say.text or "" for say in document.iter("Say"))


def rung(document: ET.Element) -> list[str]:
    """The numbers a document rings."""
    return [number.text or "" for number in document.iter("Number")]


def run_timers(business: Business, times: int = 3) -> None:
    """What a worker does when the bell rings for timers."""
    for _ in range(times):
        timers.run_due(business.id, jobs.TIMERS)


def run_events(business: Business) -> None:
    intake.handle_new(business.id, jobs.EVENTS)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def values(rows: list[Any], name: str) -> list[Any]:
    return [getattr(row, name) for row in rows]
