"""The pages of a registration, opened as a reviewer would: on a real server, by the door and by the form."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask

from blueprints_ui.app import create_app
from groundwork import config, outward
from groundwork.config import Settings
from groundwork.outward import AwayError, ForbiddenAddressError
from hallway.registration import filing, pages, questions
from tenants.models import Tenant
from tests.channels.test_registration import FILLED
from tests.makers import World
from tests.ui.visitor import Visitor, words

FILLER = "<p>We repair water heaters and drains in Austin and around it, day and night.</p>" * 4
SMS = "We text you by SMS about your request; message frequency varies, message and data rates may apply. "
POLICY = f"<html><body>{FILLER}<p>{SMS}Reply STOP to opt out, HELP for help. No mobile information will be shared with "
POLICY += "third parties or affiliates for marketing.</p></body></html>"
FORM = f"<h1>Bluff Creek Plumbing</h1>{FILLER}<form><label><input type=checkbox name=sms> I agree to texts. {SMS}"
FORM += "Reply STOP to opt out, HELP for help.</label></form><a href='/privacy'>Privacy</a>"
Page = tuple[int, dict[str, str], str]


class Website:
    """Serves `pages`, {path: (status, headers, words)}; a path whose words are a function writes by itself."""

    def __init__(self) -> None:
        self.pages: dict[str, Any] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = outer.pages.get(self.path, (404, {}, "Nothing here."))
                self.send_response(status)
                for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if callable(body):
                    body(self.wfile)
                else:
                    self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, body: str | Callable[[Any], None], status: int = 200, **headers: str) -> str:
        self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, body)
        return self.url + path


@pytest.fixture
def website(monkeypatch: pytest.MonkeyPatch, clean: Settings) -> Iterator[Website]:
    monkeypatch.setenv("PRIVATE_ENDPOINTS", "yes")
    config.settings.cache_clear()
    found = Website()
    yield found
    found.server.shutdown()
    monkeypatch.undo()
    config.settings.cache_clear()


def fields_of(said: dict[str, str]) -> list[tuple[str, bool]]:
    return [(one.field, one.error) for one in pages.look(said, "Bluff Creek Plumbing")]


def test_good_pages_have_nothing_and_each_gap_is_named(website: Website) -> None:
    good = {"website": website.put("/", f"<h1>Bluff Creek Plumbing</h1>{FILLER}")}
    good |= {"privacy_url": website.put("/privacy", POLICY), "opt_in_url": website.put("/form", FORM)}
    assert pages.look(good, "Bluff Creek Plumbing") == []
    gaps = {
        "says nothing about text messages": ("privacy_url", POLICY.replace("SMS", "").replace("text ", "write ")
                                             .replace("mobile", "")),
        "not shared with or sold": ("privacy_url", POLICY.replace("No mobile", "All mobile")),
        "reply STOP to opt out and HELP": ("privacy_url", POLICY.replace("HELP", "")),
        "does not name Bluff Creek Plumbing. Reviewers": ("website", FILLER),
        "does not say STOP and HELP": ("opt_in_url", FORM.replace("STOP", "")),
        "rates may apply": ("opt_in_url", FORM.replace("rates may apply", "")),
        "how often you text": ("opt_in_url", FORM.replace("frequency", "")),
        "does not link to the privacy policy": ("opt_in_url", FORM.replace("/privacy", "/other")),
        "ticked beforehand": ("opt_in_url", FORM.replace("checkbox", "checkbox checked")),
        "hardly any words": ("privacy_url", "<div id=root></div><script>render()</script>"),
    }  # fmt: skip
    for said, (field, page) in gaps.items():
        found = pages.look({field: website.put("/gap", page)}, "Bluff Creek Plumbing")
        assert len(found) == 1, (said, found)
        assert said in found[0].words
        assert not found[0].error
    assert "error (404)" in pages.look({"privacy_url": f"{website.url}/nowhere"}, "x")[0].words
    picture = website.put("/form.png", "", Content_Type="image/png")
    assert pages.look({"opt_in_url": picture}, "x") == []


def test_a_page_is_followed_bounded_and_given_up_when_it_drips(website: Website, monkeypatch: Any) -> None:
    there = website.put("/privacy", POLICY)
    assert outward.look(website.put("/old", "", 301, Location="/privacy")).url == there
    with pytest.raises(AwayError, match="too often"):
        outward.look(website.put("/round", "", 302, Location="/round"))
    for inside in ("ftp://127.0.0.1/x", "http://user:pw@127.0.0.1/x"):
        with pytest.raises(ForbiddenAddressError):
            outward.look(website.put("/away", "", 302, Location=inside))

    def pour(out: Any) -> None:
        while True:
            out.write(b"x" * 65536)

    assert len(outward.look(website.put("/much", pour)).text) < outward.LARGEST_PAGE + outward.MOST_BYTES
    monkeypatch.setattr(outward, "SLOWEST_PAGE", 0.5)

    def drip(out: Any) -> None:
        for _ in range(100):
            out.write(b"x")
            time.sleep(0.1)

    with pytest.raises(AwayError):
        outward.look(website.put("/drip", drip))


def test_a_private_address_is_an_error_and_a_network_that_fails_only_a_warning(clean: Settings) -> None:
    assert fields_of({"privacy_url": "https://127.0.0.1/privacy"}) == [("privacy_url", True)]
    found = pages.look({"privacy_url": "https://nowhere.invalid/privacy"}, "x")
    assert [(one.error, one.away) for one in found] == [(False, True)]


def test_pages_are_looked_at_before_handing_in_and_handed_in_all_the_same(
    website: Website, world: World, settings: Settings
) -> None:
    app: Flask = create_app(config.settings())
    alice = Visitor(app, world.plumber.slug)
    alice.log_in(world.alice.email)
    alice.get("/setup/registration")
    site = website.put("/", f"<h1>Bluff Creek Plumbing</h1>{FILLER}")
    with world.plumber.open() as session:
        known = questions.prefilled(session, session.get_one(Tenant, world.plumber.id), "Alice Romero", "a@b.example")
    said = known | FILLED | {"website": site, "privacy_url": website.put("/privacy", "<p>Cookies.</p>" + FILLER)}
    said |= {"opt_in_url": ""}
    assert "says nothing about text messages" in words(alice.send("/setup/registration/pages", said))
    answer = alice.send("/setup/registration", said)
    assert answer.status_code == 422
    assert "Hand it in all the same" in words(answer)
    looked_at = pages.looked_at(said)
    other = said | {"looked_at": looked_at, "privacy_url": website.put("/other", FILLER)}
    assert alice.send("/setup/registration", other).status_code == 422, "another page was never looked at"
    assert alice.send("/setup/registration", said | {"looked_at": looked_at}).status_code == 303
    with world.plumber.open() as session:
        assert filing.of(session, "10dlc").state == "submitting"
    charlie = Visitor(app, world.charlie.slug)
    charlie.log_in(world.charles.email)
    charlie.get("/setup/registration")
    gone = known | FILLED | {"legal_name": "Charlie's", "website": "https://gone.invalid", "opt_in_url": ""}
    gone |= {"privacy_url": "https://gone.invalid/p"}
    for name in ("sample_1", "sample_2"):
        gone[name] = known[name].replace(world.plumber.name, world.charlie.name)
    answer = charlie.send("/setup/registration", gone)
    assert answer.status_code == 303, words(answer)
    assert "could not be opened from here" in words(charlie.follow(answer))
