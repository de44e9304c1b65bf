"""The page with the phones, used by a person: mouse, keyboard, small screen."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.carrier import Carrier
from tests.sandbox.customer import Customer

RING = '<Dial action="/dialled" timeout="900" answerOnBridge="true"><Number url="/screen">{}</Number></Dial>'
SCREEN = '<Gather numDigits="1" timeout="900" action="/screened"><Say>Press 1.</Say></Gather><Hangup/>'


def _open(page: Page, carrier: Carrier, lead: str) -> list[str]:
    """Show this lead's phone; what the browser complains about lands in the list."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.goto(f"{carrier.url}/phone/{lead}")
    return complaints


def _name(carrier: Carrier, shop: str, name: str) -> None:
    (number,) = carrier.sdk().incoming_phone_numbers.list(phone_number=shop, limit=1)
    number.update(friendly_name=name)


def test_a_lead_calls_hangs_up_and_sees_the_text_arrive_with_its_delay(
    page: Page, carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    _name(carrier, shop, f"Plumbing {shop}")
    customer.says("/voice", RING.format(plumber))
    complaints = _open(page, carrier, lead)
    page.get_by_role("button", name=f"Call Plumbing {shop}").click()
    expect(page.locator("#call-state")).to_have_text("Ringing…")
    page.get_by_role("button", name="Hang up").click()
    customer.wait_for("/ended")
    carrier.sdk().messages.create(to=lead, from_=shop, body="Sorry we missed you")
    expect(page.locator("#talk .bubble")).to_have_text("Sorry we missed you")
    expect(page.locator("#talk .stamp")).to_contain_text("s after the call")
    assert complaints == []


def test_the_crew_answers_and_presses_1_on_the_page(
    page: Page, carrier: Carrier, customer: Customer, shop: str, lead: str, plumber: str
) -> None:
    carrier.set_behaviour(plumber, role="crew", name=f"Cell {plumber}")
    customer.says("/voice", RING.format(plumber))
    customer.says("/screen", SCREEN)
    _open(page, carrier, lead)
    carrier.call(lead, shop, in_person=True)
    cell = page.get_by_role("article", name=f"Cell {plumber}")
    cell.get_by_role("button", name="Answer").click()
    cell.get_by_role("button", name="Press 1").click()
    expect(page.locator("#call-state")).to_contain_text("Connected")
    cell.get_by_role("button", name="Hang up").click()
    assert customer.wait_for("/dialled")[0]["DialBridged"] == "true"


def test_a_voicemail_is_typed_and_a_photo_is_sent(
    page: Page, carrier: Carrier, customer: Customer, shop: str, lead: str, tmp_path: Path
) -> None:
    _name(carrier, shop, f"Plumbing {shop}")
    customer.says("/voice", f'<Record action="/recorded" transcribeCallback="{customer.to("/words")}"/>')
    photo = tmp_path / "heater.png"
    photo.write_bytes(b"\x89PNG leaking")
    _open(page, carrier, lead)
    page.get_by_role("button", name=f"Call Plumbing {shop}").click()
    page.get_by_label("You are being recorded").fill("My boiler is dead, please call")
    page.get_by_role("button", name="Leave message and hang up").click()
    assert customer.wait_for("/words")[0]["TranscriptionText"] == "My boiler is dead, please call"
    page.locator("#photo").set_input_files(photo)
    page.get_by_label("Text message").fill("Here it is")
    page.get_by_label("Text message").press("Enter")
    (told,) = customer.wait_for("/sms")
    assert (told["Body"], told["NumMedia"], told["MediaContentType0"]) == ("Here it is", "1", "image/png")


def test_on_a_small_screen_nothing_runs_over_and_the_keyboard_is_enough(
    page: Page, carrier: Carrier, shop: str, lead: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    _name(carrier, shop, f"Plumbing {shop}")
    _open(page, carrier, lead)
    business = page.get_by_role("button", name=f"Plumbing {shop}").first
    business.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread-name")).to_have_text(f"Plumbing {shop}")
    page.get_by_role("tab", name="Lead").focus()
    for part in ("Crew", "Mailbox", "Faults"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tab", name=part)).to_be_focused()
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_fault_is_added_and_taken_away(page: Page, carrier: Carrier, lead: str) -> None:
    _open(page, carrier, lead)
    page.get_by_label("Only when it contains").fill("never matches")
    page.get_by_role("button", name="Add fault").click()
    expect(page.locator("#active-faults li")).to_contain_text("never matches")
    page.get_by_role("button", name="Take away").click()
    expect(page.locator("#active-faults li")).to_have_count(0)
    assert carrier.control("GET", "faults") == []


def test_a_wide_screen_shows_the_mailbox_without_being_asked(page: Page, carrier: Carrier) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(carrier.url)
    expect(page.locator("#mail-list")).to_contain_text("wait for its first mail")
