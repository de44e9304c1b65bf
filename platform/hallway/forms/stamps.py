"""The signed token of a form as it was shown: when, which form, with which words of consent. No cookie, no puzzle."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from groundwork import clock, config

SHORTEST_TOKEN, LONGEST_TOKEN = 40, 200


@dataclass(frozen=True)
class Shown:
    """The two wordings as they stood before the person."""

    request: str
    marketing: str = ""


@dataclass(frozen=True)
class Stamp:
    """A token that is genuine: when the form was shown, and the name of this one showing."""

    at: datetime
    nonce: str


def stamp(form_key: str, shown: Shown) -> str:
    """A token for one showing of the form, good only with exactly these words."""
    when, nonce = str(int(clock.now().timestamp())), secrets.token_hex(8)
    return f"{when}.{nonce}.{_mac(config.settings().secret_key, when, nonce, form_key, shown)}"


def read_stamp(token: str, form_key: str, shown: Shown) -> Stamp | None:
    """What the token says; None for one that is missing, made up, of another form or of other words."""
    when, _, rest = token[:LONGEST_TOKEN].partition(".")
    nonce, _, mac = rest.partition(".")
    settings = config.settings()
    if len(token) < SHORTEST_TOKEN or not (when.isascii() and when.isdecimal()) or len(when) > 11:
        return None
    secrets_ = (settings.secret_key, *settings.secret_key_fallbacks)
    known = [_mac(secret, when, nonce, form_key, shown) for secret in secrets_]
    if not any(hmac.compare_digest(one.encode(), mac.encode("utf-8", "replace")) for one in known):
        return None
    return Stamp(datetime.fromtimestamp(int(when), UTC), nonce)


def _mac(secret: str, *parts: str | Shown) -> str:
    texts = [part for one in parts for part in ((one.request, one.marketing) if isinstance(one, Shown) else (one,))]
    told = "\0".join(("hallway form", *texts)).encode("utf-8", "replace")
    return hmac.new(secret.encode(), told, hashlib.sha256).hexdigest()
