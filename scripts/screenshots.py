"""Pictures of the running product's pages into var/screenshots: light, dark, and as a phone shows them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, sync_playwright

from scripts import browser
from workers.supervisor import demo_logins

VAR = Path(os.environ.get("HALLWAY_VAR", "var"))
FOLDER = VAR / "screenshots"
PAGES = {
    "home": "/home",
    "inbox": "/inbox",
    "tasks": "/tasks",
    "search": "/search?q=water",
    "business": "/settings/business",
    "security": "/settings/security",
}
LOOKS = {"light": (1440, 900), "dark": (1440, 900), "phone": (390, 844)}


def main() -> None:
    program = browser.find()
    logins = demo_logins(VAR, (VAR / "run.lock").read_text()) if (VAR / "run.lock").exists() else []
    if not program or not logins:
        sys.exit("Screenshots need a Chromium, and the product running (make run) with its demo world.")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        for look in LOOKS:
            take_all(opened, look, logins[0])
        opened.close()
    print(f"screenshots: {len(list(FOLDER.glob('*.png')))} in {FOLDER}")


def take_all(opened: Browser, look: str, login: dict[str, str]) -> None:
    """Every page in one look, as the person of `login` sees it."""
    width, height = LOOKS[look]
    scheme: str = "dark" if look == "dark" else "light"
    context = opened.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    log_in(page, login)
    for name, path in PAGES.items():
        page.goto(urljoin(login["url"], path))
        take(page, f"{name}-{look}")
    page.goto(urljoin(login["url"], "/inbox"))
    threads = page.locator("a[href^='/inbox/']")
    if threads.count():
        page.goto(urljoin(login["url"], threads.first.get_attribute("href") or "/inbox"))
        take(page, f"thread-{look}")
    context.close()


def log_in(page: Page, login: dict[str, str]) -> None:
    page.goto(urljoin(login["url"], "/log-in"))
    take(page, "log-in")
    page.fill("input[name=email]", login["email"])
    page.fill("input[name=password]", login["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/log-in" not in url)


def take(page: Page, name: str) -> None:
    # Live pages never fall silent, so wait for fonts instead of the network.
    page.evaluate("document.fonts.ready")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
