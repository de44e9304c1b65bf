"""An e-mail that came in, read from its raw form: who, to whom, which thread, which words, and written by what."""

from __future__ import annotations

import email
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import getaddresses, parseaddr

from hallway.channels import mail_addresses, mail_words

MOST_PARTS = 100
MOST_REFERENCES = 50
HEADER_ID = re.compile(r"<[^<>\s]{1,400}>")
SHOWN = ("image/", "audio/", "video/", "text/calendar")
MACHINES = re.compile(r"^(?:mailer-daemon|postmaster|(?:no|do-?not)[-_.]?reply)\b", re.IGNORECASE)
STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True)
class File:
    """An attachment. `content_type` is what the sender says it is."""

    name: str
    content_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Report:
    """What a mail server tells of a mail of ours: bounced for good, put off, or a complaint.

    `about` is our message's mark, by the address the report came to or the Message-ID it quotes.
    """

    kind: str  # bounced, delayed, complained
    about: mail_addresses.Mark | None
    said: str


@dataclass(frozen=True)
class Came:
    """Addresses are lower case. `envelope` are the recipients it was delivered to, `header` those it names."""

    sender: str
    sender_name: str
    envelope: tuple[str, ...]
    header: tuple[str, ...]
    subject: str
    header_id: str
    references: tuple[str, ...]
    words: str
    files: tuple[File, ...]
    automatic: str | None  # why it counts as written by a machine, in plain words
    report: Report | None


def read(raw: bytes, envelope: Iterable[str], envelope_sender: str | None = None) -> Came:
    """Read a mail as it came over the wire. Never raises for what a stranger wrote."""
    mail = email.message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - what the policy makes
    recipients = tuple(address.strip("<> ").lower() for address in envelope)
    name, sender = parseaddr(_header(mail, "From"))
    return Came(
        sender=sender.lower(),
        sender_name=name.strip(),
        envelope=recipients,
        header=tuple(addr.lower() for _, addr in getaddresses([_header(mail, "To"), _header(mail, "Cc")]) if addr),
        subject=" ".join(_header(mail, "Subject").split())[:300],
        header_id=next(iter(HEADER_ID.findall(_header(mail, "Message-ID"))), ""),
        references=_references(mail),
        words=_words(mail),
        files=tuple(_files(mail)),
        automatic=_automatic(mail, sender, envelope_sender),
        report=_report(mail, recipients),
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name, "")).replace("\0", "")
    except (ValueError, TypeError, IndexError, AttributeError):  # malformed past what the parser forgives
        return ""


def _references(mail: EmailMessage) -> tuple[str, ...]:
    """What it answers, the nearest first."""
    named = HEADER_ID.findall(_header(mail, "In-Reply-To"))
    named += HEADER_ID.findall(_header(mail, "References"))[::-1]
    return tuple(dict.fromkeys(named))[:MOST_REFERENCES]


def _words(mail: EmailMessage) -> str:
    try:
        body = mail.get_body(("plain", "html"))
    except (ValueError, TypeError, KeyError, AttributeError):
        body = None
    if body is None:
        return ""
    text = _text(body)
    return mail_words.from_html(text) if body.get_content_type() == "text/html" else text.strip()


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        words = raw.decode(charset, "replace")
    except LookupError:
        words = raw.decode("utf-8", "replace")
    return words.replace("\0", "")[: mail_words.LONGEST]


def _files(mail: EmailMessage) -> Iterator[File]:
    if mail.get_content_type() == "multipart/report":
        return
    for place, part in enumerate(mail.walk()):
        if place > MOST_PARTS:
            return
        named = part.get_filename()
        kind = part.get_content_type().lower()
        shown = kind.startswith(SHOWN) or part.get_content_disposition() == "attachment"
        data = part.get_payload(decode=True) if not part.is_multipart() and (named or shown) else None
        if isinstance(data, bytes) and data:
            yield File(named or f"file {place}", kind, data)


def _automatic(mail: EmailMessage, sender: str, envelope_sender: str | None) -> str | None:
    """RFC 3834, and what mail programs really send."""
    submitted = _header(mail, "Auto-Submitted").split(";")[0].strip().lower()
    precedence = _header(mail, "Precedence").strip().lower()
    if submitted and submitted != "no":
        return "An automatic answer"
    if precedence in ("bulk", "junk", "list", "auto_reply") or mail["List-Id"] or mail["List-Unsubscribe"]:
        return "A mailing list"
    if any(mail[name] for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")):
        return "An automatic answer"
    if envelope_sender == "" or _header(mail, "Return-Path").strip() == "<>" or MACHINES.match(sender):
        return "A mail server's own note"
    return None


def _report(mail: EmailMessage, recipients: tuple[str, ...]) -> Report | None:
    marks = [mark for address in recipients if (mark := mail_addresses.read_address(address))]
    about = next((mark for mark in marks if mark.use == "bounce"), None) or _quoted(mail)
    kind = mail.get_param("report-type") if mail.get_content_type() == "multipart/report" else None
    if kind == "feedback-report":
        return Report("complained", about, "")
    if kind == "delivery-status":
        return _delivery_status(mail, about)
    if any(mark.use == "bounce" for mark in marks) and MACHINES.match(parseaddr(_header(mail, "From"))[1]):
        status = STATUS.search(_words(mail))
        bounced = status is None or status[1] == "5"
        return Report("bounced" if bounced else "delayed", about, status[0] if status else "")
    return None


def _delivery_status(mail: EmailMessage, about: mail_addresses.Mark | None) -> Report | None:
    """RFC 3464: one block about the mail, then one for each recipient."""
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        blocks = part.get_payload()
        for block in [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []:
            action = str(block.get("Action", "")).strip().lower()
            said = str(block.get("Diagnostic-Code") or block.get("Status") or "").partition(";")[2].strip()
            if action in ("failed", "delayed"):
                lasting = action == "failed" and not str(block.get("Status", "5")).strip().startswith("4")
                return Report("bounced" if lasting else "delayed", about, " ".join(said.split())[:200])
    return None


def _quoted(mail: EmailMessage) -> mail_addresses.Mark | None:
    """Our message by the Message-ID of the mail that the report encloses."""
    for part in mail.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            for found in HEADER_ID.findall(part.as_string()):
                mark = mail_addresses.read_header_id(found)
                if mark:
                    return mark
    return None
