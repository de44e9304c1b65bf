"""Forgery protection, rate limits, security headers and the nonce of inline scripts."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from groundwork.config import Settings

csrf = CSRFProtect()
limiter = Limiter(
    key_func=get_remote_address,
    strategy="sliding-window-counter",
    in_memory_fallback_enabled=True,
    headers_enabled=True,
)


def set_up_security(app: Flask, settings: Settings) -> None:
    secure = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        # No Domain: a cookie stays on the host that set it, so one business's cookie never reaches another.
        SESSION_COOKIE_NAME="__Host-hallway" if secure else "hallway",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # the row in the database says how long
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,  # the guard asks for it; providers' hooks prove themselves by signature
        WTF_CSRF_SSL_STRICT=secure,
        RATELIMIT_STORAGE_URI=settings.redis_url,
        RATELIMIT_STORAGE_OPTIONS={"socket_connect_timeout": 0.5, "socket_timeout": 1},
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
    )
    csrf.init_app(app)
    limiter.init_app(app)
    policy = content_policy(settings)
    app.after_request(lambda answer: _add_headers(answer, policy, secure=secure))


def nonce() -> str:
    """This request's nonce: an inline script without it does not run."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    value: str = g.nonce
    return value


def content_policy(settings: Settings) -> str:
    """What a page may load. A form may end on another host of ours: that is how one switches businesses."""
    scheme, host = settings.public_url.split("://", 1)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'{nonce}",
            "img-src 'self' data:",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"form-action 'self' {scheme}://{host} {scheme}://*.{host}{_card_desk(settings)}",
        )
    )


def _card_desk(settings: Settings) -> str:
    """Where a form about money may end besides: on Stripe's hosted pages, or the sandbox's."""
    if not settings.stripe_key:
        return ""
    return (
        f" {settings.sandbox_url}"
        if settings.sandbox_url
        else " https://checkout.stripe.com https://billing.stripe.com"
    )


def _add_headers(answer: Response, policy: str, *, secure: bool) -> Response:
    used = f" 'nonce-{g.nonce}'" if "nonce" in g else ""
    answer.headers.setdefault("Content-Security-Policy", policy.replace("{nonce}", used))
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    answer.headers.setdefault("Permissions-Policy", "geolocation=(), camera=(), payment=()")
    if secure:
        answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        answer.headers.setdefault("Cache-Control", "private, no-store")
    return answer
