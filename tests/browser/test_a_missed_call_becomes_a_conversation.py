"""The main job from end to end on real parts: a call nobody takes becomes a conversation, until they say stop.

Told three times: with the mouse, on a phone 390 pixels wide, and by keyboard alone.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from groundwork.config import Settings
from tests.browser.conftest import PHONE, WIDE
from tests.browser.town import Town, open_town
from tests.makers import PASSWORD, Business

TROUBLE = "water heater leaking at 1120 Bluff Creek, need someone today"
ANSWER = "We can be there at 2. Please close the valve above the heater."
STOP = "please stop texting me"
SLOW = 60_000  # milliseconds until what happens in another process shows
PHOTO = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def town(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with open_town(tmp_path_factory.mktemp("town")) as opened:
        yield opened


@dataclass
class Person:
    """Somebody at a browser, who may have no mouse."""

    page: Page
    by_keyboard: bool = False

    def press(self, what: Locator) -> None:
        if self.by_keyboard:
            self._reach(what)
            self.page.keyboard.press("Enter")
        else:
            what.click()

    def write(self, where: Locator, words: str, then: str = "") -> None:
        """Type `words`; `then` is a key to end with."""
        if self.by_keyboard:
            self._reach(where)
        else:
            where.click()
        self.page.keyboard.type(words)
        if then:
            self.page.keyboard.press(then)

    def _reach(self, what: Locator) -> None:
        """Tab until it has the focus, as somebody without a mouse does."""
        expect(what).to_be_visible()
        for _ in range(80):
            if what.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{what} cannot be reached with Tab")


@dataclass
class Caller(Person):
    """A customer with the carrier's phone in hand."""

    number: str = ""

    def pick_up_the_phone(self, town: Town) -> None:
        self.page.goto(f"{town.carrier.url}/phone/{self.number}")

    def call_and_hang_up(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=f"Call {name}"))
        expect(self.page.locator("#call-state")).to_have_text("Ringing…")
        self.page.wait_for_timeout(500)  # it rings
        self.press(self.page.get_by_role("button", name="Hang up"))

    def expect_text(self, words: str | re.Pattern[str]) -> Locator:
        bubble = self.page.locator("#talk .bubble:not(.mine)").filter(has_text=words)
        expect(bubble).to_have_count(1, timeout=SLOW)
        return bubble

    def put_the_phone_down(self) -> None:
        """Back to the list of businesses, whose preview of a long text must not widen the phone."""
        self.press(self.page.get_by_role("button", name="Back to all businesses"))
        phone = "[document.querySelector('.screen').clientWidth, document.documentElement.scrollWidth]"
        screen, page = self.page.evaluate(phone)
        assert screen <= 400
        assert page <= (self.page.viewport_size or WIDE)["width"]

    def text(self, words: str, photo: Path | None = None) -> None:
        if photo:
            with self.page.expect_file_chooser() as chooser:
                self.press(self.page.locator("#photo" if self.by_keyboard else "label[title='Add a photo']"))
            chooser.value.set_files(photo)
        self.write(self.page.get_by_label("Text message"), words, then="Enter")
        expect(self.page.locator("#talk .bubble.mine").filter(has_text=words)).to_have_count(1, timeout=SLOW)


@dataclass
class Plumber(Person):
    """Alice at her inbox."""

    def log_in(self, town: Town, business: Business, email: str) -> None:
        self.page.goto(town.site.url(business.slug, "/"))
        self.write(self.page.get_by_label("E-mail"), email)
        self.write(self.page.get_by_label("Password"), PASSWORD, then="Enter")
        self.page.wait_for_url("**/home")

    def open_inbox(self) -> None:
        self.press(self.page.get_by_role("link", name="Inbox").filter(visible=True).first)
        expect(self.page.locator("html")).to_have_attribute("data-live", "on")
        self.page.evaluate("window.samePage = true")

    def line_of(self, number: str) -> Locator:
        return self.page.locator("[data-line]").filter(has_text=pretty(number))

    def open_thread(self, number: str) -> None:
        if self.by_keyboard:
            self.page.keyboard.press("j")
            self.page.keyboard.press("Enter")
        else:
            self.line_of(number).click()
        expect(self.page.locator("#thread")).to_be_visible()

    def look_at_the_lead(self, number: str) -> Locator:
        panel = self.page.locator("#panel")
        if not panel.is_visible():
            self.page.get_by_role("button", name=pretty(number)).click()
        return panel

    def back_to_the_thread(self) -> None:
        button = self.page.get_by_role("button", name="Back to the messages")
        if button.is_visible():
            button.click()

    def answer(self, words: str) -> None:
        if self.by_keyboard:
            self.page.keyboard.press("r")
            self.page.keyboard.type(words)
            self.page.keyboard.press("Control+Enter")
        else:
            self.page.get_by_label("Write a message to").fill(words)
            self.page.get_by_role("button", name="Send", exact=True).click()

    def send_from_a_page_that_was_left_open(self, words: str) -> None:
        """The composer is gone, but an old page could still send its form."""
        self.page.evaluate(
            """async (words) => {
              const form = new FormData();
              form.set("csrf_token", document.querySelector("[name=csrf_token]").value);
              form.set("token", crypto.randomUUID());
              form.set("body", words);
              await fetch(`/inbox/${document.querySelector("#thread").dataset.conversation}/send`,
                { method: "POST", body: form });
            }""",
            words,
        )

    def look_up(self, path: str) -> tuple[int, str]:
        """Status and source of another page of this business."""
        fetched = "async (path) => { const page = await fetch(path); return [page.status, await page.text()]; }"
        status, source = self.page.evaluate(fetched, path)
        return int(status), str(source)

    def was_never_reloaded(self) -> bool:
        return bool(self.page.evaluate("window.samePage === true"))


