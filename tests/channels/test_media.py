"""Photos are fetched from the carrier, and from nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from groundwork import config, timers
from groundwork.database import new_id
from hallway import inbound
from hallway.channels import CarrierAwayError, media
from hallway.channels.media import LARGEST, MediaRefusedError, is_the_carrier_s
from hallway.conversations import Attachment
from tenants import routing
from tenants.routing import CarrierLogin
from tests import makers
from tests.carrier import Carrier
from tests.inbound.door import text_in
from tests.makers import Business
from tests.sending.at_carrier import fresh_number

TIMERS = {"fetch_media": inbound.fetch_media}
PIXEL = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
PATH = "/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"


@pytest.mark.parametrize(
    "url",
    [
        f"https://api.twilio.com{PATH}",
        "https://media.twiliocdn.com/AC1/x",
        "https://mms.twiliocdn.com/x?sig=1",
        "https://s3-external-1.amazonaws.com/media.twiliocdn.com/AC1/x",
    ],
)
def test_the_carrier_s_own_hosts_pass(clean: config.Settings, url: str) -> None:
    assert is_the_carrier_s(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://api.twilio.com/x",
        "https://api.twilio.com.evil.example/x",
        "https://api.twilio.com@evil.example/x",
        "https://user@media.twiliocdn.com/x",
        "https://media.twiliocdn.com:8443/x",
        "https://s3-external-1.amazonaws.com/somebody-else/x",
        "http://127.0.0.1/x",
        "http://169.254.169.254/latest/meta-data/",
        "https://[::1]/x",
        "file:///etc/passwd",
        "//media.twiliocdn.com/x",
        "",
    ],
)
def test_every_other_address_is_refused_before_a_byte_is_sent(clean: config.Settings, url: str) -> None:
    assert not is_the_carrier_s(url)
    with pytest.raises(MediaRefusedError):
        media.fetch(CarrierLogin(new_id(), new_id(), "AC1", "token"), url)


def test_a_photo_texted_by_a_lead_ends_in_our_keeping(carrier: Carrier, plumber: Business) -> None:
    lead = fresh_number()
    client = carrier.sdk(plumber.account_sid, plumber.auth_token)
    carrier.text(lead, plumber.number, "", PIXEL)
    sid = client.messages.list(to=plumber.number, from_=lead)[0].sid
    part = client.messages(sid).media.list()[0]
    text_in(plumber, "", lead, f"{carrier.url}{part.uri.removesuffix('.json')}")
    assert timers.run_due(plumber.id, TIMERS) == 1
    with plumber.open() as session:
        attachment = session.scalars(select(Attachment)).one()
        assert (attachment.state, attachment.content_type, attachment.data) == ("stored", "image/jpeg", PIXEL)


def test_a_photo_the_carrier_no_longer_has_is_told(carrier: Carrier, plumber: Business) -> None:
    text_in(plumber, "Look", makers.DANA, f"{carrier.url}{PATH}", "https://evil.example/x.jpg")
    timers.run_due(plumber.id, TIMERS)
    with plumber.open() as session:
        errors = set(session.scalars(select(Attachment.error)))
    assert errors <= {"The carrier no longer has this file.", "This file is not kept at the carrier's."}
    assert "This file is not kept at the carrier's." in errors


@pytest.fixture
def storage(clean: config.Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, tuple[int, str, bytes]]]:
    """A carrier's API that answers as told: {path: (status, content type or address, body)}."""
    answers: dict[str, tuple[int, str, bytes]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, body = answers[self.path]
            self.send_response(status)
            self.send_header("Location" if status == 307 else "Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("TWILIO_API_URL", f"http://127.0.0.1:{server.server_port}")
    config.settings.cache_clear()
    yield answers
    server.shutdown()
    monkeypatch.undo()
    config.settings.cache_clear()


def fetch(path: str) -> media.Media:
    login = CarrierLogin(new_id(), new_id(), "AC1", "token")
    return media.fetch(login, config.settings().carrier_api_url + path)


def test_the_sandbox_calls_itself_as_browsers_know_it_and_still_hands_out_photos(
    storage: dict[str, tuple[int, str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = config.settings().carrier_api_url
    monkeypatch.setenv("SANDBOX_URL", api.replace("127.0.0.1", "localhost"))
    config.settings.cache_clear()
    assert config.settings().sandbox_url == api.replace("127.0.0.1", "localhost")
    storage["/photo"] = (200, "image/png", b"png")
    login = CarrierLogin(new_id(), new_id(), "AC1", "token")
    assert media.fetch(login, f"{config.settings().sandbox_url}/photo").data == b"png"


def test_a_redirect_is_followed_only_to_the_carrier(storage: dict[str, tuple[int, str, bytes]]) -> None:
    storage["/a"] = (307, "/b", b"")
    storage["/b"] = (200, "image/png; x=1", b"png")
    assert fetch("/a") == media.Media("image/png", b"png")
    storage["/evil"] = (307, "http://169.254.169.254/latest", b"")
    with pytest.raises(MediaRefusedError, match="not kept at the carrier"):
        fetch("/evil")
    storage["/round"] = (307, "/round", b"")
    with pytest.raises(MediaRefusedError, match="circles"):
        fetch("/round")


def test_only_known_kinds_of_bounded_size_are_kept(storage: dict[str, tuple[int, str, bytes]]) -> None:
    storage["/svg"] = (200, "image/svg+xml", b"<svg onload=alert(1)>")
    storage["/html"] = (200, "text/html", b"<script>")
    storage["/big"] = (200, "image/jpeg", b"x" * (LARGEST + 1))
    storage["/busy"] = (503, "text/plain", b"")
    for path in ("/svg", "/html", "/big"):
        with pytest.raises(MediaRefusedError):
            fetch(path)
    with pytest.raises(CarrierAwayError):
        fetch("/busy")


def test_the_login_used_is_the_business_s_own(carrier: Carrier, plumber: Business) -> None:
    login = routing.carrier_login_of(plumber.id)
    assert login
    assert (login.account_sid, login.tenant_id) == (plumber.account_sid, plumber.id)
