"""Browsers that logged in before: somebody who guesses at an address elsewhere does not keep its owner out of them."""

from __future__ import annotations

import secrets

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from blueprints_ui import filters
from groundwork import config, scope
from groundwork.database import open_session
from tenants import accounts, tokens

YEAR = 365 * 24 * 3600


def welcome(answer: Response, email: str) -> None:
    """Mark this browser as one in which `email` logged in, and tell them by mail if it is new.

    The mark opens nothing; it only counts its own tries.
    """
    if mark(email) is not None:
        return
    value = _signer().dumps([tokens.sha256(accounts.normal_email(email)), secrets.token_hex(8)])
    secure = config.settings().public_url.startswith("https://")
    answer.set_cookie(_name(), value, YEAR, secure=secure, httponly=True, samesite="Lax")
    with open_session(scope.SYSTEM) as system:
        accounts.tell_of_new_device(system, email, _where())


def _where() -> str:
    """What its owner may know it by: "Firefox on Windows, from 198.51.100.7"."""
    return f"{filters.device(request.user_agent.string)}, from {request.remote_addr or 'an unknown address'}"


def mark(email: str) -> str | None:
    """This browser's own mark for `email`; None where that address never logged in here."""
    try:
        whose, own = _signer().loads(request.cookies.get(_name(), ""))
    except (BadSignature, ValueError, TypeError):
        return None
    return str(own) if whose == tokens.sha256(accounts.normal_email(email)) else None


def _name() -> str:
    return "__Host-hallway-known" if config.settings().public_url.startswith("https://") else "hallway-known"


def _signer() -> URLSafeSerializer:
    settings = config.settings()
    return URLSafeSerializer([*settings.secret_key_fallbacks, settings.secret_key], salt="known device")
