"""Secret keys with which a business's own server speaks to us. Shown once; only their hash is kept.

Each may do what its scopes say, and nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from tenants.models import ApiKey

SCOPES: Mapping[str, str] = {
    "forms:write": "Send requests, as your forms do",
    "leads:write": "Hand leads over",
    "leads:read": "Look up leads and how they stand",
    "estimates:write": "Tell of estimates and what became of them",
    "customers:write": "Tell of past customers who have gone quiet",
    "estimates:read": "Look estimates up",
    "appointments:write": "Hand visits over",
}
PREFIX = "hwk_"
MOST_KEYS, LONGEST_LABEL = 20, 60
NOTED_EVERY = timedelta(minutes=5)  # when a key was last used is no reason to write at each request


class KeyRefusedError(ValueError):
    """A key that cannot be made; the message says why."""


def keys_of(session: ScopedSession) -> Sequence[ApiKey]:
    """The keys in use, oldest first."""
    return session.scalars(select(ApiKey).where(ApiKey.revoked_at.is_(None)).order_by(ApiKey.id)).all()


def make_key(session: ScopedSession, label: str, by: str, scopes: Sequence[str]) -> tuple[ApiKey, str]:
    """A new key, and its secret, which can never be read again. Raises KeyRefusedError."""
    if not scopes or set(scopes) - set(SCOPES):
        raise KeyRefusedError("Choose at least one thing that this key may do.")
    if not 0 < len(label.strip()) <= LONGEST_LABEL:
        raise KeyRefusedError(f"Give it a name of up to {LONGEST_LABEL} characters.")
    if len(keys_of(session)) >= MOST_KEYS:
        raise KeyRefusedError(f"There are {MOST_KEYS} keys already. Take back one that is not used.")
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey(id=new_id(), label=label.strip(), sha256=_hash(secret), ending=secret[-4:], made_by=by)
    key.scopes = [scope for scope in SCOPES if scope in scopes]
    session.add(key)
    session.flush()
    return key, secret


def check_key(session: ScopedSession, secret: str) -> ApiKey | None:
    """The key in use that has this secret, of this business alone."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    key = session.scalar(select(ApiKey).where(ApiKey.sha256 == _hash(secret), ApiKey.revoked_at.is_(None)))
    if key and (key.last_used_at is None or key.last_used_at < clock.now() - NOTED_EVERY):
        key.last_used_at = clock.now()
    return key


def revoke_key(key: ApiKey) -> None:
    """Let nobody in with it any more."""
    key.revoked_at = key.revoked_at or clock.now()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
