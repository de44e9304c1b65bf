"""The frame and the settings in a real browser: by keyboard, on a phone, in the dark, live."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from hallway.conversations import add_task
from tests import makers
from tests.browser.conftest import PHONE, WIDE, Site
from tests.makers import World

SETTINGS = (
    "/settings", "/settings/business", "/settings/hours", "/settings/phones", "/settings/numbers",
    "/settings/wording", "/settings/wording/text_back.open", "/settings/consent", "/settings/members",
    "/settings/activity", "/settings/security",
)  # fmt: skip


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_makes_the_browser_complain_or_runs_over_its_edge(
    site: Site, world: World, page: Page, complaints: list[str], size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dictionary will do
    talk_id, contact_id = told(world)
    site.let_in(page.context, world.alice.email, "bluff-creek")
    inbox = ("/home", "/inbox", f"/inbox/{talk_id}", "/tasks", "/search?q=heater", f"/contacts/{contact_id}",
             f"/contacts/{contact_id}/consent")  # fmt: skip
    for path in (*inbox, *SETTINGS):
        page.goto(site.at("bluff-creek") + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
        assert page.locator("h1:visible, h2:visible").count() >= 1, path
    assert complaints == []


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_page_of_an_agency_makes_the_browser_complain(
    site: Site, world: World, page: Page, complaints: list[str], size: dict[str, int]
) -> None:
    page.set_viewport_size(size)  # type: ignore[arg-type]
    site.let_in(page.context, world.nora.email)
    for path in ("/businesses", "/account"):
        page.goto(site.at() + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path
    page.goto(site.at() + "/businesses")
    page.get_by_role("button", name="Open Bluff Creek Plumbing").click()
    expect(page.get_by_text("Acting for", exact=False).filter(visible=True).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert complaints == []


def told(world: World) -> tuple[UUID, UUID]:
    """A missed call, its text, an answer with a picture on its way, and a task; conversation and contact."""
    with world.plumber.open() as session:
        talk = makers.make_conversation(session)
        call = makers.make_call(session, talk, business=world.plumber)
        makers.make_text_out(session, talk, business=world.plumber, call_id=call.id)
        makers.make_text_in(session, talk, business=world.plumber)
        add_task(session, "call_back", "1", title="Call Dana back", reason="A landline.", rule="number.landline",
                 phone=makers.DANA, conversation_id=talk.id)  # fmt: skip
        return talk.id, talk.contact_id


def test_the_settings_are_reached_and_saved_by_keyboard_alone(site: Site, world: World, page: Page) -> None:
    page.goto(site.at("bluff-creek") + "/settings/business")
    page.keyboard.type(world.alice.email)
    page.keyboard.press("Tab")
    page.keyboard.type(makers.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Business", exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.id") == "name":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Bluff Creek & Daughters")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    expect(page.locator("aside").get_by_text("Bluff Creek & Daughters")).to_be_visible()


def test_dark_follows_the_device_until_somebody_chooses(site: Site, world: World, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark", viewport={"width": 1280, "height": 800})
    page = context.new_page()
    site.let_in(page.context, world.alice.email, "bluff-creek")
    page.goto(site.at("bluff-creek") + "/settings")
    expect(page.locator("html")).to_have_class(re.compile(r"\bdark\b"))
    page.get_by_label("Alice Romero: your account").filter(visible=True).click()
    page.get_by_role("button", name="Light", exact=True).filter(visible=True).click()
    expect(page.locator("html")).not_to_have_class(re.compile(r"\bdark\b"))
    page.reload()
    expect(page.locator("html")).not_to_have_class(re.compile(r"\bdark\b"))
    context.close()


def test_the_count_of_who_waits_rises_without_a_reload(site: Site, world: World, page: Page) -> None:
    site.let_in(page.context, world.alice.email, "bluff-creek")
    page.goto(site.at("bluff-creek") + "/settings")
    page.wait_for_selector("html[data-live=on]", state="attached")
    count = page.locator("aside [data-count=inbox]")
    expect(count).to_be_hidden()
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, talk, business=world.plumber)
    expect(count).to_have_text("1")


def test_another_business_hears_nothing_of_it(site: Site, world: World, page: Page) -> None:
    site.let_in(page.context, world.charles.email, "charlies")
    page.goto(site.at("charlies") + "/settings")
    page.wait_for_selector("html[data-live=on]", state="attached")
    page.evaluate("document.body.addEventListener('live:any', (event) => { if (event.detail.id) window.heard = true })")
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session))
        makers.make_text_in(session, talk, business=world.plumber)
    with world.charlie.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session, "Priya Natarajan", makers.PRIYA))
    page.wait_for_timeout(600)
    assert page.evaluate("window.heard") is None


def test_the_preview_follows_the_typing_and_names_what_is_missing(site: Site, world: World, page: Page) -> None:
    site.let_in(page.context, world.alice.email, "bluff-creek")
    page.goto(site.at("bluff-creek") + "/settings/wording/text_back.open")
    page.fill("#source", "{{ business.name }} here, what broke?")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("Bluff Creek Plumbing here, what broke?")
    expect(preview).to_contain_text("does not say how to opt out")
    page.locator("#source").press("End")
    page.locator("#source").press_sequentially(" Reply STOP to opt out.")
    expect(preview).not_to_contain_text("does not say how to opt out")


def test_an_agency_acts_for_its_client_and_leaves(site: Site, world: World, page: Page) -> None:
    site.log_in(page, world.nora.email)
    page.get_by_role("button", name="Open Bluff Creek Plumbing").click()
    page.wait_for_url(f"{site.at('bluff-creek')}/**")
    expect(page.get_by_text("acting for").filter(visible=True)).to_be_visible()
    page.get_by_label("Bluff Creek Plumbing: switch business").filter(visible=True).click()
    expect(page.get_by_text("Northstar Marketing’s client").filter(visible=True)).to_be_visible()
    page.get_by_role("button", name="Leave").click()
    page.wait_for_url(f"{site.at()}/businesses")
    page.goto(site.at("bluff-creek") + "/settings")
    expect(page.get_by_role("heading", name="Log in to Bluff Creek Plumbing")).to_be_visible()


def test_the_week_is_set_on_a_phone(site: Site, world: World, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    site.log_in(page, world.alice.email, "bluff-creek")
    page.get_by_role("navigation", name="Main").filter(visible=True).get_by_text("Settings").click()
    page.get_by_role("link", name=re.compile("^Hours")).filter(visible=True).click()
    page.get_by_label("Saturday", exact=True).check()
    page.get_by_label("Saturday from").first.fill("09:00")
    page.get_by_label("Saturday to").first.fill("12:00")
    page.get_by_role("button", name="Save hours").click()
    expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Saturday from").first).to_have_value("09:00")


@pytest.mark.parametrize("slug", ["nobody", "bluff-creek"])
def test_a_page_that_is_not_there_is_still_a_page(site: Site, world: World, page: Page, slug: str) -> None:
    page.goto(f"{site.at(slug)}/log-in" if slug == "nobody" else f"{site.at(slug)}/no-such-page")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
