"""The pictures of the README, taken of the running product after one call that nobody took: docs/images/*.png."""

from __future__ import annotations

import os
import sys
from itertools import count
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from scripts import browser
from workers.supervisor import demo_logins
from workers.surroundings import last_ports

VAR = Path(os.environ.get("HALLWAY_VAR", "var"))
FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDE, TALL, PHONE = (1280, 800), (1280, 960), (390, 844)
LARGEST = 250_000  # bytes of one picture, so that a clone stays small
WORDS = "water heater leaking at 1120 Bluff Creek, need someone today"
ANSWER = "We can be there at 2. Please close the valve on top of the tank until then."
HEATER = """
<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360" viewBox="0 0 480 360">
  <rect width="480" height="360" fill="#cfc6b8"/><rect y="292" width="480" height="68" fill="#8f8577"/>
  <path d="M206 78V0h14v78M262 78V0h14v78" fill="#b87345"/><circle cx="213" cy="40" r="12" fill="#9a2f2f"/>
  <rect x="172" y="70" width="138" height="236" rx="26" fill="#e9e9e6"/>
  <rect x="172" y="70" width="34" height="236" rx="17" fill="#d5d5d0"/>
  <rect x="222" y="196" width="58" height="44" rx="5" fill="#565b60"/>
  <path d="M196 262c-9 18-6 32-4 44h12c3-14 4-26-8-44z" fill="#8c5a2f"/>
  <ellipse cx="214" cy="322" rx="128" ry="20" fill="#7fa9bd"/><ellipse cx="190" cy="318" rx="62" ry="8" fill="#b5d3df"/>
</svg>
"""


def main() -> None:
    program = browser.find()
    logins = demo_logins(VAR, (VAR / "run.lock").read_text()) if (VAR / "run.lock").exists() else []
    if not program or not logins:
        sys.exit("Screenshots need a Chromium, and the product running (make run) with its demo world.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        take_all(opened, logins[0], f"http://localhost:{last_ports(VAR)['sandbox']}")
        opened.close()
    for picture in sorted(FOLDER.glob("*.png")):
        size = picture.stat().st_size
        print(f"{picture.relative_to(Path.cwd())}: {size // 1000} kB{' (too large)' if size > LARGEST else ''}")


def take_all(opened: Browser, login: dict[str, str], sandbox: str) -> None:
    """A lead calls and writes, the plumber answers; then every picture."""
    plumber = log_in(opened, login)
    lead = window(opened, TALL).new_page()
    number = call_and_write(lead, sandbox)
    thread = answer(plumber, login, number)
    lead.locator("#talk .bubble").filter(has_text=ANSWER).wait_for()
    take(lead, "sandbox")
    take(plumber, "inbox")
    visit(plumber, urljoin(login["url"], "/home"), "home")
    state = plumber.context.storage_state()
    for size, dark, name in ((WIDE, True, "inbox-dark"), (PHONE, False, "thread-phone")):
        visit(window(opened, size, dark=dark, storage_state=state).new_page(), thread, name)


def window(opened: Browser, size: tuple[int, int], *, dark: bool = False, **more: object) -> BrowserContext:
    viewport = {"width": size[0], "height": size[1]}
    return opened.new_context(viewport=viewport, color_scheme="dark" if dark else "light", **more)  # type: ignore[arg-type]


def log_in(opened: Browser, login: dict[str, str]) -> Page:
    page = window(opened, WIDE).new_page()
    page.goto(urljoin(login["url"], "/log-in"))
    page.fill("input[name=email]", login["email"])
    page.fill("input[name=password]", login["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/log-in" not in url)
    return page


def call_and_write(page: Page, sandbox: str) -> str:
    """Call the first business from a phone that never did, hang up, and answer its text with a photo."""
    page.set_content(HEATER)
    photo = page.locator("svg").screenshot(type="jpeg", quality=80)
    number = stranger(page, sandbox)
    page.get_by_role("button", name="Call ").first.click()
    page.wait_for_timeout(3000)
    page.locator("#end").click()
    page.locator("#talk .bubble").first.wait_for()
    page.locator("#photo").set_input_files({"name": "heater.jpg", "mimeType": "image/jpeg", "buffer": photo})
    page.get_by_label("Text message").fill(WORDS)
    page.get_by_label("Text message").press("Enter")
    page.locator("#talk .bubble.mine").wait_for()
    return number


def stranger(page: Page, sandbox: str) -> str:
    """Open the sandbox as the first phone that has no texts yet."""
    for line in count(151):
        number = f"+17375550{line}"
        page.goto(f"{sandbox}/phone/{number}")
        page.locator("#businesses li").first.wait_for()
        if not page.request.get(f"{sandbox}/sandbox/api/phones/{number}/messages").json():
            return number
    raise RuntimeError("every phone was used")


def answer(page: Page, login: dict[str, str], number: str) -> str:
    """Open the conversation that just came in and answer it; the address of the thread."""
    page.goto(urljoin(login["url"], "/inbox"))
    shown = f"({number[2:5]}) {number[5:8]}-{number[8:]}"
    page.locator("[data-line]").filter(has_text=shown).click()
    page.get_by_alt_text("Photo they sent").wait_for()
    page.get_by_label("Write a message to").fill(ANSWER)
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("#entries article").filter(has_text=ANSWER).get_by_text("Delivered").wait_for()
    return page.url


def visit(page: Page, url: str, name: str) -> None:
    page.goto(url)
    take(page, name)


def take(page: Page, name: str) -> None:
    # Live pages never fall silent, so wait for fonts and a moment for pictures instead of the network.
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
