"""The world's clock, turned from the page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.carrier import running_carrier


def test_the_world_is_turned_to_a_day_and_time_and_never_back(page: Page, tmp_path: Path) -> None:
    with running_carrier(tmp_path, clock=tmp_path / "clock.turns") as carrier:
        year = int(carrier.control("GET", "clock")["day"][-4:]) + 1
        page.goto(f"{carrier.url}/")
        page.get_by_label("A day and time in Austin").fill(f"{year}-01-15T14:00")
        page.get_by_role("button", name="To this time").click()
        expect(page.locator("#clock-day")).to_have_text(f"{date(year, 1, 15):%A}, January 15, {year}")
        expect(page.locator("#clock-time")).to_have_text("2:00 pm CST")
        for words, why in (("2020-01-01T00:00", "forward only"), ("tomorrow", "Say how far")):
            with pytest.raises(RuntimeError, match=why):
                carrier.control("POST", "clock", {"at": words})
