"""Mail in a box: an SMTP server that takes every mail, and people who read and answer them."""

import asyncio
import smtplib
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.policy import default
from email.utils import make_msgid, parseaddr
from typing import Any

from aiosmtpd.smtp import SMTP

from sandbox import world_time
from sandbox.core import Core
from sandbox.store import Row

REFUSED = "550 5.1.1 No such user here"
LATER = "451 4.7.1 Come back later"


class PostOffice:
    def __init__(self, core: Core) -> None:
        self._core = core
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        settings = self._core.settings
        if settings.mail_port:
            loop = asyncio.get_running_loop()
            self._server = await loop.create_server(self._session, settings.host, settings.mail_port)

    async def close(self) -> None:
        if self._server:
            self._server.close()

    def _session(self) -> SMTP:
        return SMTP(self, hostname="mx.sandbox.example", enable_SMTPUTF8=True)

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if self._core.faults.strike(("mail_refused",), f"RCPT {address}"):
            return REFUSED
        if self._core.faults.strike(("mail_later",), f"RCPT {address}"):
            return LATER
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self.keep(address.lower(), envelope.content, envelope.mail_from or "")
        struck = self._core.faults.strike(("mail_cut",), f"DATA {' '.join(envelope.rcpt_tos)}")
        if struck and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        return "250 2.0.0 Taken"

    def keep(self, box: str, raw: bytes, mail_from: str, *, mine: bool = False) -> None:
        """Into the box; like the large mailboxes it shows a mail with a Message-ID it has only once."""
        header_id = str(message_from_bytes(raw, policy=default).get("Message-ID") or make_msgid()).strip()
        self._core.store.run(
            "INSERT OR IGNORE INTO mail (box, mine, mail_from, message_id, raw, at) VALUES (?, ?, ?, ?, ?, ?)",
            box, int(mine), mail_from, header_id, raw, world_time.now(),
        )  # fmt: skip
        self._core.feed.publish("mail")

    async def answer(self, row: Row, kind: str, words: str) -> None:
        """Be the person (or their mail server): reply, auto, bounce or complaint. Raises ValueError, OSError."""
        got = message_from_bytes(row["raw"], policy=default)
        assert isinstance(got, EmailMessage)  # noqa: S101 - what the policy makes
        if kind == "bounce":
            await self.send("", row["mail_from"], _bounce(row, got))
        elif kind == "complaint":
            await self.send("fbl@sandbox.example", row["mail_from"], _complaint(row))
        else:
            mail = _reply(row["box"], got, words or "(no words)")
            if kind == "auto":
                mail["Auto-Submitted"] = "auto-replied"
            to = parseaddr(str(got["Reply-To"] or got["From"]))[1]
            await self.write(row["box"], to, mail)

    async def write(self, sender: str, recipient: str, mail: EmailMessage) -> None:
        """Send a mail of somebody's and keep it among theirs."""
        raw = mail.as_bytes(policy=WIRE)
        await self.send(sender, recipient, raw)
        self.keep(sender, raw, sender, mine=True)

    async def send(self, sender: str, recipient: str, raw: bytes) -> None:
        host, _, port = self._core.settings.mail_to.rpartition(":")
        if not port:
            raise ValueError("No mail server was named when the sandbox was started (--mail-to).")
        await asyncio.to_thread(_send, host or "127.0.0.1", int(port), sender, recipient, raw)


def new_mail(sender: str, name: str, recipient: str, subject: str, words: str) -> EmailMessage:
    mail = EmailMessage(policy=default)
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{sender}>" if name else sender, recipient, subject
    mail["Message-ID"] = make_msgid(domain="sandbox.example")
    mail.set_content(words)
    return mail


def _reply(box: str, got: EmailMessage, words: str) -> EmailMessage:
    subject = str(got["Subject"] or "")
    name = parseaddr(str(got["To"] or ""))[0]
    mail = new_mail(box, name, str(got["Reply-To"] or got["From"]), _again(subject), f"{words}{_quoted(got)}")
    mail["In-Reply-To"] = str(got["Message-ID"])
    mail["References"] = " ".join(f"{got['References'] or ''} {got['Message-ID']}".split())
    return mail


def _again(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _quoted(got: EmailMessage) -> str:
    body = got.get_body(("plain",))
    lines = str(body.get_content()).splitlines() if body else []
    return f"\n\nOn Mon, Nov 23, 2026 at 9:00 AM {got['From']} wrote:\n" + "\n".join(f"> {line}" for line in lines)


def _bounce(row: Row, got: EmailMessage) -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.sandbox.example\r\nTo: {row['mail_from']}\r\nSubject: Undelivered Mail\r\n"
        f"Message-ID: {make_msgid(domain='mx.sandbox.example')}\r\nAuto-Submitted: auto-replied\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nI am sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.sandbox.example\r\n\r\n"
        f"Final-Recipient: rfc822; {row['box']}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user here\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {got['Message-ID']}\r\n\r\n--b--\r\n"
    ).encode()


def _complaint(row: Row) -> bytes:
    head = (
        "From: fbl@sandbox.example\r\nSubject: Complaint\r\n"
        f"Message-ID: {make_msgid(domain='sandbox.example')}\r\n"
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
    )
    return head.encode() + bytes(row["raw"]) + b"\r\n--b--\r\n"


def _send(host: str, port: int, sender: str, recipient: str, raw: bytes) -> None:
    try:
        with smtplib.SMTP(host, port, timeout=20) as server:
            server.sendmail(sender, [recipient], raw)
    except smtplib.SMTPRecipientsRefused as refused:
        raise ValueError(f"The business's mail server refused it: {refused.recipients}") from refused
    except smtplib.SMTPException as failed:
        raise ValueError(f"The business's mail server did not take it: {failed}") from failed
