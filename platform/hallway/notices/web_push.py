"""Web push (RFC 8030, 8291, 8292): a browser's subscription, and one encrypted message to it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPusher
from sqlalchemy import func, select

from groundwork import clock, config, outward
from groundwork.database import ScopedSession, new_id
from hallway.notices.answers import Dead, Failed, Later, Sent, WayAnswer
from hallway.notices.models import Notice, PushDevice

TTL = 3600  # seconds the push service keeps it for a device that is off
MOST_DEVICES = 10
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve P-256


class PushError(ValueError):
    """A subscription that cannot be kept; the message says why."""


def subscribe(session: ScopedSession, member_id: UUID, given: object, label: str) -> PushDevice:
    """Keep what a browser's `pushManager.subscribe` gave. Raises PushError for anything else, or too many browsers."""
    endpoint, p256dh, auth = _parts(given)
    found = session.scalar(select(PushDevice).where(PushDevice.endpoint == endpoint))
    count = session.scalar(select(func.count()).select_from(PushDevice).where(PushDevice.member_id == member_id)) or 0
    if found is None and count >= MOST_DEVICES:
        raise PushError(f"You have {MOST_DEVICES} browsers already. Remove one you no longer use.")
    device = found or PushDevice(id=new_id(), endpoint=endpoint)
    device.member_id, device.label, device.p256dh, device.auth = member_id, label[:60], p256dh, auth
    device.off_at = device.off_reason = None
    session.add(device)
    session.flush()
    return device


def _parts(given: object) -> tuple[str, str, str]:
    try:
        assert isinstance(given, dict)  # noqa: S101
        endpoint, p256dh, auth = str(given["endpoint"]), str(given["keys"]["p256dh"]), str(given["keys"]["auth"])
        outward.check(endpoint)
        if len(_bytes(p256dh)) != 65 or len(_bytes(auth)) != 16:
            raise PushError("This is not what a browser gives for push.")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(p256dh))
    except outward.ForbiddenAddressError as error:
        raise PushError(str(error)) from error
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise PushError("This is not what a browser gives for push.") from error
    return endpoint, p256dh, auth


def post(device: PushDevice, notice: Notice, *, with_words: bool) -> WayAnswer:
    """One push. Without `with_words` it holds no word of the customer's: lock screens are read by others."""
    try:
        reply = outward.post(device.endpoint, _encrypted(device, notice, with_words), _headers(device.endpoint, notice))
    except outward.ForbiddenAddressError as error:
        return Dead(str(error))
    except outward.AwayError as error:
        return Later(f"The push service could not be reached ({error}).")
    if reply.status in (200, 201, 202):
        return Sent()
    if reply.status in (404, 410):
        return Dead("The browser has taken its permission back.")
    if reply.status in (400, 401, 403, 413):
        return Failed(f"The push service refused it ({reply.status}).")
    return Later(f"The push service answered {reply.status}.", reply.retry_after)


def _encrypted(device: PushDevice, notice: Notice, with_words: bool) -> bytes:
    about = {"id": str(notice.id), "title": notice.title, "url": f"/notices/{notice.id}"}
    about |= {
        "body": notice.body if with_words else "Open it to read.",
        "tag": str(notice.conversation_id or notice.id),
    }
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    pusher = WebPusher({"endpoint": device.endpoint, "keys": keys})
    return bytes(pusher.encode(json.dumps(about).encode(), content_encoding="aes128gcm")["body"])


def _headers(endpoint: str, notice: Notice) -> dict[str, str]:
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(clock.now().timestamp()) + 12 * 3600}
    settings = config.settings()
    claims["sub"] = settings.push_contact or f"https://{settings.base_host.partition(':')[0]}"
    signed = {str(name): str(value) for name, value in _vapid().sign(claims).items()}
    topic = base64.urlsafe_b64encode((notice.conversation_id or notice.id).bytes).decode().rstrip("=")
    own = {"TTL": str(TTL), "Urgency": "high" if notice.urgent else "normal", "Topic": topic}
    return signed | own | {"Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream"}


def public_key() -> str:
    """The application server key that browsers subscribe with, base64url."""
    point = _vapid().public_key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


@lru_cache(maxsize=1)
def _vapid() -> Vapid02:
    """One key for the installation: given, or derived from its secret. Changing it ends every subscription."""
    settings = config.settings()
    if settings.vapid_private_key:
        return Vapid02.from_string(settings.vapid_private_key)
    seed = hmac.new(settings.secret_key.encode(), b"hallway web push", hashlib.sha512).digest()
    return Vapid02(ec.derive_private_key(int.from_bytes(seed, "big") % (ORDER - 1) + 1, ec.SECP256R1()))


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
