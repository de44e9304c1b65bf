"""Every setting, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import click
from sqlalchemy import URL, make_url

from groundwork import clock, keys

LOGINS = ("web", "agency", "system")


class ConfigError(click.ClickException):
    """A setting is missing or unusable; the message says which and how to mend it."""

    exit_code = 2


@dataclass(frozen=True)
class Settings:
    """The whole configuration of one process. URLs carry no trailing slash; durations are seconds."""

    environment: str
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False, default=())
    seal_keys: tuple[tuple[str, bytes], ...] = field(repr=False, default=())
    database_url: str = field(repr=False, default="")
    login_urls: Mapping[str, str] = field(repr=False, default_factory=dict)
    redis_url: str = field(repr=False, default="")
    public_url: str = "http://localhost:8000"
    hooks_url: str = "http://127.0.0.1:8000"
    sandbox_url: str | None = None
    carrier_account_sid: str = ""
    carrier_auth_token: str = field(repr=False, default="")
    carrier_api_url: str = "https://api.twilio.com"
    carrier_messaging_url: str = "https://messaging.twilio.com"
    carrier_lookups_url: str = "https://lookups.twilio.com"
    carrier_trusthub_url: str = "https://trusthub.twilio.com"
    carrier_pricing_url: str = "https://pricing.twilio.com"
    mail_url: str = field(repr=False, default="")
    mail_from: str = "notify@localhost"
    mail_in_domain: str = "in.localhost"
    mail_bounce_domain: str = "in.localhost"
    mail_in_bind: str = "127.0.0.1:8025"
    trusted_proxies: int = 0
    catch_up_seconds: int = 300
    metrics_token: str = field(repr=False, default="")
    private_endpoints: bool = False  # may Slack and push addresses lie on this machine: for development and tests
    push_contact: str = ""
    vapid_private_key: str = field(repr=False, default="")
    stripe_key: str = field(repr=False, default="")  # without one everything is allowed and nothing is billed
    stripe_webhook_secrets: tuple[str, ...] = field(repr=False, default=())
    stripe_api_url: str = "https://api.stripe.com"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(repr=False, default="")
    oidc_name: str = ""
    var: Path = Path("var")

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def base_host(self) -> str:
        """Host and port under which each tenant has its own subdomain: "hallway.example" or "localhost:8000"."""
        return self.public_url.split("://", 1)[1]

    def tenant_url(self, slug: str) -> str:
        scheme, host = self.public_url.split("://", 1)
        return f"{scheme}://{slug}.{host}"


def from_env(env: Mapping[str, str]) -> Settings:
    """Read settings from `env`. Raises ConfigError in plain words for what is missing or malformed."""
    environment = env.get("HALLWAY_ENV", "development")
    secret = _secret_key(env, environment)
    if environment == "production" and env.get(clock.VARIABLE):
        raise ConfigError(f"{clock.VARIABLE} turns the clock of a demo world; unset it in production.")
    owner = _required(env, "DATABASE_URL")
    public = env.get("PUBLIC_URL", "http://localhost:8000").rstrip("/")
    api = env.get("TWILIO_API_URL", "https://api.twilio.com").rstrip("/")
    sandboxed = "TWILIO_API_URL" in env
    return Settings(
        environment=environment,
        secret_key=secret,
        secret_key_fallbacks=tuple(filter(None, env.get("SECRET_KEY_FALLBACKS", "").split(","))),
        seal_keys=keys.parse_seal_keys(env.get("SEAL_KEYS", ""), secret),
        database_url=_driver(owner).render_as_string(hide_password=False),
        login_urls={login: _login_url(env, login, owner, secret) for login in LOGINS},
        redis_url=_required(env, "REDIS_URL"),
        public_url=public,
        hooks_url=env.get("HOOKS_URL", public).rstrip("/"),
        sandbox_url=env.get("SANDBOX_URL") or None,
        carrier_account_sid=env.get("TWILIO_ACCOUNT_SID", ""),
        carrier_auth_token=env.get("TWILIO_AUTH_TOKEN", ""),
        carrier_api_url=api,
        carrier_messaging_url=env.get("TWILIO_MESSAGING_URL", api if sandboxed else "https://messaging.twilio.com"),
        carrier_lookups_url=env.get("TWILIO_LOOKUPS_URL", api if sandboxed else "https://lookups.twilio.com"),
        carrier_trusthub_url=env.get("TWILIO_TRUSTHUB_URL", api if sandboxed else "https://trusthub.twilio.com"),
        carrier_pricing_url=env.get("TWILIO_PRICING_URL", api if sandboxed else "https://pricing.twilio.com"),
        **_mail(env, public),
        trusted_proxies=_whole_number(env, "TRUSTED_PROXIES"),
        catch_up_seconds=_whole_number(env, "CATCH_UP_SECONDS", "300"),
        metrics_token=env.get("METRICS_TOKEN", ""),
        private_endpoints=environment != "production" and env.get("PRIVATE_ENDPOINTS", "") == "yes",
        push_contact=env.get("PUSH_CONTACT", ""),
        vapid_private_key=env.get("VAPID_PRIVATE_KEY", ""),
        stripe_key=env.get("STRIPE_SECRET_KEY", ""),
        stripe_webhook_secrets=tuple(filter(None, env.get("STRIPE_WEBHOOK_SECRET", "").split(","))),
        stripe_api_url=env.get("STRIPE_API_URL", "https://api.stripe.com").rstrip("/"),
        **_single_sign_on(env),
        var=Path(env.get("HALLWAY_VAR", "var")),
    )


def _single_sign_on(env: Mapping[str, str]) -> dict[str, str]:
    issuer = env.get("OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return {}
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": _required(env, "OIDC_CLIENT_ID"),
        "oidc_client_secret": _required(env, "OIDC_CLIENT_SECRET"),
        "oidc_name": env.get("OIDC_NAME", "your company"),
    }


def _mail(env: Mapping[str, str], public: str) -> dict[str, str]:
    """E-mail: where it goes out, from which address, and at which domain replies and bounces come in."""
    host = public.split("://", 1)[1].rsplit(":", 1)[0].lower()
    url = env.get("MAIL_URL", "")
    if url and url.split("://", 1)[0] not in ("smtp", "smtps"):
        raise ConfigError("MAIL_URL has to begin with smtp:// or smtps://, like smtp://user:password@mail.example:587")
    incoming = env.get("MAIL_IN_DOMAIN", f"in.{host}").lower()
    return {
        "mail_url": url,
        "mail_from": env.get("MAIL_FROM", f"notify@{host}").lower(),
        "mail_in_domain": incoming,
        "mail_bounce_domain": env.get("MAIL_BOUNCE_DOMAIN", incoming).lower(),
        "mail_in_bind": env.get("MAIL_IN_BIND", "127.0.0.1:8025"),
    }


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "")
    if not value:
        raise ConfigError(f"{name} is not set. docs/deploy.md lists every setting; `make run` needs none of them.")
    return value


def _whole_number(env: Mapping[str, str], name: str, default: str = "0") -> int:
    value = env.get(name, default)
    if not value.isdigit():
        raise ConfigError(f"{name} is “{value}”; it has to be a whole number.")
    return int(value)


def _secret_key(env: Mapping[str, str], environment: str) -> str:
    secret = _required(env, "SECRET_KEY")
    if environment == "production" and len(secret) < 32:
        raise ConfigError("SECRET_KEY is shorter than 32 characters. Make one with: openssl rand -hex 32")
    return secret


def _driver(url: str) -> URL:
    try:
        return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
    except Exception as error:
        raise ConfigError(f"DATABASE_URL is not a database address: {error}") from error


def _login_url(env: Mapping[str, str], login: str, owner: str, secret: str) -> str:
    """An explicit `WEB_DATABASE_URL` and friends, or the owner's address with a derived login and password."""
    explicit = env.get(f"{login.upper()}_DATABASE_URL")
    if explicit:
        return _driver(explicit).render_as_string(hide_password=False)
    password = keys.derived_password(secret, login)
    url = _driver(owner).set(username=f"hallway_{login}", password=password)
    return url.render_as_string(hide_password=False)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return from_env(os.environ)
