"""SendGrid: Inbound Parse as a multipart form, events as a JSON array.

https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
It signs only when asked to (ECDSA P-256 over the timestamp and the body as sent). An inlet that holds its verification
keys asks for that; else a secret stands in the address or comes by basic authentication.
"""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import suppress
from email import message_from_string
from email.policy import default

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from hallway.channels import mail_addresses, mail_came
from hallway.channels.mail_post import News, Posted, Vendor, data_of, knows_the_secret, rebuilt

KEYS = "keys:"  # an inlet's secret that begins so holds verification keys, each as SendGrid shows it, one a line
SIGNATURE, SIGNED_AT = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
NEWS = {"delivered": "delivered", "spamreport": "complained", "unsubscribe": "unsubscribed", "dropped": "refused"}


class BadKeyError(ValueError):
    """What was given is no verification key; the message says what one is."""


def sealed_keys(keys: tuple[str, ...]) -> str:
    """The secret of an inlet that takes only what is signed for one of these keys. Raises BadKeyError."""
    for key in keys:
        _public(key)
    return KEYS + "\n".join(key.strip() for key in keys)


def _genuine(posted: Posted, secret: str) -> bool:
    if not secret.startswith(KEYS):
        return knows_the_secret(posted, secret)
    signed = posted.headers.get(SIGNED_AT, "").encode() + posted.raw
    return any(_verifies(key, posted.headers.get(SIGNATURE, ""), signed) for key in secret[len(KEYS) :].splitlines())


def _verifies(key: str, signature: str, signed: bytes) -> bool:
    with suppress(InvalidSignature, ValueError):
        _public(key).verify(base64.b64decode(signature, validate=True), signed, ec.ECDSA(hashes.SHA256()))
        return True
    return False


def _public(key: str) -> ec.EllipticCurvePublicKey:
    try:
        found = load_der_public_key(base64.b64decode(key.strip(), validate=True))
    except ValueError as error:
        raise BadKeyError("A verification key is one line of letters that begins with MFkw.") from error
    if not isinstance(found, ec.EllipticCurvePublicKey):
        raise BadKeyError("SendGrid's verification keys are of another kind (ECDSA).")
    return found


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


VENDOR = Vendor(_genuine, _recipients, _key, _read, _news)
