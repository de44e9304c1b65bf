"""A stranger with a browser before a form: reads the page, fills in what it asks, sends what the page holds."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from groundwork import intake, timers
from hallway import forms
from hallway.conversations import Message
from hallway.forms import FormSubmission
from tenants import api_keys
from tests.makers import Business
from workers import jobs

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
USUAL = {"name": "Dana Kowalski", "phone": "(512) 555-0148", "message": "Water heater is leaking in the garage"}


def make_form(business: Business, name: str, kind: str = "request", **wanted: Any) -> str:
    """A form of the business; returns its public key."""
    with business.open() as session:
        form = forms.make_form(session, name, kind, wanted.pop("language", "en"))
        for column, value in wanted.items():
            setattr(form, column, value)
        return form.key


def make_key(business: Business, *scopes: str, label: str = "Website server") -> str:
    """A secret key of the business."""
    with business.open() as session:
        return api_keys.make_key(session, label, "Alice Romero", scopes or list(api_keys.SCOPES))[1]


class Door:
    """One form of one business as the world outside meets it."""

    def __init__(self, app: Flask, business: Business, key: str, clock: time_machine.Traveller) -> None:
        self.app, self.business, self.key, self.clock = app, business, key, clock
        self.origin = f"http://{business.slug}.localhost:8000"
        self.client = app.test_client(use_cookies=False)

    def get(self, path: str = "", **headers: str) -> TestResponse:
        return self.client.get(path or f"/f/{self.key}", base_url=self.origin, headers=headers)

    def open(self, where: str = "") -> dict[str, str]:
        """Open the page; what it holds in hidden fields."""
        return hidden(self.get(f"/f/{self.key}{where}"))

    def send(
        self,
        typed: dict[str, Any] | None = None,
        *,
        where: str = "",
        seconds: float = 20,
        held: dict[str, str] | None = None,
        photos: Iterable[tuple[str, bytes]] = (),
        handle: bool = True,
        ip: str = "203.0.113.7",
        **more: str,
    ) -> TestResponse:
        """Fill the form in for `seconds` and send it; then let the workers do what follows."""
        held = self.open(where) if held is None else held
        self.clock.shift(timedelta(seconds=seconds))
        data: MultiDict[str, Any] = MultiDict({**held, **(USUAL if typed is None else typed), **more})
        for name, content in photos:
            data.add("photos", (io.BytesIO(content), name))
        answer = self.client.post(
            f"/f/{self.key}{where.split('?')[0]}",
            base_url=self.origin,
            data=data,
            content_type="multipart/form-data",
            environ_overrides={"REMOTE_ADDR": ip},
            headers={"User-Agent": "Mozilla/5.0 (iPhone)"},
        )
        if handle:
            self.work()
        return answer

    def work(self) -> None:
        """What the workers do: events, then timers."""
        intake.handle_new(self.business.id, jobs.EVENTS)
        while timers.run_due(self.business.id, jobs.TIMERS):
            pass

    def api(self, body: Any, key: str | None = None, *, path: str = "", **headers: str) -> TestResponse:
        """One POST of a developer."""
        given = {"Authorization": f"Bearer {key}"} if key else {}
        return self.client.post(
            path or f"/api/forms/{self.key}/submissions",
            base_url=self.origin,
            json=body,
            headers={**given, **{name.replace("_", "-"): value for name, value in headers.items()}},
        )

    def submissions(self) -> list[FormSubmission]:
        with self.business.open() as session:
            return list(session.scalars(select(FormSubmission).order_by(FormSubmission.id)))

    def texts(self) -> list[Message]:
        """What went out, oldest first."""
        with self.business.open() as session:
            out = select(Message).where(Message.direction == "out", Message.channel == "sms")
            return list(session.scalars(out.order_by(Message.at, Message.id)))


def hidden(page: TestResponse) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them back."""
    found = HIDDEN.findall(page.get_data(as_text=True))
    return {name: html.unescape(value) for name, value in found}
