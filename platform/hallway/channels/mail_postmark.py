"""Postmark: inbound mail and news of ours as JSON (https://postmarkapp.com/developer/webhooks/webhooks-overview).

It signs nothing, so the secret stands in the address or comes by basic authentication.
"""

from __future__ import annotations

from typing import Any

from hallway.channels import mail_addresses, mail_came
from hallway.channels.mail_post import News, Posted, Vendor, data_of, knows_the_secret, rebuilt

GONE = frozenset({"HardBounce", "BadEmailAddress"})
NEWS = {"Delivery": "delivered", "SpamComplaint": "complained"}


def _recipients(posted: Posted) -> list[str]:
    told = posted.params
    named = [one.get("Email", "") for key in ("ToFull", "CcFull", "BccFull") for one in told.get(key) or []]
    return [address for address in (told.get("OriginalRecipient", ""), *named) if address]


def _key(posted: Posted) -> str:
    return str(posted.params.get("MessageID", ""))


def _read(posted: Posted) -> mail_came.Came:
    told = posted.params
    envelope = [told["OriginalRecipient"]] if told.get("OriginalRecipient") else _recipients(posted)
    if told.get("RawEmail"):
        return mail_came.read(str(told["RawEmail"]).encode("utf-8", "surrogateescape"), envelope)
    headers = [(one["Name"], one["Value"]) for one in told.get("Headers") or []]
    known = {name.lower() for name, _ in headers}
    extra = {"From": _from(told), "To": told.get("To", ""), "Subject": told.get("Subject", "")}
    headers += [(name, value) for name, value in extra.items() if name.lower() not in known and value]
    files = [
        (one.get("Name", ""), one.get("ContentType", ""), data_of({"data": one.get("Content", "")}))
        for one in told.get("Attachments") or []
    ]
    return mail_came.read(rebuilt(headers, told.get("TextBody") or "", told.get("HtmlBody") or "", files), envelope)


def _from(told: dict[str, Any]) -> str:
    whole = told.get("FromFull") or {}
    name, address = str(whole.get("Name") or ""), str(whole.get("Email") or told.get("From") or "")
    return f'"{name.replace(chr(34), "")}" <{address}>' if name else address


def _news(posted: Posted) -> list[News]:
    told = posted.params
    about = mail_addresses.read_token("message", str((told.get("Metadata") or {}).get("message", "")))
    record = str(told.get("RecordType") or ("Bounce" if "TypeCode" in told else ""))
    kind = NEWS.get(record)
    if record == "Bounce":
        kind = "bounced" if told.get("Type") in GONE else "refused"
    if record == "SubscriptionChange" and told.get("SuppressSending"):
        kind = "unsubscribed" if told.get("SuppressionReason") == "ManualSuppression" else None
    if kind is None or about is None:
        return []
    said = str(told.get("Details") or told.get("Description") or "")[:200]
    return [News(kind, about, said, f"{record}:{told.get('MessageID', '')}:{told.get('ID', '')}")]


VENDOR = Vendor(knows_the_secret, _recipients, _key, _read, _news)
