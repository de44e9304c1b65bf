"""A person at a browser, without the browser: one host, its cookies, forms sent as forms are sent."""

from __future__ import annotations

import html
import re
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.makers import PASSWORD

FRAGMENT: dict[str, Any] = {"HX-Request": "true", "HX-Request-Type": "partial"}
BASE = "http://localhost:8000"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
HEADER_TOKEN = re.compile(r'X-CSRFToken": "([^"]+)"')


class Visitor:
    """`slug` is the business whose host is visited, None for the base domain."""

    def __init__(self, app: Flask, slug: str | None = None) -> None:
        self.client = app.test_client()
        self.origin = f"http://{slug}.localhost:8000" if slug else BASE
        self._token = ""

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._keep(self.client.get(path, base_url=self.origin, headers=headers))

    def send(self, path: str, form: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """A form with the token of the page seen last."""
        data = {"csrf_token": self._token, **(form or {})}
        return self._keep(self.client.post(path, base_url=self.origin, data=data, headers=headers))

    def forge(self, path: str, form: dict[str, Any] | None = None) -> TestResponse:
        """The same form from a stranger's page, which cannot know the token."""
        return self.client.post(path, base_url=self.origin, data=form or {})

    def log_in(self, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
        self.get("/log-in")
        answer = self.send("/log-in", {"email": email, "password": password, **more})
        if answer.status_code == 303:
            self.get("/settings/security" if self.origin != BASE else "/account")
        return answer

    def follow(self, answer: TestResponse) -> TestResponse:
        """Go where a redirect leads, on whatever host of ours, with this browser's cookies of that host."""
        where = answer.headers["Location"]
        match = re.match(r"(http://[^/]+)(/.*)", where)
        if match:
            self.origin, where = match[1], match[2]
        return self.get(where)

    def _keep(self, answer: TestResponse) -> TestResponse:
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        found = TOKEN.search(page) or HEADER_TOKEN.search(html.unescape(page))
        self._token = found[1] if found else self._token
        return answer


def words(answer: TestResponse) -> str:
    """What a person reads: the page without its tags, blanks as one."""
    page = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True), flags=re.DOTALL)
    return re.sub(r"\s+", " ", html.unescape(page))
