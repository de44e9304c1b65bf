"""Secrets: derived passwords, and sealing of credentials to the row that holds them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SealKeys = Sequence[tuple[str, bytes]]


class UnsealError(Exception):
    """A sealed value does not open: another row's value, a lost key, or damage."""


def derived_password(secret: str, purpose: str) -> str:
    """A stable password for `purpose`, so that one SECRET_KEY is enough to run an installation."""
    return hmac.new(secret.encode(), f"hallway login {purpose}".encode(), hashlib.sha256).hexdigest()[:40]


def stamp(secret: str, purpose: str, data: bytes, size: int) -> bytes:
    """`size` bytes that only a holder of `secret` can make for `data`; other purposes get other bytes."""
    return hmac.digest(secret.encode(), f"hallway {purpose}\0".encode() + data, "sha256")[:size]


def parse_seal_keys(value: str, secret: str) -> tuple[tuple[str, bytes], ...]:
    """`SEAL_KEYS="k2:<base64 32 bytes>,k1:..."`; the first seals, all open. Empty: one key derived from `secret`."""
    pairs = [part.split(":", 1) for part in value.split(",") if part]
    if not pairs:
        return (("s0", hashlib.sha256(b"hallway seal " + secret.encode()).digest()),)
    return tuple((name.strip(), base64.b64decode(key)) for name, key in pairs)


def seal(keys: SealKeys, plain: str, bound_to: str) -> str:
    """AES-256-GCM, bound to `bound_to` (tenant and column), as "v1.<key id>.<base64>"."""
    name, key = keys[0]
    nonce = os.urandom(12)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), bound_to.encode())
    return f"v1.{name}.{base64.b64encode(nonce + sealed).decode()}"


def unseal(keys: SealKeys, sealed: str, bound_to: str) -> str:
    """Open what `seal` closed. Raises UnsealError for another row, an unknown key, or damage."""
    try:
        _, name, body = sealed.split(".", 2)
        raw = base64.b64decode(body)
        return AESGCM(dict(keys)[name]).decrypt(raw[:12], raw[12:], bound_to.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise UnsealError("This credential does not open with the keys of this installation.") from error
