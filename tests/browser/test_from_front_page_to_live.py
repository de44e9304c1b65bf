"""A new user on a phone of 390 pixels: from the front page to a proved live missed call."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.town import open_town
from tests.carrier import Carrier

PHONE = {"width": 390, "height": 844}


def test_a_new_user_on_a_phone_is_live_after_a_few_taps(browser: Browser, clean: object, tmp_path: Path) -> None:
    with open_town(tmp_path) as town:
        context = browser.new_context(viewport=PHONE, has_touch=True)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        maya = context.new_page()
        maya.goto(town.site.at())
        _sign_up(maya)
        _describe(maya)
        number = _get_a_number(maya)
        _prove(maya, town.carrier, number)
        maya.get_by_role("button", name="Continue").click()
        maya.get_by_role("button", name="These are my words").click()
        maya.get_by_role("button", name="Later").click()
        expect(maya.get_by_role("heading", name="You are live")).to_be_visible()
        maya.get_by_role("link", name="Go to the inbox").click()
        expect(maya.get_by_text("(512) 555-0142").first).to_be_visible()
        context.close()


def _sign_up(maya: Page) -> None:
    maya.get_by_role("link", name="Start free").first.click()
    maya.get_by_label("Name of your business").fill("Ridgeline Roofing")
    maya.get_by_label("Your name").fill("Maya Ortiz")
    maya.get_by_label("Your e-mail").fill("maya@ridgeline.example")
    maya.get_by_label("Choose a password").fill("three random words")
    maya.get_by_role("button", name="Create my account").click()
    expect(maya.get_by_role("heading", name="Your business")).to_be_visible()


def _describe(maya: Page) -> None:
    maya.get_by_label("Roofing").check()
    maya.get_by_label("ZIP code").fill("78704")
    expect(maya.get_by_text("TX, Central time")).to_be_visible()
    maya.get_by_label("Around the clock").check()
    maya.get_by_role("button", name="Continue").click()
    maya.get_by_label("It already sends appointment reminders").check()
    expect(maya.locator("#proposal")).to_contain_text("two reminders for one visit annoy people")
    maya.get_by_role("button", name="Switch this on").click()


def _get_a_number(maya: Page) -> str:
    maya.get_by_label("Area code or ZIP").fill("214")
    expect(maya.get_by_text("Dallas, TX").first).to_be_visible()
    maya.get_by_role("button", name="Get this number").click()
    maya.get_by_label("Number").fill("(512) 555-0171")
    maya.get_by_role("button", name="Continue").click()
    shown = maya.locator("#proof p").first.inner_text()
    assert maya.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return "+1" + re.sub(r"\D", "", shown)


def _prove(maya: Page, carrier: Carrier, number: str) -> None:
    """Somebody calls; the page turns green by itself."""
    carrier.set_behaviour("+15125550142", kind="mobile")
    carrier.call("+15125550142", number)
    expect(maya.locator("[data-proof=proved]")).to_be_visible()
    expect(maya.get_by_text("Ridgeline Roofing").last).to_be_visible()
