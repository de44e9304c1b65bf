"""What every page has in common: its frame, headers, failures in plain words, and the addresses for operators."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import NotFound

from blueprints_ui import filters, hosts, layout, operations
from blueprints_ui.app import create_app
from groundwork import config, database
from groundwork.config import Settings
from tests import makers
from tests.makers import World
from tests.ui.visitor import Visitor, words

TEMPLATES = Path(layout.__file__).parent / "templates"


def test_a_page_may_run_no_script_but_ours(alice: Visitor) -> None:
    answer = alice.get("/settings")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_forms_may_end_on_our_own_hosts_only(alice: Visitor) -> None:
    policy = alice.get("/settings").headers["Content-Security-Policy"]
    assert re.search(r"form-action 'self' http://localhost:8000 http://\*\.localhost:8000$", policy)


def test_over_https_cookies_and_transport_are_strict(settings: Settings, world: World) -> None:
    secure = Settings(**{**vars(settings), "public_url": "https://hallway.example"})
    app = create_app(secure)
    answer = app.test_client().get("/log-in", base_url="https://localhost")
    assert answer.headers["Set-Cookie"].startswith("__Host-hallway=")
    assert "Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_templates_hold_no_inline_style_and_no_script_without_nonce() -> None:
    for template in TEMPLATES.rglob("*.html"):
        page = template.read_text()
        assert not re.search(r"<[^>]*\sstyle=", page), template.name
        assert not re.search(r"\son[a-z]+=", page), template.name
        assert not re.search(r"<script(?![^>]*(nonce=|src=))", page), template.name


def test_a_built_file_is_kept_for_a_year_and_its_name_changes_with_it(app: Flask, world: World) -> None:
    with app.test_request_context():
        address = filters.asset("app.css")
    assert re.fullmatch(r"/static/built/app\.[0-9a-f]{10}\.css", address)
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]


def test_the_frame_counts_who_waits(world: World, alice: Visitor) -> None:
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, talk, business=world.plumber)
    assert alice.get("/nav-counts").get_json() == {"inbox": 1, "tasks": 0}


def test_an_unknown_page_says_so_in_plain_words(alice: Visitor) -> None:
    answer = alice.get("/no-such-page")
    assert answer.status_code == 404
    assert "There is nothing here" in words(answer)


def test_a_fragment_that_fails_is_a_fragment(alice: Visitor) -> None:
    answer = alice.get("/no-such-page", **{"HX-Request-Type": "partial"})
    assert answer.status_code == 404
    assert "<html" not in answer.get_data(as_text=True)
    assert "There is nothing here" in words(answer)


def test_an_upload_beyond_the_limit_is_refused(alice: Visitor) -> None:
    answer = alice.send("/settings/business", {"name": "x" * 13_000_000})
    assert answer.status_code == 413
    assert "too large" in words(answer)


def test_a_page_that_breaks_tells_no_secret_and_has_a_number(
    app: Flask, alice: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> dict[str, int]:
        raise RuntimeError("the secret is swordfish")

    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(layout, "nav_counts", broken)
    answer = alice.get("/settings")
    assert answer.status_code == 500
    assert "swordfish" not in answer.get_data(as_text=True)
    assert answer.headers["X-Request-ID"] in words(answer)


def test_without_a_database_the_page_says_that_nothing_is_lost(
    app: Flask, alice: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_slug: str | None) -> hosts.Place:
        raise OperationalError("select 1", {}, Exception("connection refused"))

    monkeypatch.setattr(hosts, "_find", away)
    for answer in (Visitor(app, "bluff-creek").get("/log-in"), alice.get("/settings"), alice.get("/no-such-page")):
        assert answer.status_code in (503, 404)
        assert answer.status_code == 404 or answer.headers["Retry-After"] == "10"
        assert answer.status_code == 404 or "cannot reach our database" in words(answer)


def test_without_redis_people_still_log_in_and_guessing_is_still_slowed_down(settings: Settings, world: World) -> None:
    app = create_app(Settings(**{**vars(settings), "redis_url": "redis://127.0.0.1:1"}))
    try:
        assert Visitor(app, "bluff-creek").log_in(world.alice.email).status_code == 303
        guesses = [Visitor(app, "bluff-creek").log_in(world.bob.email, f"guess {n}").status_code for n in range(11)]
        assert guesses == [422] * 10 + [429]
    finally:
        create_app(settings)  # the limiter is one per process; give it its Redis back


def test_a_request_keeps_the_number_a_proxy_gave_it(alice: Visitor) -> None:
    assert alice.get("/settings", **{"X-Request-ID": "abc-12345678"}).headers["X-Request-ID"] == "abc-12345678"
    forged = alice.get("/settings", **{"X-Request-ID": "x y"})
    assert re.fullmatch(r"[0-9a-f]{32}", forged.headers["X-Request-ID"])


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("localhost:8000", None),
        ("LOCALHOST:8000", None),
        ("127.0.0.1:8000", None),
        ("bluff-creek.localhost:8000", "bluff-creek"),
        ("Bluff-Creek.localhost:8000", "bluff-creek"),
    ],
)
def test_the_host_names_the_business(host: str, slug: str | None) -> None:
    assert hosts.slug_of(host, "localhost:8000") == slug


@pytest.mark.parametrize("host", ["evil.example", "a.b.localhost:8000", "-x.localhost:8000", "localhost.evil:8000", ""])
def test_any_other_host_is_nobodys(host: str) -> None:
    with pytest.raises(NotFound):
        hosts.slug_of(host, "localhost:8000")


def test_alive_and_ready_are_told_apart(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200, ready.get_json()
    assert ready.get_json() == {"status": "ok", "database": "ok", "redis": "ok"}


def test_without_redis_it_is_degraded_and_still_ready(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "_redis", lambda: "away")
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.get_json()["status"]) == (200, "degraded"), answer.get_json()


def test_without_a_database_it_is_not_ready_but_alive(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "open_session", _no_database)
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").get_json()["database"] == "away"
    assert client.get("/healthz").status_code == 200


def test_a_database_of_another_release_is_not_ready(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "_revisions", lambda: ("0001", "0002"))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.get_json()["database"] == "at revision 0001, this code needs 0002"


def test_metrics_are_for_this_machine_or_the_bearer_of_the_token(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app.test_client()
    assert b"hallway_text_back_seconds" in client.get("/metrics").data
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    with_token = Settings(**{**vars(config.settings()), "metrics_token": "only-prometheus-knows"})
    monkeypatch.setattr(config, "settings", lambda: with_token)
    assert client.get("/metrics").status_code == 404
    token = {"Authorization": "Bearer only-prometheus-knows"}
    assert client.get("/metrics", headers=token, environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_a_time_reads_as_people_say_it(app: Flask) -> None:
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    with app.test_request_context():
        spans: list[dict[str, int]] = [
            {"seconds": 20}, {"minutes": 4}, {"hours": 3}, {"days": 1}, {"days": 3}, {"days": 20}, {"days": 400},
        ]  # fmt: skip
        told = [filters.ago(noon - timedelta(**span), noon) for span in spans]
        assert told == ["now", "4 min", "9:00 AM", "Yesterday", "Sat", "Nov 4", "Oct 20, 2025"]
        assert filters.ago(noon + timedelta(minutes=5), noon) == "in 5 min"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Dana Kowalski", "DK"), ("Tom & Ellen Hart", "TH"), ("Cher", "C"), ("(512) 555-0148", ""), (None, "")],
)
def test_initials_come_from_names_only(name: str | None, letters: str) -> None:
    assert filters.initials(name) == letters


def _no_database(_scope: object) -> database.ScopedSession:
    raise OperationalError("select 1", {}, Exception("connection refused"))
