"""Two businesses with accounts at a real carrier process, and an ear for what the carrier tells."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from groundwork import config
from groundwork.config import Settings
from hallway import sending
from hallway.conversations import Conversation, Message
from tests import makers
from tests.carrier import Carrier, running_carrier
from tests.makers import Business

_numbers = count()
AREAS = (512, 737, 210, 214, 469, 713, 832, 817, 254, 325, 361, 409, 430, 432)


def fresh_number() -> str:
    """A Texan number that no test used before, for the carrier remembers; from 0190 on its phones are peculiar."""
    area, line = divmod(next(_numbers), 90)
    return f"+1{AREAS[area]}55501{line:02}"


@dataclass
class Ear:
    """Hears the carrier's callbacks; `apply` hands one to the business as the hooks would."""

    url: str
    heard: list[dict[str, str]] = field(default_factory=list)

    def of(self, message_id: UUID) -> list[dict[str, str]]:
        return [one for one in self.heard if one.get("m") == str(message_id)]

    def apply(self, business: Business, told: dict[str, str]) -> None:
        with business.open() as session:
            sending.apply_status(
                session, UUID(told["m"]), told["MessageSid"], told["MessageStatus"], told.get("ErrorCode")
            )


@pytest.fixture(scope="session")
def ear() -> Iterator[Ear]:
    heard: list[dict[str, str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.append(dict(parse_qsl(urlsplit(self.path).query)) | dict(parse_qsl(form, keep_blank_values=True)))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Ear(f"http://127.0.0.1:{server.server_port}", heard)
    server.shutdown()


@pytest.fixture(scope="session")
def carrier_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    folder: Path = tmp_path_factory.mktemp("carrier")
    with running_carrier(folder, step=0.05) as carrier:
        yield carrier


@pytest.fixture
def carrier(carrier_process: Carrier, ear: Ear, clean: Settings) -> Iterator[Carrier]:
    """The carrier, configured as ours, without faults."""
    carrier_process.clear_faults()
    ear.heard.clear()
    led = {
        "TWILIO_API_URL": carrier_process.url,
        "TWILIO_ACCOUNT_SID": carrier_process.account_sid,
        "TWILIO_AUTH_TOKEN": carrier_process.auth_token,
        "HOOKS_URL": ear.url,
    }
    os.environ.update(led)
    config.settings.cache_clear()
    yield carrier_process
    for name in led:
        del os.environ[name]
    config.settings.cache_clear()


def at_carrier(carrier: Carrier, name: str, slug: str, cell: str = "+15125550177") -> Business:
    """A business with its own sub-account and number at the carrier."""
    account = carrier.sdk().api.v2010.accounts.create(friendly_name=name)
    number = fresh_number()
    carrier.sdk(account.sid, account.auth_token).incoming_phone_numbers.create(phone_number=number)
    return makers.make_tenant(
        name, slug, number=number, account_sid=account.sid, auth_token=account.auth_token, cell=cell
    )


@pytest.fixture
def plumber(carrier: Carrier) -> Business:
    return at_carrier(carrier, "Bluff Creek Plumbing", "bluff-creek")


@pytest.fixture
def charlie(carrier: Carrier) -> Business:
    return at_carrier(carrier, "Charlie's Garage Doors", "charlies", cell="+13035550177")


@dataclass(frozen=True)
class Missed:
    """A caller we missed and the text-back that was queued."""

    caller: str
    message: Message
    conversation: Conversation


def miss_a_call(business: Business, caller: str | None = None, body: str | None = None) -> Missed:
    """Somebody calls, nobody answers, the text-back is queued."""
    caller = caller or fresh_number()
    words = body or f"Sorry we missed you! {business.name} here. What do you need? Reply STOP to opt out."
    with business.open() as session:
        contact = makers.make_contact(session, phone=caller, line_type="mobile")
        conversation = makers.make_conversation(session, contact)
        call = makers.make_call(session, conversation, business=business, caller=caller)
        message = sending.queue(
            session, conversation, words, kind="text_back", purpose="reply", call_id=call.id, shelf_life=makers.SOON
        )
    return Missed(caller, message, conversation)


def look(business: Business, message: Message) -> Message:
    """The text as it stands now."""
    with business.open() as session:
        return session.get_one(Message, (business.id, message.id))
