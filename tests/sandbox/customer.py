"""A customer of the carrier: takes its webhooks, checks every signature, answers as the test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator

from tests.carrier import Carrier

Answer = str | Callable[[dict[str, str]], str]


@dataclass(frozen=True)
class Hook:
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    at: float = field(default_factory=time.monotonic)


class Customer:
    def __init__(self) -> None:
        self.hooks: list[Hook] = []
        self.unsigned: list[str] = []
        self.answers: dict[str, Answer] = {}
        self.statuses: dict[str, list[int]] = {}
        self.tokens = {Carrier.account_sid: Carrier.auth_token}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def forget(self) -> None:
        self.hooks.clear()
        self.unsigned.clear()
        self.answers.clear()
        self.statuses.clear()

    def to(self, path: str) -> str:
        return self.url + path

    def says(self, path: str, twiml: Answer) -> str:
        """Answer requests to this path with TwiML (the part inside <Response>); gives the URL."""
        self.answers[path] = twiml
        return self.to(path)

    def at(self, path: str) -> list[dict[str, str]]:
        return [hook.params for hook in list(self.hooks) if hook.path == path]

    def wait_for(self, path: str, count: int = 1, seconds: float = 60) -> list[dict[str, str]]:
        """The fields of the first `count` requests to this path."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if len(self.at(path)) >= count:
                return self.at(path)
            time.sleep(0.01)
        raise AssertionError(
            f"{path} was asked {len(self.at(path))} times, not {count}: {[h.path for h in self.hooks]}"
        )

    def _take(self, path: str, body: str, headers: dict[str, str]) -> tuple[int, str]:
        parts = urlsplit(path)
        params = dict(parse_qsl(body, keep_blank_values=True))
        token = self.tokens.get(params.get("AccountSid", ""), "")
        if not RequestValidator(token).validate(self.url + path, params, headers.get("X-Twilio-Signature", "")):
            self.unsigned.append(path)
        self.hooks.append(Hook(parts.path, params, headers))
        waiting = self.statuses.get(parts.path)
        answer = self.answers.get(parts.path, "")
        said = answer(params) if callable(answer) else answer
        return (waiting.pop(0) if waiting else 200), f"<Response>{said}</Response>"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        customer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, answer = customer._take(self.path, body, dict(self.headers))
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(answer.encode())))
                self.end_headers()
                self.wfile.write(answer.encode())

            do_GET = do_POST  # noqa: N815 - the name the server looks for

            def log_message(self, *_: object) -> None:
                """Quiet."""

        return Handler
