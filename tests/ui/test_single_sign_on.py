"""Log-in at an OpenID provider, against a small one that checks what it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import update

from blueprints_ui.app import create_app
from groundwork import config, scope
from groundwork.database import open_session
from tenants.models import UserAccount
from tests.makers import World
from tests.ui.openid_provider import Provider, open_provider
from tests.ui.visitor import Visitor, words

GO = "/log-in/with"


@pytest.fixture
def provider(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    with open_provider() as one:
        for name, value in {"ISSUER": one.issuer, "CLIENT_ID": "hallway", "CLIENT_SECRET": "s", "NAME": "Acme"}.items():
            monkeypatch.setenv(f"OIDC_{name}", value)
        monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        config.settings.cache_clear()
        yield one
    config.settings.cache_clear()


@pytest.fixture
def site(provider: Provider) -> Flask:
    """An application that knows this provider."""
    return create_app(config.settings())


def log_in(site: Flask, provider: Provider) -> tuple[Visitor, str]:
    """A person goes there and comes back; returns them and where they end."""
    visitor = Visitor(site)
    back = provider.log_in(visitor.get(GO).headers["Location"])
    return visitor, visitor.get(back).headers["Location"]


def test_who_the_provider_vouches_for_is_logged_in_and_known_by_its_own_name_for_them(
    site: Flask, provider: Provider, world: World
) -> None:
    assert "Log in with Acme" in words(Visitor(site, "bluff-creek").get("/log-in"))
    assert Visitor(site, "bluff-creek").get(GO).headers["Location"] == f"http://localhost:8000{GO}"
    provider.claims = {"email": world.alice.email}
    visitor, where = log_in(site, provider)
    assert where == "/businesses"
    visitor.follow(visitor.get(where))
    assert visitor.origin == "http://bluff-creek.localhost:8000"
    assert provider.asked["scope"] == "openid email profile"
    assert provider.asked["redirect_uri"] == f"http://localhost:8000{GO}/back"
    provider.claims = {"email": "moved@example.com", "email_verified": False}
    assert log_in(site, provider)[1] == "/businesses", "known by then"


def test_an_address_nobody_verified_or_nobody_has_opens_nothing(site: Flask, provider: Provider, world: World) -> None:
    for claims, why in (
        ({"email": world.alice.email, "email_verified": False}, "has not verified your e-mail"),
        ({"email": world.alice.email, "email_verified": "true"}, "has not verified your e-mail"),
        ({"email": "nobody@example.com"}, "Ask an owner of your business to invite you"),
    ):
        provider.claims = claims
        visitor, where = log_in(site, provider)
        assert where == "/log-in"
        assert why in words(visitor.get(where))
        assert visitor.get("/businesses").status_code == 302


def test_an_answer_that_was_not_asked_for_opens_nothing(site: Flask, provider: Provider, world: World) -> None:
    provider.claims = {"email": world.alice.email}
    back = provider.log_in(Visitor(site).get(GO).headers["Location"])
    victim = Visitor(site)
    assert victim.get(back).headers["Location"] == "/log-in", "another browser's state"
    assert provider.exchanged == 0
    for wrong in ({"nonce": "another"}, {"aud": "another"}, {"iss": "http://evil.example"}, {"exp": 1}):
        provider.claims = {"email": world.alice.email, **wrong}
        visitor, where = log_in(site, provider)
        assert where == "/log-in", wrong
        assert "did not work" in words(visitor.get(where))


def test_a_disabled_account_stays_closed_by_this_door_too(site: Flask, provider: Provider, world: World) -> None:
    provider.claims = {"email": world.alice.email}
    assert log_in(site, provider)[1] == "/businesses"
    with open_session(scope.SYSTEM) as system:
        system.execute(update(UserAccount).where(UserAccount.id == world.alice.id).values(disabled_at="2026-01-01"))
    assert log_in(site, provider)[1] == "/log-in"


def test_without_a_provider_there_is_no_such_door(app: Flask, world: World) -> None:
    assert Visitor(app).get(GO).status_code == 404
    assert Visitor(app).get(f"{GO}/back").status_code == 404
    assert "Log in with" not in words(Visitor(app).get("/log-in"))


def test_single_sign_on_is_disconnected_on_the_page_of_one_s_own_log_in(
    site: Flask, provider: Provider, world: World
) -> None:
    provider.claims = {"email": world.alice.email}
    visitor = log_in(site, provider)[0]
    page = visitor.get("/account").get_data(as_text=True)
    cut = re.search(r"/account/single-sign-on/[0-9a-f-]+/disconnect", page)
    assert cut
    thief = Visitor(site)
    thief.log_in(world.bob.email)
    assert thief.send(cut[0]).status_code == 404
    # Who came by single sign-on alone has no fresh password; the log-in itself counts as the proof.
    assert visitor.send(cut[0]).headers["Location"] == "/account"
    provider.claims = {"email": "moved@example.com"}
    assert log_in(site, provider)[1] == "/log-in", "its name for her is forgotten"
