"""Mails of other people as they come to our doors."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from groundwork import intake
from hallway import inbound
from hallway.channels import mail_inlets
from tests.mail.letters import DANA_MAIL
from tests.makers import Business

EVENTS = {"mail_in": inbound.receive_mail, "mail_news": inbound.receive_mail_news}
QUOTED = """

On Tue, Nov 24, 2026 at 9:02 AM Bluff Creek Plumbing via Hallway <
notify@mail.hallway.example> wrote:

> Still need a hand with your water heater?
>
> No more e-mails like this: http://bluff-creek.localhost:8000/unsubscribe/abc
> Unsubscribe from e-mails like this one.
"""


def letter(to: str, body: str, *, sender: str = f"Dana Whitfield <{DANA_MAIL}>", **headers: str) -> EmailMessage:
    """What somebody's mail program would write."""
    mail = EmailMessage(policy=SMTP)
    plain = {
        "From": sender,
        "To": to,
        "Subject": "Re: Your water heater",
        "Message-ID": f"<{abs(hash((to, body)))}@x.example>",
    }
    for name, value in {**plain, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        mail[name] = value
    mail.set_content(body)
    return mail


def hand_in(
    business: Business, mail: EmailMessage | bytes, *recipients: str, sender: str = DANA_MAIL, handle: bool = True
) -> None:
    """As the SMTP door leaves it: stored for the business, then handled."""
    raw = mail if isinstance(mail, bytes) else mail.as_bytes()
    to = recipients or ((str(mail["To"]),) if isinstance(mail, EmailMessage) else ())
    key, stored = mail_inlets.by_smtp(raw, to, sender)
    with business.open() as session:
        intake.store(session, mail_inlets.SMTP, "mail_in", f"mail_in:{key}", stored, {})
    if handle:
        work(business)


def work(business: Business) -> None:
    intake.handle_new(business.id, EVENTS)


def form_of(mail: EmailMessage, recipient: str) -> dict[str, Any]:
    """The same mail as Postmark's JSON."""
    return {
        "MessageID": f"pm-{abs(hash(mail.as_string()))}",
        "FromFull": {"Email": DANA_MAIL, "Name": "Dana Whitfield"},
        "From": DANA_MAIL,
        "To": recipient,
        "ToFull": [{"Email": recipient, "Name": ""}],
        "OriginalRecipient": recipient,
        "Subject": str(mail["Subject"]),
        "TextBody": mail.get_content(),
        "HtmlBody": "",
        "Headers": [{"Name": "Message-ID", "Value": str(mail["Message-ID"])}],
        "Attachments": [],
    }
