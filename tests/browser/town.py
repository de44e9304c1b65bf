"""A whole installation as it runs: pages, workers and clock as processes, and a carrier with phones one can pick up."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from groundwork import config
from hallway import channels
from tenants.hours import DAYS
from tests import makers
from tests.browser.conftest import ROOT, Site, wait_until_up
from tests.carrier import Carrier, free_port, running_carrier
from tests.makers import Business
from workers.children import Child

ROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in DAYS}
# A slow ear hears a phone ring at human speed; texts arrive as fast as on a good day.
AT_HUMAN_SPEED = {"time_scale": 1.0, "step": 0.05}
HALLWAY = [sys.executable, "-m", "workers.cli"]
PROCESSES = {"web": ("web",), "worker": ("worker", "now", "soon", "bulk"), "clock": ("clock",)}


@dataclass(frozen=True)
class Town:
    """Alice's plumbers can be called; Charlie has a business next door."""

    site: Site
    carrier: Carrier
    plumber: Business
    charlie: Business


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    """Everything runs while the block lasts, on the database and Redis of this process."""
    with running_carrier(folder, **AT_HUMAN_SPEED) as carrier:
        port = free_port()
        site = Site(port)
        children = [Child(name, [*HALLWAY, *words], folder / f"{name}.log") for name, words in PROCESSES.items()]
        try:
            for child in children:
                child.start(_environment(folder, site, carrier))
            town = Town(site, carrier, _plumber(site, carrier), _charlie())
            wait_until_up(f"{site.at()}/healthz", children[0].process, children[0].log)
            yield town
        finally:
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.wait_or_kill()


def _environment(folder: Path, site: Site, carrier: Carrier) -> dict[str, str]:
    ours = {"PUBLIC_URL": site.at(), "HOOKS_URL": site.at(), "PORT": str(site.port), "SANDBOX_URL": carrier.url}
    ours |= {"TWILIO_API_URL": carrier.url, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}", "HALLWAY_VAR": str(folder)}
    ours |= {"TWILIO_ACCOUNT_SID": carrier.account_sid, "TWILIO_AUTH_TOKEN": carrier.auth_token}
    return {**os.environ, **ours}


def _plumber(site: Site, carrier: Carrier) -> Business:
    """A business with an account and a number of its own at the carrier; its phone rings and nobody picks up."""
    account = carrier.sdk().api.v2010.accounts.create(friendly_name="Bluff Creek Plumbing")
    plumber = makers.make_tenant(
        "Bluff Creek Plumbing", "bluff-creek-town", number="+15125550101", cell="+15125550174", hours=ROUND_THE_CLOCK,
        observe_federal_holidays=False, account_sid=account.sid, auth_token=account.auth_token,
    )  # fmt: skip
    makers.make_member(plumber, "Alice Romero", "owner", "alice@town.example")
    here = config.settings().hooks_url
    urls = {name: url.replace(here, site.at(), 1) for name, url in channels.hook_urls(plumber.account).items()}
    carrier.sdk(account.sid, account.auth_token).incoming_phone_numbers.create(
        phone_number=plumber.number, friendly_name=plumber.name, voice_url=urls["voice"], sms_url=urls["message"],
        status_callback=urls["call-status"], voice_method="POST", sms_method="POST",
    )  # fmt: skip
    carrier.set_behaviour(plumber.cell, behaviour="rings")
    return plumber


def _charlie() -> Business:
    charlie = makers.make_tenant("Charlie's Garage Doors", "charlies-town", number="+17375550103", cell="+15125550178")
    makers.make_member(charlie, "Charlie Novak", "owner", "charlie@town.example")
    return charlie
