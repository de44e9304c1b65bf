"""SendGrid: Inbound Parse as a multipart form, events as a JSON array.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
It signs nothing unless asked to, so the secret stands in the address or comes by basic authentication.
"""

from __future__ import annotations

import hashlib
import json
from email import message_from_string
from email.policy import default

from hallway.channels import mail_addresses, mail_came
from hallway.channels.mail_post import News, Posted, Vendor, data_of, knows_the_secret, rebuilt

NEWS = {"delivered": "delivered", "spamreport": "complained", "unsubscribe": "unsubscribed", "dropped": "refused"}


def _recipients(posted: Posted) -> list[str]:
    try:
        envelope = json.loads(posted.params.get("envelope") or "{}")
    except ValueError:
        envelope = {}
    return [str(address) for address in envelope.get("to") or []]


def _key(posted: Posted) -> str:
    """SendGrid gives no id; a second try posts the same headers to the same recipients."""
    told = posted.params
    parts = (told.get("headers", ""), told.get("envelope", ""), told.get("email", ""), told.get("text", ""))
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def _read(posted: Posted) -> mail_came.Came:
    told, envelope = posted.params, _recipients(posted)
    if told.get("email"):
        return mail_came.read(str(told["email"]).encode("utf-8", "surrogateescape"), envelope)
    headers = [
        (name, str(value)) for name, value in message_from_string(told.get("headers", ""), policy=default).items()
    ]
    known = {name.lower() for name, _ in headers}
    extra = (("From", told.get("from", "")), ("To", told.get("to", "")), ("Subject", told.get("subject", "")))
    headers += [(name, value) for name, value in extra if name.lower() not in known and value]
    files = [(one["name"], one["type"], data_of(one)) for one in posted.files]
    return mail_came.read(rebuilt(headers, told.get("text", ""), told.get("html", ""), files), envelope)


def _news(posted: Posted) -> list[News]:
    found = []
    for event in posted.params.get("events") or []:
        about = mail_addresses.read_header_id(str(event.get("smtp-id", "")))
        kind = NEWS.get(str(event.get("event")))
        if event.get("event") == "bounce":
            kind = "refused" if event.get("type") == "blocked" else "bounced"
        if about and kind:
            found.append(News(kind, about, str(event.get("reason") or "")[:200], str(event.get("sg_event_id", ""))))
    return found


VENDOR = Vendor(knows_the_secret, _recipients, _key, _read, _news)
