"""The ways mail comes in: one file per provider and one line in INLETS; and plain SMTP."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping
from uuid import UUID

from groundwork.database import Json
from hallway.channels import mail_addresses, mail_came, mail_mailgun, mail_postmark, mail_sendgrid
from hallway.channels.mail_post import News, Posted, Vendor
from tenants import mail_routes

INLETS: Mapping[str, Vendor] = {
    "postmark": mail_postmark.VENDOR,
    "sendgrid": mail_sendgrid.VENDOR,
    "mailgun": mail_mailgun.VENDOR,
}
SMTP = "smtp"


def read(provider: str, stored: Json) -> mail_came.Came:
    """A stored mail of any provider, or of our own SMTP door."""
    if provider == SMTP:
        return mail_came.read(base64.b64decode(stored["raw"]), stored["recipients"], stored["sender"])
    return INLETS[provider].read(Posted.kept(stored))


def by_smtp(raw: bytes, recipients: Iterable[str], sender: str) -> tuple[str, Json]:
    """(what makes it unique, how it is stored): a mail that is handed in again after a lost answer is the same."""
    to = sorted(recipients)
    key = hashlib.sha256("\0".join([sender, *to, ""]).encode() + raw).hexdigest()
    return key, {"raw": base64.b64encode(raw).decode(), "recipients": to, "sender": sender}


def tenant_for(address: str) -> UUID | None:
    """The business that one of our addresses belongs to; None for a stranger's or a forged one."""
    mark = mail_addresses.read_address(address)
    if mark:
        return mail_routes.tenant_of_mail_key(mark.mail_key)
    slug = mail_addresses.slug_in(address)
    return mail_routes.tenant_of_slug(slug) if slug and "+" not in address else None


__all__ = ["INLETS", "SMTP", "News", "Posted", "Vendor", "by_smtp", "read", "tenant_for"]