def pretty(number: str) -> str:
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


WAYS = [
    pytest.param(WIDE, False, "+17375550151", id="with the mouse"),
    pytest.param(PHONE, False, "+17375550152", id="on a phone"),
    pytest.param(WIDE, True, "+17375550153", id="by keyboard alone"),
]


@pytest.mark.parametrize(("size", "by_keyboard", "number"), WAYS)
def test_a_missed_call_becomes_a_conversation_until_they_say_stop(
    town: Town, browser: Browser, tmp_path: Path, size: dict[str, int], by_keyboard: bool, number: str
) -> None:
    photo = tmp_path / "heater.png"
    photo.write_bytes(PHOTO)
    alice = Plumber(new_page(browser, size), by_keyboard)
    caller = Caller(new_page(browser, size), by_keyboard, number)

    alice.log_in(town, town.plumber, "alice@town.example")
    alice.open_inbox()

    # A call that nobody takes, and the text that answers it.
    caller.pick_up_the_phone(town)
    caller.call_and_hang_up("Bluff Creek Plumbing")
    caller.expect_text("this is Bluff Creek Plumbing")
    expect(caller.page.locator("#talk .stamp").first).to_contain_text("after the call")

    # They answer with a photo; the inbox shows it by itself, with what their words mean.
    caller.text(TROUBLE, photo)
    line = alice.line_of(number)
    expect(line).to_contain_text("water heater leaking", timeout=SLOW)
    expect(line).to_contain_text("Urgent")
    alice.open_thread(number)
    expect(alice.page.locator("#entries").get_by_text(TROUBLE)).to_be_visible()
    expect(alice.page.get_by_alt_text("Photo they sent")).to_be_visible(timeout=SLOW)
    lead = alice.look_at_the_lead(number)
    for known in ("Water heater", "1120 Bluff Creek", "Urgent"):
        expect(lead).to_contain_text(known)
    alice.back_to_the_thread()

    # The plumber answers, and the phone shows it.
    alice.answer(ANSWER)
    caller.expect_text(ANSWER)
    expect(alice.page.locator("#entries article").filter(has_text=ANSWER)).to_contain_text("Delivered", timeout=SLOW)

    # Stop means stop: confirmed once, and nothing more can be sent.
    caller.text(STOP)
    caller.expect_text(re.compile("opted out|no more texts", re.IGNORECASE))
    expect(alice.page.locator("#composer")).to_contain_text("They asked us to stop on", timeout=SLOW)
    expect(alice.page.locator("#compose")).to_have_count(0)
    assert alice.was_never_reloaded()
    alice.send_from_a_page_that_was_left_open("One more thing")
    refused = alice.page.locator("#entries article").filter(has_text="One more thing")
    expect(refused).to_contain_text("Not sent", timeout=SLOW)
    expect(refused).to_contain_text("They asked for no more texts. Only they can undo it, by texting START.")
    texts = town.carrier.received(number)
    assert len(texts) == 3
    assert texts[1] == ANSWER

    caller.put_the_phone_down()

    nothing_of_it_next_door(town, browser, size, number, alice.page.url)
    for person in (alice, caller):
        person.page.context.close()


def nothing_of_it_next_door(town: Town, browser: Browser, size: dict[str, int], number: str, address: str) -> None:
    """Charlie's business shows no trace of them, and their conversation has no page there."""
    charlie = Plumber(new_page(browser, size))
    charlie.log_in(town, town.charlie, "charlie@town.example")
    expect(charlie.page.get_by_text("No calls yet")).to_be_visible()
    for path in ("/inbox", "/tasks", "/search?q=heater", f"/search?q={number[-4:]}"):
        status, shown = charlie.look_up(path)
        assert (status, "Charlie" in shown) == (200, True)
        assert "1120 Bluff Creek" not in shown
        assert pretty(number) not in shown
    assert charlie.look_up(urlsplit(address).path)[0] == 404
    charlie.page.context.close()


def new_page(browser: Browser, size: dict[str, int]) -> Page:
    context = browser.new_context(viewport=size)  # type: ignore[arg-type]  # a plain dictionary will do
    context.set_default_timeout(30_000)
    return context.new_page()
