"""Things good for one use and a short time: links in mails, log-ins half done, challenges. Needs SYSTEM sessions."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import delete, select, update

from groundwork import clock
from groundwork.database import Json, ScopedSession
from tenants.access_models import AccountToken

Kind = Literal["confirm", "reset", "second_factor", "passkey", "agency", "address"]
KEPT = timedelta(days=1)  # after its end, for whoever asks what happened


def make(
    system: ScopedSession, kind: Kind, lasts: timedelta, user_id: UUID | None = None, payload: Json | None = None
) -> str:
    """A new token of 256 bits; only its hash is kept."""
    token, now = secrets.token_urlsafe(32), clock.real()
    system.execute(delete(AccountToken).where(AccountToken.expires_at < now - KEPT))
    row = AccountToken(kind=kind, token_sha256=sha256(token), user_id=user_id, payload=payload or {})
    row.expires_at = now + lasts
    system.add(row)
    system.flush()
    return token


def look(system: ScopedSession, kind: Kind, token: str) -> AccountToken | None:
    """The token if it is still good; it stays good."""
    mine = (AccountToken.kind == kind, AccountToken.token_sha256 == sha256(token))
    alive = (AccountToken.used_at.is_(None), AccountToken.expires_at > clock.real())
    return system.scalars(select(AccountToken).where(*mine, *alive)).one_or_none()


def use(system: ScopedSession, kind: Kind, token: str) -> AccountToken | None:
    """Spend the token: of two who use it at once, one gets it. None when it was used, is too old, or never was."""
    found = look(system, kind, token)
    if found is None:
        return None
    mine = (AccountToken.id == found.id, AccountToken.used_at.is_(None))
    spent = system.execute(update(AccountToken).where(*mine).values(used_at=clock.real()).returning(AccountToken.id))
    return found if spent.first() else None


def void(system: ScopedSession, kind: Kind, user_id: UUID) -> None:
    """Make every open token of a person's worthless."""
    mine = (AccountToken.kind == kind, AccountToken.user_id == user_id, AccountToken.used_at.is_(None))
    system.execute(update(AccountToken).where(*mine).values(used_at=clock.real()))


def sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
