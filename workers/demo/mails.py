"""Mail that waits for the demo's workers when they start: somebody wrote to the business instead of calling."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP

from groundwork import intake
from groundwork.database import ScopedSession
from hallway.channels import mail_addresses, mail_inlets
from tenants.models import Tenant

WRITER = "grace.holloway@example.com"
WORDS = """Hi, two of our three upstairs faucets lost pressure since Sunday, and the heater makes a knocking sound.
Could somebody look at it Thursday morning? We are at 2204 Kinney Ave, Austin 78704.

Thanks, Grace

On Mon, Nov 23, 2026 at 9:12 AM Home Warranty <claims@warranty.example> wrote:
> Please choose a plumber yourself and send us the invoice.
"""


def write(session: ScopedSession, tenant: Tenant) -> None:
    """One mail to the business's published address, as our SMTP door would have kept it."""
    to = mail_addresses.published_address(tenant.slug)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = f"Grace Holloway <{WRITER}>", to
    mail["Subject"], mail["Message-ID"] = "Low pressure upstairs", "<grace-1@example.com>"
    mail.set_content(WORDS)
    key, stored = mail_inlets.by_smtp(mail.as_bytes(), [to], WRITER)
    intake.store(session, mail_inlets.SMTP, "mail_in", f"mail_in:{key}", stored)
