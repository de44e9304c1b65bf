"""Log-in at an OpenID provider, by configuration: discovery, state, nonce, PKCE; a verified e-mail alone counts."""

from __future__ import annotations

from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from flask import Blueprint, current_app, flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError
from requests import RequestException
from werkzeug.exceptions import NotFound

from blueprints_ui import auth, guard, hosts
from blueprints_ui.guard import open_page
from blueprints_ui.security import limiter
from groundwork import config, scope
from groundwork.database import open_session
from tenants import entering, external_logins
from tenants.external_logins import ExternalLoginError

single_sign_on = Blueprint("single_sign_on", __name__, url_prefix="/log-in/with")
AWAY = "The log-in at {name} did not work. Try again, or log in with your password."


@single_sign_on.get("")
@limiter.limit("30 per minute")
@open_page
def go() -> ResponseReturnValue:
    """To the provider. The base domain does it for all hosts, for it is the one address the provider knows."""
    settings = config.settings()
    if not settings.oidc_issuer:
        raise NotFound("Single sign-on is not set up here.")
    if hosts.here().tenant_id:
        return redirect(settings.public_url + url_for(".go"))
    try:
        answer: ResponseReturnValue = _provider().authorize_redirect(settings.public_url + url_for(".back"))
    except (AuthlibBaseError, RequestException):
        return _refused(AWAY.format(name=settings.oidc_name))
    return answer


@single_sign_on.get("/back")
@limiter.limit("30 per minute")
@open_page
def back() -> ResponseReturnValue:
    settings = config.settings()
    if not settings.oidc_issuer or hosts.here().tenant_id:
        raise NotFound("Single sign-on is not set up here.")
    try:
        said = _provider().authorize_access_token().get("userinfo") or {}
    except (AuthlibBaseError, JoseError, RequestException, ValueError):
        return _refused(AWAY.format(name=settings.oidc_name))
    try:
        with open_session(scope.SYSTEM) as system:
            account = external_logins.account_for(system, said)
            entry = entering.enter(system, account, None, guard.browser())
    except ExternalLoginError as error:
        return _refused(str(error))
    return auth.go_in(entry) if entry else _refused(AWAY.format(name=settings.oidc_name))


def _refused(words: str) -> ResponseReturnValue:
    session.clear()
    flash(words, "error")
    return redirect(url_for("auth.log_in"))


def _provider() -> Any:
    """One client for each application; it reads the provider's own description and keys when first asked."""
    if "oidc" not in current_app.extensions:
        settings, oauth = config.settings(), OAuth(current_app)
        current_app.extensions["oidc"] = oauth.register(
            "oidc",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": 10},
        )
    return current_app.extensions["oidc"]
