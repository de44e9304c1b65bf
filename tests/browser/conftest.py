"""The web as it runs: the asgi server on a free port, and people at real browsers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3
from playwright.sync_api import Browser, BrowserContext, Page

from groundwork.config import Settings
from tests import makers
from tests.makers import PASSWORD, World
from tests.ui.visitor import TOKEN

ROOT = Path(__file__).resolve().parents[2]
WIDE, PHONE = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


@dataclass(frozen=True)
class Site:
    """A running web server. Each business is at its own subdomain of localhost."""

    port: int

    def url(self, slug: str, path: str = "") -> str:
        return f"http://{slug}.localhost:{self.port}{path}"

    def at(self, slug: str | None = None) -> str:
        """A business's host, or the base domain."""
        return self.url(slug) if slug else f"http://localhost:{self.port}"

    def let_in(self, context: BrowserContext, email: str, slug: str | None = None) -> None:
        """Log in through the same form, without showing it: the cookies are then the context's."""
        host = {"Host": urlsplit(self.at(slug)).netloc, "Referer": f"{self.at(slug)}/log-in"}
        address = f"http://127.0.0.1:{self.port}/log-in"
        form = urllib3.request("GET", address, headers=host)
        token = TOKEN.search(form.data.decode())
        assert token
        filled = urlencode({"csrf_token": token[1], "email": email, "password": PASSWORD})
        host |= {"Cookie": "; ".join(cookie.split(";")[0] for cookie in form.headers.getlist("Set-Cookie"))}
        host |= {"Content-Type": "application/x-www-form-urlencoded"}
        answer = urllib3.request("POST", address, body=filled, headers=host, redirect=False)
        assert answer.status == 303, answer.data.decode()
        cookies = [cookie.split(";")[0].partition("=") for cookie in answer.headers.getlist("Set-Cookie")]
        context.add_cookies([{"name": name, "value": value, "url": self.at(slug)} for name, _, value in cookies])

    def log_in(self, page: Page, email: str, slug: str | None = None) -> None:
        """Log in as a person does: type and press Enter."""
        page.goto(f"{self.at(slug)}/log-in")
        page.fill("#email", email)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(lambda url: "/log-in" not in url)


@pytest.fixture(scope="session")
def site(settings: Settings, home: Path, worker: str) -> Iterator[Site]:
    """The pages and the live hub in one process, on this worker's database and Redis."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "PUBLIC_URL": address,
        "HOOKS_URL": address,
        "PRIVATE_ENDPOINTS": "yes",
        "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:workers.serving", "--graceful-timeout", "1",
               "--bind", f"127.0.0.1:{port}", "wsgi:asgi"]  # fmt: skip
    with (home / f"web-{worker}.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_up(f"{address}/healthz", server, Path(log.name))
            yield Site(port)
        finally:
            server.terminate()
            server.wait(timeout=20)


def wait_until_up(address: str, server: subprocess.Popen[bytes] | None, log: Path) -> None:
    """Until the server answers; a server that falls fails the test with its last words."""
    for _ in range(600):
        if server is None or server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The web server did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture
def world(clean: Settings) -> World:
    return makers.make_world()


Visit = Callable[..., Page]


@pytest.fixture
def visit(site: Site, world: World, browser: Browser) -> Iterator[Visit]:
    """visit("/inbox", size=PHONE): a page of Bluff Creek's, with Bob logged in, where the browser may not complain."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def go(path: str, size: dict[str, int] = WIDE, email: str = "bob@example.com") -> Page:
        context = browser.new_context(viewport=size)  # type: ignore[arg-type]  # a plain dictionary will do
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        _listen(page, complaints)
        site.let_in(context, email, world.plumber.slug)
        page.goto(site.url(world.plumber.slug, path))
        page.wait_for_selector("html[data-live=on]", state="attached")
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained about on `page`: a blocked script or style, an error, a warning."""
    heard: list[str] = []
    _listen(page, heard)
    return heard


def _listen(page: Page, heard: list[str]) -> None:
    page.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
