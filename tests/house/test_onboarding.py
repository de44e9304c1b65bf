"""From an empty installation to a business whose number rings here, on the command line alone."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from groundwork import config, database, scope
from groundwork.database import open_session
from groundwork.embedded import free_port
from hallway.channels.models import Number
from tenants import invitations, routing
from tenants.models import Tenant
from workers.cli import main
from workers.supervisor import answers

ROOT = Path(__file__).resolve().parents[2]
MAIN, TOKEN = "AC" + "0d" * 16, "1e" * 16
BLUFF = [
    "--slug",
    "bluff-creek",
    "--timezone",
    "America/Chicago",
    "--state",
    "TX",
    "--owner",
    "Dale",
    "dale@example.com",
]
LINE = "+15125550100"
Hallway = Callable[..., Result]


@pytest.fixture(scope="module")
def carrier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sandbox, with one number bought in its main account."""
    port = free_port()
    words = ["--port", str(port), "--state", str(tmp_path_factory.mktemp("carrier") / "state.db")]
    words += ["--account-sid", MAIN, "--auth-token", TOKEN]
    sandbox = subprocess.Popen([sys.executable, "-m", "sandbox", *words], cwd=ROOT / "platform")
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while not answers(f"{url}/") and time.monotonic() < deadline:
        time.sleep(0.05)
    buy(url, LINE)
    yield url
    sandbox.terminate()
    sandbox.wait()


def buy(carrier: str, e164: str) -> None:
    headers = authorization(MAIN, TOKEN)
    url = f"{carrier}/2010-04-01/Accounts/{MAIN}/IncomingPhoneNumbers.json"
    urlopen(Request(url, urlencode({"PhoneNumber": e164}).encode(), headers), timeout=10).close()


def authorization(account_sid: str, token: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{account_sid}:{token}'.encode()).decode()}"}


def at_carrier(carrier: str, login: routing.CarrierLogin) -> dict[str, dict[str, str]]:
    url = f"{carrier}/2010-04-01/Accounts/{login.account_sid}/IncomingPhoneNumbers.json"
    with urlopen(Request(url, headers=authorization(login.account_sid, login.auth_token)), timeout=10) as answer:
        return {number["phone_number"]: number for number in json.load(answer)["incoming_phone_numbers"]}


@pytest.fixture
def hallway(clean: config.Settings, carrier: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hallway]:
    for name, value in {"TWILIO_API_URL": carrier, "TWILIO_ACCOUNT_SID": MAIN, "TWILIO_AUTH_TOKEN": TOKEN}.items():
        monkeypatch.setenv(name, value)
    config.settings.cache_clear()
    yield lambda *words: CliRunner().invoke(main, words)
    monkeypatch.undo()
    config.settings.cache_clear()
    database.dispose()


def login_of(slug: str) -> routing.CarrierLogin:
    with open_session(scope.SYSTEM) as session:
        tenant_id = session.scalars(select(Tenant.id).where(Tenant.slug == slug)).one()
    login = routing.carrier_login_of(tenant_id)
    assert login
    return login


def test_a_business_is_added_and_its_owner_gets_a_link(hallway: Hallway) -> None:
    result = hallway("tenant", "add", "Bluff Creek Plumbing", "--trade", "plumbing", *BLUFF)
    assert result.exit_code == 0, result.output
    assert "http://bluff-creek.localhost:8000" in result.output
    with open_session(scope.SYSTEM) as session:
        business = session.scalars(select(Tenant)).one()
    invitation = invitations.read(result.output.split("/join/")[1].strip(), business.id)
    assert invitation
    assert (invitation.email, invitation.role) == ("dale@example.com", "owner")


def test_a_number_is_connected_to_an_account_of_its_own_and_again_without_harm(hallway: Hallway, carrier: str) -> None:
    hallway("tenant", "add", "Bluff Creek Plumbing", *BLUFF)
    for label in ("Main line", "The van"):
        result = hallway("number", "connect", "bluff-creek", "(512) 555-0100", "--label", label)
        assert result.exit_code == 0, result.output
    login = login_of("bluff-creek")
    assert login.account_sid != MAIN
    there = at_carrier(carrier, login)[LINE]
    hooks = f"{config.settings().hooks_url}/hooks/twilio/{login.id}"
    assert there["voice_url"] == f"{hooks}/voice#rc=3&rp=all"
    assert there["sms_url"] == f"{hooks}/message#rc=3&rp=all"
    assert there["status_callback"] == f"{hooks}/call-status#rc=3&rp=all"
    with open_session(scope.tenant(login.tenant_id)) as session:
        assert [(n.e164, n.label, n.mode) for n in session.scalars(select(Number))] == [(LINE, "The van", "direct")]


def test_every_number_is_pointed_here_again_after_the_address_changed(
    hallway: Hallway, carrier: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    buy(carrier, "+15125550102")
    hallway("tenant", "add", "Bluff Creek Plumbing", *BLUFF)
    assert hallway("number", "connect", "bluff-creek", "+15125550102").exit_code == 0
    monkeypatch.setenv("HOOKS_URL", "https://hooks.example")
    config.settings.cache_clear()
    assert hallway("number", "point").exit_code == 0
    there = at_carrier(carrier, login_of("bluff-creek"))["+15125550102"]
    assert there["voice_url"].startswith("https://hooks.example/hooks/twilio/")


def test_a_number_of_another_business_is_left_alone(hallway: Hallway, carrier: str) -> None:
    hallway("tenant", "add", "Bluff Creek Plumbing", *BLUFF)
    hallway("tenant", "add", "Charlie's Garage Doors", *["charlies" if w == "bluff-creek" else w for w in BLUFF])
    buy(carrier, "+15125550101")
    assert hallway("number", "connect", "bluff-creek", "+15125550101").exit_code == 0
    result = hallway("number", "connect", "charlies", "+15125550101")
    assert result.exit_code == 1
    assert "not among the numbers" in result.output
    assert "+15125550101" in at_carrier(carrier, login_of("bluff-creek"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("number", "connect", "nobody", LINE), "no business called “nobody”"),
        (("number", "connect", "bluff-creek", "twelve"), "“twelve” is not a phone number"),
        (("number", "connect", "bluff-creek", "+15125550199"), "not among the numbers of your Twilio account"),
        (("tenant", "add", "Twin", *BLUFF), "already a business called “bluff-creek”"),
        (("tenant", "add", "Odd", *["Bluff Creek" if w == "bluff-creek" else w for w in BLUFF]), "small letters"),
    ],
)
def test_what_cannot_be_done_is_told_plainly(hallway: Hallway, words: tuple[str, ...], told: str) -> None:
    hallway("tenant", "add", "Bluff Creek Plumbing", *BLUFF)
    result = hallway(*words)
    assert result.exit_code == 1
    assert told in result.output


def test_a_carrier_that_does_not_know_us_is_told(hallway: Hallway, monkeypatch: pytest.MonkeyPatch) -> None:
    hallway("tenant", "add", "Bluff Creek Plumbing", *BLUFF)
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "0" * 32)
    config.settings.cache_clear()
    result = hallway("number", "connect", "bluff-creek", LINE)
    assert result.exit_code == 1
    assert "The carrier refuses" in result.output
