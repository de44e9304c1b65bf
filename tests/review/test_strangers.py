"""What somebody with a browser and bad intentions may try."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from blueprints_ui.guard import page, tenant_session
from groundwork import log
from hallway.conversations import Task
from tenants import invitations
from tests.makers import World
from tests.ui.visitor import Visitor, words

ELSEWHERE = (
    *("//evil.com", "/\\evil.com", "/\t/evil.com", "/\t\\evil.com", "/\n/evil.com", "/\r\n\\evil.com", "///evil.com"),
    *("\\\\evil.com", " //evil.com", "/\x00/evil.com", "javascript:alert(1)", "/.//evil.com", "/%09/evil.com"),
    *("https://evil.com", "/\x0b\\evil.com", "/\x1f/evil.com", "/\r\nSet-Cookie: a=b"),
)


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_log_in_never_leads_to_a_stranger_s_page(app: Flask, world: World, wanted: str) -> None:
    visitor = Visitor(app, world.plumber.slug)
    visitor.get("/log-in")
    answer = visitor.send("/log-in", {"email": world.alice.email, "password": "hallway-demo", "next": wanted})
    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert re.match(r"/(?![/\\])[!-~]*$", where), where


def test_an_invitation_is_no_way_to_guess_somebody_s_password(app: Flask, world: World) -> None:
    with world.charlie.open() as session:
        token = invitations.invite(session, world.alice.email, "Alice", "agent")
    codes = []
    for n in range(15):
        visitor = Visitor(app, world.charlie.slug)
        visitor.client.environ_base = {**visitor.client.environ_base, "REMOTE_ADDR": f"10.0.0.{n + 1}"}
        visitor.get(f"/join/{token}")
        codes.append(visitor.send(f"/join/{token}", {"password": f"guess number {n}"}).status_code)
    assert 429 in codes


NUL = "a\x00b"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/business", {"name": NUL, "trade": "plumbing", "timezone": "America/Chicago"}),
        ("/settings/wording/text_back.open", {"source": NUL}),
        ("/settings/members", {"name": NUL, "email": "a@example.com", "role": "agent"}),
    ],
)
def test_a_character_no_database_takes_is_told_plainly(alice: Visitor, path: str, form: dict[str, str]) -> None:
    alice.get(path)
    assert alice.send(path, form).status_code < 500


@pytest.mark.parametrize("page", ["/search?q=a%00b", "/settings/consent?q=a%00b", "/inbox?cursor=%00", "/consent/%00"])
def test_an_address_with_such_a_character_breaks_no_page(alice: Visitor, page: str) -> None:
    assert alice.get(page).status_code < 500


QUERIES = (*"'!(\"\\%_-", "a & b", "a <-> b", ":*", "tenant:x", "or", "a:*|b", "\x02\x03", "x" * 3000)


@pytest.mark.parametrize("query", QUERIES)
def test_search_takes_any_words(alice: Visitor, query: str) -> None:
    answer = alice.client.get("/search", base_url=alice.origin, query_string={"q": query})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "cursor", ["x", "e30=", "bnVsbA==", "WzEsMl0=", "W10=", "a" * 5000, "WyJhIiwiYiJd", "e30", "é"]
)
def test_a_made_up_cursor_is_refused_in_plain_words(alice: Visitor, cursor: str) -> None:
    for view in ("all", "waiting", "closed"):
        query = {"cursor": cursor, "view": view}
        assert alice.client.get("/inbox", base_url=alice.origin, query_string=query).status_code in (200, 400)
    for name in ("after", "before"):
        answer = alice.client.get("/settings/consent", base_url=alice.origin, query_string={name: cursor})
        assert answer.status_code in (200, 400)
    assert alice.client.get("/settings/audit", base_url=alice.origin, query_string={"before": cursor}).status_code < 500


@pytest.mark.parametrize("rows", ["-1", "0", "99999999999999999999", "x", "1e9"])
def test_a_made_up_number_of_rows_is_no_trouble(alice: Visitor, rows: str) -> None:
    assert alice.get(f"/inbox/list?rows={rows}").status_code == 200


HOSTS = (
    *("evil.com", "bluff-creek.evil.com", "a.bluff-creek.localhost:8000", "-.localhost:8000", "["),
    *("bluff-creek.localhost:8000@evil.com", "bluff_creek.localhost:8000", "%00.localhost:8000"),
)


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_of_nobody_s_gets_nothing(app: Flask, world: World, host: str) -> None:
    answer = app.test_client().get("/log-in", headers={"Host": host})
    assert answer.status_code in (400, 404)


def test_a_forwarded_host_decides_nothing(app: Flask, world: World) -> None:
    visitor = Visitor(app, world.plumber.slug)
    answer = visitor.get("/home", **{"X-Forwarded-Host": f"{world.charlie.slug}.localhost:8000"})
    assert answer.headers["Location"].startswith("/log-in")


def test_the_page_of_a_failed_write_is_our_own(app: Flask, alice: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        tenant_session().add(Task(kind="call_back", key="x"))
        tenant_session().flush()
        return ""

    monkeypatch.setitem(app.view_functions, "tasks.show", page()(fail))
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = alice.get("/tasks")
    assert answer.status_code == 500
    assert "Something broke on our side" in words(answer)


def test_a_row_that_broke_a_rule_is_not_written_to_the_log() -> None:
    said = 'null value in column "reason"\nDETAIL:  Failing row contains (1, Dana, my (old) heater leaks).\n[SQL: x]'
    line = log._mask(None, "error", {"exception": said})
    assert "heater" not in str(line)
    assert "[SQL: x]" in str(line)
