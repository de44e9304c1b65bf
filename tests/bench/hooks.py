"""The carrier's requests as the product knows them: signed, with the carrier's parameters."""

from __future__ import annotations

from uuid import uuid4

from twilio.request_validator import RequestValidator

from groundwork import clock
from tests.bench.load import Request
from tests.bench.stack import ACCOUNT, TOKEN
from tests.makers import Business, make_contact, make_tenant

OPEN = {day: [["00:00", "23:59"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def business(*, account_sid: str = ACCOUNT, auth_token: str = TOKEN) -> Business:
    """A business that is open now, whose number the carrier lets send as fast as it likes."""
    made = make_tenant(
        "Bluff Creek Plumbing", "bluff-creek", hours=OPEN, account_sid=account_sid, auth_token=auth_token
    )
    with made.open() as session:
        session.connection().exec_driver_sql("update number set per_second = 10000")
    return made


def caller(number: int) -> str:
    """An Austin number; every caller another one."""
    return f"+1512{2000000 + number:07d}"


def know_mobiles(owner: Business, callers: list[str]) -> None:
    """Callers whose line type the carrier told within the month, as when the phone has rung for a while."""
    with owner.open() as session:
        for phone in callers:
            make_contact(session, "", phone, line_type="mobile", line_checked_at=clock.now())
            session.expunge_all()


def signed(web: str, owner: Business, kind: str, params: dict[str, str], query: str = "") -> Request:
    url = f"{web}/hooks/twilio/{owner.account}/{kind}{query}"
    signature = RequestValidator(TOKEN).compute_signature(url, params)
    return url, params, {"X-Twilio-Signature": signature}


def call(phone: str, to: str, status: str = "ringing") -> dict[str, str]:
    sid = f"CA{uuid4().hex}"
    return {
        "CallSid": sid,
        "AccountSid": ACCOUNT,
        "From": phone,
        "To": to,
        "CallStatus": status,
        "ApiVersion": "2010-04-01",
        "Direction": "inbound",
        "FromState": "TX",
        "ToState": "TX",
    }


def hung_up(arrival: dict[str, str]) -> dict[str, str]:
    """The end of a call that nobody answered: the caller hung up while it rang."""
    return {**arrival, "CallStatus": "completed", "CallDuration": "12", "Duration": "1", "SequenceNumber": "0"}


def text(phone: str, to: str) -> dict[str, str]:
    sid = f"SM{uuid4().hex}"
    return {
        "MessageSid": sid,
        "SmsSid": sid,
        "AccountSid": ACCOUNT,
        "From": phone,
        "To": to,
        "Body": "My water heater is leaking, can someone come today?",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }
