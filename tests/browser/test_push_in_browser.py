"""Push in a real browser. No push service can be reached from here, so the browser's own subscribing is played.

All else is real, from the button to what the background part shows of a request that only this browser can read.
"""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect
from sqlalchemy import select

from hallway import notices
from hallway.notices import Notice, PushDevice, web_push
from tests import makers
from tests.browser.conftest import Site
from tests.makers import World
from tests.routing.door import work
from tests.routing.elsewhere import Browser, Elsewhere, elsewhere

__all__ = ["elsewhere"]

# What the browser would ask its push service for, and the keys that it would make.
PLAYED = """
PushManager.prototype.subscribe = async function (options) {
  const key = String.fromCharCode(...new Uint8Array(options.applicationServerKey));
  sessionStorage.setItem("asked", JSON.stringify([options.userVisibleOnly, btoa(key)]));
  return { toJSON: () => (GIVEN) };
};
"""
SHOWN = """() => navigator.serviceWorker.ready
  .then((worker) => worker.getNotifications())
  .then((all) => all.map((one) => [one.title, one.body, one.data.url]))"""


def test_a_browser_takes_push_shows_what_only_it_can_read_and_leads_to_the_conversation(
    site: Site, world: World, page: Page, elsewhere: Elsewhere, complaints: list[str]
) -> None:
    browser, origin = Browser(f"{elsewhere.url}/push/1"), site.at(world.plumber.slug)
    page.context.grant_permissions(["notifications"], origin=origin)
    page.add_init_script(PLAYED.replace("GIVEN", json.dumps(browser.given)))
    site.log_in(page, world.bob.email, world.plumber.slug)
    page.goto(f"{origin}/settings/notices")
    page.get_by_role("button", name="Take push on this browser").click()
    expect(page.get_by_text("Chrome on Linux").first).to_be_visible()
    visible, key = page.evaluate("JSON.parse(sessionStorage.getItem('asked'))")
    assert (visible, key.replace("+", "-").replace("/", "_").rstrip("=")) == (True, web_push.public_key())

    with world.plumber.open() as session:
        device = session.scalars(select(PushDevice)).one()
        assert (device.member_id, device.endpoint) == (world.bob.member, browser.given["endpoint"])
        talk = makers.make_conversation(session)
        told, url = ("New lead: Dana Kowalski", "Water heater"), f"/inbox/{talk.id}"
        bob = [device.member_id]
        notices.tell(session, "mention", conversation=talk, member_ids=bob, title=told[0], body=told[1], url_path=url)
    with world.charlie.open() as session:
        assert session.scalars(select(PushDevice)).all() == []
    work(world.plumber)
    path, headers, body = elsewhere.posts[0]
    assert (path, headers["Content-Encoding"]) == ("/push/1", "aes128gcm")
    assert b"Dana" not in body
    read = browser.read(body)

    worker = page.context.new_cdp_session(page)
    known: list[str] = []
    worker.on("ServiceWorker.workerRegistrationUpdated", lambda news: known.extend(
        one["registrationId"] for one in news["registrations"] if one["scopeURL"].startswith(origin)))  # fmt: skip
    worker.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready.then((one) => Boolean(one.active))")
    worker.send("ServiceWorker.deliverPushMessage", {"origin": origin, "registrationId": known[0],
                                                     "data": json.dumps(read)})  # fmt: skip
    page.wait_for_function(f"async () => (await ({SHOWN})()).length === 1")
    [[title, words, url]] = page.evaluate(SHOWN)
    assert (title, words) == ("New lead: Dana Kowalski", "Open it to read.")
    page.goto(f"{origin}{url}")
    page.wait_for_url(f"**/inbox/{talk.id}")
    with world.plumber.open() as session:
        assert session.scalars(select(Notice).where(Notice.event == "mention")).one().opened_at
    assert complaints == []
