"""Browsers that logged in before: somebody who guesses at an address elsewhere does not keep its owner out of them."""

from __future__ import annotations

import secrets

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from groundwork import config
from tenants import accounts, tokens

YEAR = 365 * 24 * 3600


def remember(answer: Response, email: str) -> None:
    """Mark this browser as one in which `email` logged in. The mark opens nothing; it only counts its own tries."""
    if mark(email) is None:
        value = _signer().dumps([tokens.sha256(accounts.normal_email(email)), secrets.token_hex(8)])
        secure = config.settings().public_url.startswith("https://")
        answer.set_cookie(_name(), value, YEAR, secure=secure, httponly=True, samesite="Lax")


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
