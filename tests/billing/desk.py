"""The card desk with a person at its pages, and one business that buys there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import urllib3
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from billing import events, payers
from billing.models import BillingEvent, Payer
from groundwork import clock, scope
from groundwork.database import open_session
from hallway.conversations import Message
from hallway.followup import Enrollment
from tenants import api_keys
from tenants.models import Tenant
from tests.calls.door import Door, Ringing, make_client
from tests.carrier import Carrier
from tests.makers import DANA, Business, make_contact
from tests.ui.visitor import Visitor
from workers import due, jobs

GOOD, DECLINED, LATER = "4242 4242 4242 4242", "4000 0000 0000 0002", "4000 0000 0000 0341"
ASKS = "4000 0025 0000 3155"


class Desk:
    """Buttons of the desk's pages, and its clock."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.http = urllib3.PoolManager(retries=False, timeout=20)

    def fill(self, url: str, **form: str) -> tuple[int, str]:
        """Send a page's form; status and where it leads."""
        reply = self.http.request("POST", url, fields=form, encode_multipart=False, redirect=False)
        return reply.status, reply.headers.get("location", "")

    def page(self, url: str) -> str:
        return self.http.request("GET", url).data.decode()

    def final(self, what: str) -> None:
        """What becomes of a subscription when all tries to charge it have failed."""
        self.carrier.control("POST", "cards", {"final": what})

    def days(self, count: int) -> None:
        """Turn the world's clock, day by day."""
        for _ in range(count):
            self.carrier.control("POST", "clock", {"by": "day"})

    def all(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.carrier.control("GET", f"cards?kind={kind}")
        return found

    def again(self, event: str) -> None:
        self.carrier.control("POST", "cards", {"event": event})


class Shop:
    """A business that chooses a plan, pays, or does not."""

    def __init__(self, desk: Desk, business: Business, app: Flask, email: str) -> None:
        self.desk, self.business, self.email = desk, business, email
        self.door = Door(make_client(), business)
        self.visitor = Visitor(app, business.slug)
        self.log_in()

    def log_in(self) -> None:
        """Sessions end with the weeks that a test lets pass."""
        assert self.visitor.log_in(self.email).status_code == 303

    def open_checkout(self, plan: str = "growth") -> str:
        self.visitor.get("/settings/billing")
        answer = self.visitor.send("/settings/billing/choose", {"plan": plan})
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return answer.headers["Location"]

    def buy(self, plan: str = "growth", card: str | None = GOOD) -> None:
        """Through the checkout and back."""
        url = self.open_checkout(plan)
        card_fields = {"number": card, "exp": "12/34", "do": "pay"} if card else {"do": "without"}
        status, back = self.desk.fill(url, name="Alice", zip="78704", state="TX", **card_fields)
        assert status == 303, status
        self.come_back(back)

    def come_back(self, back: str) -> None:
        parts = urlsplit(back)
        assert self.visitor.get(f"{parts.path}?{parts.query}").status_code == 303

    def new_card(self, card: str = GOOD) -> None:
        """By the portal's card page and back, which pays what is open."""
        self.visitor.get("/settings/billing")
        where = self.visitor.send("/settings/billing/portal", {"card": "yes"}).headers["Location"]
        status, back = self.desk.fill(where, number=card, exp="12/34", do="card")
        assert status == 303
        self.come_back(back)

    def payer(self) -> Payer:
        found = payers.of_tenant(self.business.id)
        assert found
        return found

    def catch_up(self, until: str | None = None) -> str | None:
        """What workers and the clock do, until the desk's subscription is in the state `until`; gives our standing."""

        def look() -> bool:
            with open_session(scope.SYSTEM) as session:
                rung = list(due.bells(session))
            for payer_id, bell in rung:
                if bell == events.BELL:
                    jobs.answer(str(payer_id), bell)
            return until is None or self.payer().status == until

        self.desk.carrier.wait(look, f"the subscription is {self.payer().status}, never {until}", seconds=15)
        look()
        return self.tenant().standing

    def tenant(self) -> Tenant:
        with open_session(scope.SYSTEM) as session:
            return session.scalars(select(Tenant).where(Tenant.id == self.business.id)).one()

    def events(self) -> list[BillingEvent]:
        with open_session(scope.SYSTEM) as session:
            return list(session.scalars(select(BillingEvent)))

    def miss_a_call(self, caller: str = DANA) -> Message:
        """Somebody calls and nobody picks up; what became of the text."""
        with self.business.open() as session:
            make_contact(session, "Dana", caller, line_type="mobile", line_checked_at=clock.now())
        call = Ringing(self.door, caller=caller)
        call.arrive()
        call.ends()
        return self.messages("text_back", caller)[-1]

    def change(self, plan: str) -> None:
        """To another plan, as its preview showed it."""
        page = self.visitor.get(f"/settings/billing/change/{plan}").get_data(as_text=True)
        at = page.split('name="at" value="')[1].split('"')[0]
        assert self.visitor.send(f"/settings/billing/change/{plan}", {"at": at}).status_code == 303
        assert self.tenant().plan == plan

    def api(self, path: str, body: dict[str, str]) -> TestResponse:
        """As the business's own server, with a key of its own."""
        with self.business.open() as session:
            secret = api_keys.make_key(session, "Server", "Alice", ["customers:write", "leads:write"])[1]
        client = self.visitor.client.application.test_client(use_cookies=False)
        headers = {"Authorization": f"Bearer {secret}"}
        return client.post(path, base_url=self.visitor.origin, json=body, headers=headers)

    def enrolled(self) -> list[Enrollment]:
        with self.business.open() as session:
            return list(session.scalars(select(Enrollment).order_by(Enrollment.id)))

    def messages(self, kind: str, address: str) -> list[Message]:
        with self.business.open() as session:
            mine = (Message.kind == kind, Message.to_address == address)
            return list(session.scalars(select(Message).where(*mine).order_by(Message.id)))
