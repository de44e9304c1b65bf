"""Mailgun: a route's forward() as a form, events as JSON, both signed with the account's webhook signing key.

https://documentation.mailgun.com/docs/mailgun/user-manual/tracking-messages/#securing-webhooks
Retries keep their first timestamp for hours, so an old one is no sign of a replay: the token is, and it is our key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from hallway.channels import mail_addresses, mail_came
from hallway.channels.mail_post import News, Posted, Vendor, data_of, rebuilt

NEWS = {"delivered": "delivered", "complained": "complained", "unsubscribed": "unsubscribed"}


def _genuine(posted: Posted, secret: str) -> bool:
    signed = posted.params.get("signature")
    parts: dict[str, Any] = signed if isinstance(signed, dict) else posted.params
    text = f"{parts.get('timestamp', '')}{parts.get('token', '')}"
    given = str(parts.get("signature", ""))
    return bool(text) and hmac.compare_digest(
        hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest(), given
    )


def _recipients(posted: Posted) -> list[str]:
    return [one.strip() for one in str(posted.params.get("recipient", "")).split(",") if one.strip()]


def _key(posted: Posted) -> str:
    return str(posted.params.get("token", ""))


def _read(posted: Posted) -> mail_came.Came:
    told, envelope, sender = posted.params, _recipients(posted), posted.params.get("sender")
    if told.get("body-mime"):
        return mail_came.read(str(told["body-mime"]).encode("utf-8", "surrogateescape"), envelope, sender)
    headers = _headers(told)
    files = [(one["name"], one["type"], data_of(one)) for one in posted.files]
    raw = rebuilt(headers, told.get("body-plain", ""), told.get("body-html", ""), files)
    return mail_came.read(raw, envelope, sender)


def _headers(told: dict[str, Any]) -> list[tuple[str, str]]:
    try:
        headers = [(str(name), str(value)) for name, value in json.loads(told.get("message-headers") or "[]")]
    except ValueError:
        headers = []
    known = {name.lower() for name, _ in headers}
    names = ("From", "Subject", "Message-Id", "In-Reply-To", "References", "To")
    extra = [(name, str(told.get(name) or told.get(name.lower()) or "")) for name in names]
    return headers + [(name, value) for name, value in extra if value and name.lower() not in known]


def _news(posted: Posted) -> list[News]:
    event = posted.params.get("event-data") or {}
    headers = (event.get("message") or {}).get("headers") or {}
    about = mail_addresses.read_header_id(str(headers.get("message-id", "")))
    kind = NEWS.get(str(event.get("event")))
    if event.get("event") == "failed" and event.get("severity") == "permanent":
        kind = (
            "bounced" if str((event.get("delivery-status") or {}).get("code")) in ("550", "551", "553") else "refused"
        )
    if about is None or kind is None:
        return []
    status = event.get("delivery-status") or {}
    return [
        News(kind, about, str(status.get("message") or status.get("description") or "")[:200], str(event.get("id")))
    ]


VENDOR = Vendor(_genuine, _recipients, _key, _read, _news)
