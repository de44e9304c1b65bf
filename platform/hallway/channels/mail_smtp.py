"""E-mail out by SMTP, to any provider by address (MAIL_URL).

SMTP has neither an idempotency key nor a list to look into. What makes a second try harmless is the Message-ID, which
stays the same: a connection that dies after the words went out is `Unknown`, and never an ordinary retry.
"""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from groundwork import clock, config, metrics
from hallway.channels import mail_connections
from hallway.channels.answers import Accepted, Answer, Later, Letter, Outgoing, Refused, Unknown
from tenants.routing import CarrierLogin

TRY_AGAIN = timedelta(minutes=2)  # grey-listing servers want to see patience
LINE_START_DOT = re.compile(rb"^\.", re.MULTILINE)
ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
METHOD = re.compile(r"^METHOD:(\w+)\s*$", re.MULTILINE)
NO_MAILBOX = (550, 551, 553)


def send(_login: CarrierLogin | None, message: Outgoing) -> Answer:
    """Hand one e-mail to the mail server. Never raises for what the network or the server does."""
    if message.letter is None or not config.settings().mail_url:
        return Later("E-mail is not set up here.", TRY_AGAIN)
    raw = written(message, message.letter)
    with metrics.provider_call.labels("smtp").time():
        try:
            with mail_connections.connection(config.settings().mail_url) as server:
                return _hand_over(server, message, message.letter, raw)
        except smtplib.SMTPAuthenticationError:
            return Later("The mail server refused our password.", TRY_AGAIN)
        except (smtplib.SMTPException, OSError) as error:
            return Later(f"The mail server cannot be reached ({type(error).__name__}).", TRY_AGAIN)


def written(message: Outgoing, letter: Letter) -> bytes:
    """The e-mail as it goes over the wire: text and HTML, with every header that mail programs thread and judge by."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(_line(letter.sender_name), addr_spec=message.sender)
    mail["To"] = Address(addr_spec=message.recipient)
    mail["Reply-To"] = Address(_line(letter.sender_name), addr_spec=letter.reply_to)
    mail["Subject"] = _line(letter.subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = letter.header_id
    if letter.references:
        mail["In-Reply-To"] = letter.references[-1]
        mail["References"] = " ".join(letter.references)
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    if letter.unsubscribe:
        click, mailto = letter.unsubscribe
        mail["List-Unsubscribe"] = f"<{click}>, <mailto:{mailto}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Postmark would put a Message-ID of its own (https://postmarkapp.com/developer/user-guide/send-email-with-smtp).
    mail["X-PM-KeepID"] = "true"
    mail["X-PM-Metadata-message"] = letter.header_id.strip("<>").partition("@")[0]
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.calendar:
        _invite(mail, letter.calendar)
    for file in letter.files:
        main, _, sub = file.content_type.partition("/")
        mail.add_attachment(file.data, maintype=main, subtype=sub, filename=_line(file.name))
    return mail.as_bytes()


def _invite(mail: EmailMessage, calendar: str) -> None:
    """RFC 6047: mail programs act on the part that names its method; others are given a file to open."""
    method = METHOD.search(calendar)
    mail.add_alternative(calendar, subtype="calendar", params={"method": method[1] if method else "PUBLISH"})
    mail.add_attachment(calendar.encode(), maintype="application", subtype="ics", filename="visit.ics")


def _hand_over(server: smtplib.SMTP, message: Outgoing, letter: Letter, raw: bytes) -> Answer:
    code, words = server.mail(letter.return_path)
    if code != 250:
        return _declined(code, words)
    code, words = server.rcpt(message.recipient)
    if code not in (250, 251):
        return _declined(code, words, of_recipient=True)
    code, words = server.docmd("DATA")
    if code != 354:
        return _declined(code, words)
    try:
        server.send(LINE_START_DOT.sub(b"..", raw) + b".\r\n")
        code, words = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        server.close()
        return Unknown(f"The mail server broke off after the words ({type(error).__name__}).")
    return Accepted(letter.header_id, "accepted") if code == 250 else _declined(code, words)


def _declined(code: int, words: bytes, *, of_recipient: bool = False) -> Answer:
    """4xx is for now, 5xx for good; only a refusal of the recipient says something about the address."""
    said = _line(words.decode("utf-8", "replace"))[:200]
    status = ENHANCED.search(said)
    if code < 500:
        return Later(f"The mail server asks us to come back later ({code}).", TRY_AGAIN)
    if status and status[1] == "5.2.2":
        return Refused("mail.full", said)
    if of_recipient and (status[1].startswith("5.1.") if status else code in NO_MAILBOX):
        return Refused("mail.no_such_address", said)
    return Refused("mail.refused" if of_recipient or status else "mail.our_server", said)


def _line(text: str) -> str:
    """Headers are one line, whatever a tenant typed."""
    return " ".join(text.split())
