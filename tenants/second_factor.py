"""The second factor: codes of an authenticator app, and codes on paper for when the phone is gone."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Collection
from uuid import UUID

import pyotp
import structlog
from sqlalchemy import delete, func, select, update

from groundwork import clock, config, keys
from groundwork.database import ScopedSession, new_id
from tenants import accounts, tokens
from tenants.access_models import Passkey, RecoveryCode
from tenants.models import UserAccount

log = structlog.get_logger(__name__)
STEP_SECONDS = 30
DRIFT = 1  # steps a phone's clock may be off either way
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
CODE_LENGTH = 16  # 79 bits, salted and hashed
ISSUER = "Hallway"


class SecondFactorError(ValueError):
    """A code that is not right, or a change that cannot be made; the message says why."""


def offer(user_id: UUID) -> str:
    """A new secret, sealed for this person alone, to travel through the form that confirms it."""
    return keys.seal(config.settings().seal_keys, pyotp.random_base32(), _bound(user_id))


def secret_of(user_id: UUID, sealed: str) -> str:
    """The secret to type where no camera is. Raises UnsealError for what `offer` did not make for them."""
    return keys.unseal(config.settings().seal_keys, sealed, _bound(user_id))


def address_of(email: str, secret: str) -> str:
    """What the picture says to an authenticator app (otpauth://...)."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def switch_on(system: ScopedSession, account: UserAccount, sealed: str, code: str) -> list[str]:
    """Ask for codes of this secret from now on; returns the recovery codes, shown this once.

    Raises SecondFactorError for a code that the app with this secret would not show now.
    """
    step = _step(secret_of(account.id, sealed), code, after=0)
    if step is None:
        raise SecondFactorError("That is not the code the app shows now. Check that the phone sets its time by itself.")
    account.totp_sealed, account.totp_step = sealed, step
    accounts.tell(system, account, "Two-factor is on", "Logging in now asks for a code of your authenticator app too.")
    return renew_codes(system, account.id)


def switch_off(system: ScopedSession, account: UserAccount) -> None:
    """No more codes; recovery codes are worthless too."""
    forget(system, account)
    accounts.tell(system, account, "Two-factor is off", "Logging in no longer asks for a code of an authenticator app.")


def forget(system: ScopedSession, account: UserAccount) -> None:
    """As `switch_off`, and nobody is told."""
    account.totp_sealed = account.totp_step = None
    system.execute(delete(RecoveryCode).where(RecoveryCode.user_id == account.id))


def renew_codes(system: ScopedSession, user_id: UUID) -> list[str]:
    """New recovery codes; the ones before are worthless."""
    system.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    for code in codes:
        row = RecoveryCode(id=new_id(), user_id=user_id)
        row.code_sha256 = _hash(row.id, code)
        system.add(row)
    system.flush()
    return ["-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4)) for code in codes]


def check(system: ScopedSession, user_id: UUID, code: str) -> bool:
    """Whether this is a code of the app or an unused one of the paper; each is taken once."""
    account = system.scalars(select(UserAccount).where(UserAccount.id == user_id).with_for_update()).one()
    typed = "".join(letter for letter in code.lower() if letter.isalnum())
    if len(typed) == CODE_LENGTH:
        return _spend(system, account, typed)
    if account.totp_sealed is None:
        return False
    secret = secret_of(user_id, account.totp_sealed)
    step = _step(secret, typed, after=account.totp_step or 0)
    if step is None and _step(secret, typed, after=0):
        _note_used_again(system, account)
    account.totp_step = step or account.totp_step
    return step is not None


def _note_used_again(system: ScopedSession, account: UserAccount) -> None:
    """Somebody looked over a shoulder, or a hurried owner typed it twice: only they can tell."""
    log.warning("code used again", user_id=str(account.id))
    what = "A code of your authenticator app that was used already was given again, and refused."
    accounts.tell(system, account, "A used code was tried again", what)


def codes_left(system: ScopedSession, user_id: UUID) -> int:
    mine = (RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return system.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def who_has_one(system: ScopedSession, user_ids: Collection[UUID]) -> set[UUID]:
    """Who of these people has a second factor: codes of an app, or a passkey."""
    codes = select(UserAccount.id).where(UserAccount.id.in_(user_ids), UserAccount.totp_sealed.is_not(None))
    passkeys = select(Passkey.user_id).where(Passkey.user_id.in_(user_ids))
    return set(system.scalars(codes.union(passkeys)))


def _step(secret: str, code: str, *, after: int) -> int | None:
    """The step whose code this is, within the drift and later than the last one taken."""
    now = int(clock.real().timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), code.strip().encode()):
            return step
    return None


def _spend(system: ScopedSession, account: UserAccount, code: str) -> bool:
    mine = (RecoveryCode.user_id == account.id, RecoveryCode.used_at.is_(None))
    for row in system.scalars(select(RecoveryCode).where(*mine)):
        if hmac.compare_digest(row.code_sha256, _hash(row.id, code)):
            system.execute(update(RecoveryCode).where(RecoveryCode.id == row.id).values(used_at=clock.real()))
            what = "One of your recovery codes was used to log in."
            accounts.tell(system, account, "A recovery code was used", what)
            return True
    return False


def _hash(row_id: UUID, code: str) -> str:
    return tokens.sha256(f"{row_id}:{code}")


def _bound(user_id: UUID) -> str:
    return f"{user_id}/user_account.totp"
