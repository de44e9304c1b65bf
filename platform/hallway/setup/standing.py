"""What runs now and what waits for the carrier, in plain words: the end of set-up, and day one before approval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select

from groundwork import config, phones
from groundwork.database import ScopedSession
from hallway.calls.models import Phone
from hallway.channels import Number
from hallway.followup import Sequence
from hallway.setup.models import LineTest
from tenants.models import Tenant

State = Literal["runs", "waits", "off"]


@dataclass(frozen=True)
class Part:
    """One thing that Hallway does for this business: whether it runs, waits, or is off, and what that means."""

    title: str
    words: str
    state: State
    leads_to: str


def parts(session: ScopedSession, tenant: Tenant) -> list[Part]:
    """Calls, texts, alarms, follow-up, e-mail; what runs first."""
    numbers = list(session.scalars(select(Number).where(Number.active).order_by(Number.id)))
    found = [_calls(session, numbers), _texts(tenant, numbers), _alarms(session), _follow_up(session), MAIL]
    return sorted(found, key=lambda part: part.state != "runs")


def waits(session: ScopedSession) -> list[Number]:
    """Numbers that may be called and may not text yet."""
    return list(session.scalars(select(Number).where(Number.active, Number.waits_for_carrier)))


MAIL = Part(
    "E-mail and web forms",
    "Requests from your website and e-mails are answered and stand in the same inbox.",
    "runs",
    "/settings/forms",
)


def _calls(session: ScopedSession, numbers: list[Number]) -> Part:
    if not numbers:
        return Part("Calls", "There is no number yet, so nobody can call.", "off", "/setup/number")
    proved = session.scalar(select(LineTest.id).where(LineTest.proved_at.is_not(None)).limit(1))
    line = phones.pretty(numbers[0].e164)
    if proved:
        return Part("Calls", f"Calls to {line} are heard, and a real one proved it.", "runs", "/settings/numbers")
    return Part("Calls", f"{line} is ready, and no call has proved it yet.", "waits", "/setup/proof")


def _texts(tenant: Tenant, numbers: list[Number]) -> Part:
    if not numbers or not tenant.text_back_enabled:
        return Part("Texts to missed callers", "Switched off.", "off", "/settings/business")
    if any(number.waits_for_carrier for number in numbers):
        words = "The carriers have to approve your registration first. Until then callers are offered a call-back."
        return Part("Texts to missed callers", words, "waits", "/setup/registration")
    words = "Every missed caller gets a text within seconds, in your words."
    if config.settings().sandbox_url:
        words += " In the sandbox no registration is needed."
    return Part("Texts to missed callers", words, "runs", "/settings/wording")


def _alarms(session: ScopedSession) -> Part:
    on_call = session.scalar(select(func.count(Phone.id)).where(Phone.on_call)) or 0
    if not on_call:
        return Part("Alarms", "No phone is on call, so nobody is paged in an emergency.", "off", "/settings/phones")
    who = "1 phone is" if on_call == 1 else f"{on_call} phones are"
    return Part(
        "Alarms", f"{who} paged when somebody calls twice or writes of an emergency.", "runs", "/settings/phones"
    )


def _follow_up(session: ScopedSession) -> Part:
    on = session.scalars(select(Sequence.name).where(Sequence.enabled, Sequence.archived_at.is_(None))).all()
    if not on:
        return Part("Follow-up", "No sequence is switched on.", "off", "/setup/leaks")
    return Part("Follow-up", f"Switched on: {', '.join(sorted(on)).lower()}.", "runs", "/sequences")
