"""Passkeys: WebAuthn credentials that prove possession and, by finger, face or PIN, the person; in SYSTEM sessions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import webauthn
from sqlalchemy import select
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from groundwork import clock
from groundwork.database import Json, ScopedSession
from tenants import accounts, tokens
from tenants.access_models import Passkey
from tenants.models import UserAccount

LASTS = timedelta(minutes=5)
MOST = 20  # of one person
SITE = "Hallway"


class PasskeyError(ValueError):
    """What the browser sent proves nothing; the message says so in plain words."""


def offer(system: ScopedSession, account: UserAccount, rp_id: str) -> Json:
    """What `navigator.credentials.create` needs, with a challenge that is good once and for five minutes."""
    known = [PublicKeyCredentialDescriptor(id=one.credential_id) for one in of_account(system, account.id)]
    options = webauthn.generate_registration_options(
        rp_id=rp_id,
        rp_name=SITE,
        user_name=account.email,
        user_display_name=account.name,
        user_id=account.id.bytes,
        challenge=_challenge(system, account.id),
        exclude_credentials=known,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return _plain(webauthn.options_to_json(options))


def add(system: ScopedSession, account: UserAccount, rp_id: str, origin: str, sent: Json, name: str) -> Passkey:
    """Keep a passkey that the browser made for `offer`. Raises PasskeyError."""
    challenge = _spent(system, sent, account.id)
    try:
        seen = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            require_user_verification=True,
        )
    except WebAuthnException as error:
        raise PasskeyError("This device's answer could not be checked. Try again.") from error
    if len(of_account(system, account.id)) >= MOST:
        raise PasskeyError(f"You have {MOST} passkeys. Remove one you no longer use.")
    if system.scalar(select(Passkey.id).where(Passkey.credential_id == seen.credential_id)):
        raise PasskeyError("This passkey is already here.")
    row = Passkey(user_id=account.id, rp_id=rp_id, credential_id=seen.credential_id, name=name)
    row.public_key, row.sign_count = seen.credential_public_key, seen.sign_count
    system.add(row)
    accounts.tell(system, account, "A passkey was added", f"A passkey named “{name}” can now log in as you.")
    return row


def ask(system: ScopedSession, rp_id: str) -> Json:
    """What `navigator.credentials.get` needs; the device says who it is, so nobody learns who has an account."""
    options = webauthn.generate_authentication_options(
        rp_id=rp_id, challenge=_challenge(system, None), user_verification=UserVerificationRequirement.REQUIRED
    )
    return _plain(webauthn.options_to_json(options))


def prove(system: ScopedSession, rp_id: str, origin: str, sent: Json) -> UserAccount:
    """Whose passkey answered `ask`. Raises PasskeyError."""
    challenge = _spent(system, sent, None)
    try:
        found = system.scalars(
            select(Passkey)
            .where(Passkey.credential_id == base64url_to_bytes(str(sent.get("rawId", ""))), Passkey.rp_id == rp_id)
            .with_for_update()
        ).one_or_none()
        account = system.get(UserAccount, found.user_id) if found else None
        if found is None or account is None or account.disabled_at:
            raise PasskeyError("This passkey is not known here (any more). Log in with your password.")
        seen = webauthn.verify_authentication_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        if isinstance(error, PasskeyError):
            raise
        raise PasskeyError("This device's answer could not be checked. Try again.") from error
    found.sign_count, found.last_used_at = seen.new_sign_count, clock.real()
    return account


def of_account(system: ScopedSession, user_id: UUID) -> Sequence[Passkey]:
    return system.scalars(select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)).all()


def remove(system: ScopedSession, account: UserAccount, passkey_id: UUID) -> bool:
    """False when it is not theirs."""
    mine = (Passkey.id == passkey_id, Passkey.user_id == account.id)
    found = system.scalars(select(Passkey).where(*mine)).one_or_none()
    if found is None:
        return False
    system.delete(found)
    accounts.tell(system, account, "A passkey was removed", f"The passkey “{found.name}” can no longer log in as you.")
    return True


def _challenge(system: ScopedSession, user_id: UUID | None) -> bytes:
    return tokens.make(system, "passkey", LASTS, user_id).encode()


def _spent(system: ScopedSession, sent: Json, user_id: UUID | None) -> bytes:
    """The challenge that the browser signed, if it was ours, for this person, and never used."""
    try:
        said = json.loads(base64url_to_bytes(str(sent["response"]["clientDataJSON"])))
        challenge = base64url_to_bytes(str(said["challenge"]))
        known = tokens.use(system, "passkey", challenge.decode("ascii"))
    except (KeyError, TypeError, ValueError) as error:
        raise PasskeyError("The browser sent nothing that could be read. Try again.") from error
    if known is None or known.user_id != user_id:
        raise PasskeyError("That took too long. Try again.")
    return challenge


def _plain(options: str) -> Json:
    said: dict[str, Any] = json.loads(options)
    return said
