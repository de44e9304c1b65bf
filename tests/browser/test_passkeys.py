"""A passkey in a real browser: made, used to log in, and used as the proof before a change."""

from __future__ import annotations

from playwright.sync_api import Page, expect
from sqlalchemy import update

from groundwork import clock, scope
from groundwork.database import open_session
from tenants import signin
from tenants.models import UserSession
from tests.browser.conftest import Site
from tests.makers import World

HARDWARE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def test_a_passkey_logs_in_without_a_password_and_counts_as_two_factors(site: Site, world: World, page: Page) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": HARDWARE})
    site.log_in(page, world.alice.email, world.plumber.slug)
    page.goto(site.url(world.plumber.slug, "/settings/security"))
    page.get_by_label("A name for it").fill("Alice's laptop")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Alice's laptop")).to_be_visible()
    page.context.clear_cookies()
    page.goto(site.url(world.plumber.slug, "/log-in?next=/settings/hours"))
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(site.url(world.plumber.slug, "/settings/hours"))
    with open_session(scope.SYSTEM) as system:
        last = system.query(UserSession).order_by(UserSession.id.desc()).first()
        assert last
        assert last.second_factor_at
        system.execute(update(UserSession).values(proved_at=clock.real() - signin.FRESH))
    page.goto(site.url(world.plumber.slug, "/account/two-factor"))
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(site.url(world.plumber.slug, "/account/two-factor"))
    expect(page.get_by_text("Scan this picture")).to_be_visible()


def test_a_password_is_shown_and_measured_while_it_is_chosen(site: Site, world: World, page: Page) -> None:
    page.goto(f"{site.at()}/start")
    page.get_by_label("Your name").fill("Maya Ortiz")
    field = page.get_by_label("Choose a password")
    field.press_sequentially("maya ortiz 12")
    expect(page.get_by_text("among the first a thief would try")).to_be_visible()
    expect(page.locator("[data-strength][data-good=false]")).to_be_visible()
    field.fill("copper pipe elbow bend")
    expect(page.get_by_text("Strong.")).to_be_visible()
    expect(field).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show what I type").click()
    expect(field).to_have_attribute("type", "text")
    page.get_by_role("button", name="Show what I type").click()
    expect(field).to_have_attribute("type", "password")
