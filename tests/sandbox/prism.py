"""An independent judge between client and carrier: Prism, holding the provider's published description."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.carrier import Carrier, free_port

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "var" / "prism"
SCRIPT = HOME / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
PATIENCE = 60  # seconds
PACKAGE = "@stoplight/prism-cli@5.16.0"
FORM = "application/x-www-form-urlencoded"


def description(name: str) -> Path:
    """A published description; the test is skipped where there is none."""
    places = [Path(os.environ.get("CARRIER_SPECS", "")), *(folder / "shared" / "specs" for folder in ROOT.parents)]
    for place in places:
        if (place / name).is_file():
            return place / name
    pytest.skip(f"{name} was not found; name its folder in CARRIER_SPECS to check the carrier against it")


def program() -> list[str]:
    """Prism's command, installed once under var/; the test is skipped where that is not possible."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("node and npm are needed to check the carrier against the published description")
    HOME.mkdir(parents=True, exist_ok=True)
    wrong = _install(npm)
    if wrong:
        pytest.skip(f"Prism could not be installed: {wrong}")
    return [node, str(SCRIPT)]


@cache
def _install(npm: str) -> str | None:
    """Install Prism unless it is there. Returns why it could not be; a slow registry is not waited for twice."""
    command = [npm, "install", "--prefix", str(HOME), "--no-audit", "--no-fund", "--loglevel=error", PACKAGE]
    with (HOME / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if SCRIPT.exists():
            return None
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except (subprocess.TimeoutExpired, OSError) as error:
            return f"npm did not finish ({type(error).__name__}, {PATIENCE} s allowed)"
    return None if SCRIPT.exists() else done.stderr.strip()[-200:] or f"npm ended with {done.returncode}"


def prepared(source: Path, target: Path) -> Path:
    """The description as Prism can use it, and without what its own examples contradict."""
    spec = json.loads(source.read_text())
    operations = [one for path in spec["paths"].values() for one in path.values() if isinstance(one, dict)]
    for operation in operations:
        content = operation.get("requestBody", {}).get("content", {})
        if FORM in content:
            _spell_out(content[FORM], spec["components"]["schemas"])
        for answer in operation.get("responses", {}).values():
            _allow_relative(answer.get("content", {}).get("application/json", {}).get("schema", {}))
    if "lookups" in source.name:
        _allow_null(spec["components"]["schemas"])
    target.write_text(json.dumps(spec))
    return target


def _allow_relative(schema: dict[str, Any]) -> None:
    """Lists are described with absolute page URIs; every example, and the provider, gives relative ones."""
    for name, given in schema.get("properties", {}).items():
        if name.endswith("uri") and given.get("format") == "uri":
            given["format"] = "uri-reference"


def _allow_null(schemas: dict[str, Any]) -> None:
    """A lookup's examples have null for every package that was not asked for; its schemas do not say so."""
    for schema in schemas.values():
        for part in (schema, *schema.get("properties", {}).values()):
            if "type" in part:
                part["nullable"] = True


def _spell_out(form: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Prism takes repeated form fields for arrays only when their encoding is spelled out."""
    properties = form["schema"].get("properties", {})
    for name, given in properties.items():
        schema = schemas[given["$ref"].rsplit("/", 1)[1]] if "$ref" in given else given
        if schema.get("type") == "array":
            properties[name] = {key: value for key, value in schema.items() if key != "nullable"}
            form.setdefault("encoding", {})[name] = {"style": "form", "explode": True, "allowReserved": True}


class Judge:
    """Asks the carrier through Prism; whatever the description does not allow fails, with Prism's reasons."""

    def __init__(self, url: str, carrier: Carrier) -> None:
        self._url = url
        self._http = urllib3.PoolManager(retries=False, timeout=20)
        self._headers = urllib3.make_headers(basic_auth=f"{carrier.account_sid}:{carrier.auth_token}")

    def ask(self, method: str, path: str, fields: Any = None) -> Any:
        reply = self._send(method, path, fields)
        assert reply.status < 300, f"{method} {path}: {reply.status} {reply.data.decode()[:1500]}"
        return reply.json() if reply.data else None

    def refuses(self, method: str, path: str, fields: Any = None) -> bool:
        return self._send(method, path, fields).status == 422

    def _send(self, method: str, path: str, fields: Any) -> urllib3.BaseHTTPResponse:
        if method == "POST":
            url, given = self._url + path, fields or {}
            return self._http.request_encode_body(method, url, given, self._headers, encode_multipart=False)
        return self._http.request(method, self._url + path, fields=fields, headers=self._headers)

    def ready(self) -> bool:
        try:
            self._http.request("GET", self._url + "/")
        except urllib3.exceptions.HTTPError:
            return False
        return True


@contextmanager
def judged(carrier: Carrier, name: str, folder: Path) -> Iterator[Judge]:
    """Prism between the test and the carrier for the length of a with block."""
    spec, port = prepared(description(name), folder / name), free_port()
    command = [*program(), "proxy", "-h", "127.0.0.1", "-p", str(port), str(spec), carrier.url, "--errors"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    judge = Judge(f"http://127.0.0.1:{port}", carrier)
    try:
        until = time.monotonic() + 90
        while not judge.ready():
            assert process.poll() is None, "Prism ended by itself"
            assert time.monotonic() < until, "Prism did not start"
            time.sleep(0.1)
        yield judge
    finally:
        process.terminate()
        process.wait(10)
