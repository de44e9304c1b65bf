"""A mail server of somebody else's, in this process: takes mails or refuses them as told."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Came:
    """One mail as it came over the wire."""

    mail_from: str
    rcpt_tos: list[str]
    raw: bytes
    peer: Any = None  # the connection it came by

    @property
    def mail(self) -> EmailMessage:
        found = email.message_from_bytes(self.raw, policy=default)
        assert isinstance(found, EmailMessage)
        return found

    def part(self, kind: str) -> str:
        body = self.mail.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass
class PostOffice:
    """`refuse_recipient` and `answer` are SMTP replies; it breaks off after the words `hang_up` times.

    After `forget` mails it lets the connection go without a word.
    """

    url: str = ""
    came: list[Came] = field(default_factory=list)
    refuse_recipient: str = ""
    answer: str = ""
    hang_up: int = 0
    forget: int = 0

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        if self.refuse_recipient:
            return self.refuse_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answer:
            return self.answer
        self.came.append(Came(envelope.mail_from, envelope.rcpt_tos, envelope.content, session.peer))
        if self.hang_up:
            self.hang_up -= 1
            server.transport.abort()
        if self.forget:
            self.forget -= 1
            server.loop.call_later(0.01, server.transport.abort)
        return "250 OK"


@contextmanager
def open_post_office() -> Iterator[PostOffice]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = PostOffice(f"smtp://127.0.0.1:{port}?tls=none")
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
