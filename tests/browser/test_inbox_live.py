"""The inbox in a browser: what others do shows without a reload; everything by keyboard; and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from groundwork import clock
from groundwork.database import new_id
from hallway import sending
from hallway.calls.models import Call
from hallway.conversations import Conversation, Message
from tests import makers
from tests.browser.conftest import PHONE, Visit
from tests.makers import DANA, MARCUS, PRIYA, World
from tests.timing import answers_within


def talk_with(world: World, name: str = "Dana Kowalski", phone: str = DANA, words: str = "My sink leaks") -> str:
    """A conversation with one text of theirs; its id."""
    with world.plumber.open() as session:
        talk = makers.make_conversation(session, makers.make_contact(session, name, phone), source="text")
        makers.make_text_in(session, talk, words, business=world.plumber, sender=phone)
        return str(talk.id)


def write(world: World, conversation_id: str, words: str) -> None:
    """They text again."""
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, conversation_id))
        makers.make_text_in(session, talk, words, business=world.plumber)


def watch_for_reload(page: Page) -> None:
    page.evaluate("window.samePage = true")


def was_not_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.samePage === true"))


def see(world: World, page: Page, talk_id: str) -> None:
    """Another text comes, and is seen."""
    words = f"Drip {new_id()}"
    write(world, talk_id, words)
    page.locator("#entries").get_by_text(words).wait_for()


def test_a_new_text_shows_on_an_open_screen_within_a_second(world: World, visit: Visit) -> None:
    talk_id = talk_with(world)
    page = visit(f"/inbox/{talk_id}")
    watch_for_reload(page)
    assert answers_within(1.5, lambda: see(world, page, talk_id))
    write(world, talk_id, "There is water everywhere now")
    expect(page.locator("#entries")).to_contain_text("There is water everywhere now")
    expect(page.locator(f"#c-{talk_id}")).to_contain_text("There is water everywhere now")
    expect(page.locator("#announcer")).to_contain_text("There is water everywhere now")
    assert was_not_reloaded(page)


def test_a_new_caller_comes_to_the_top_of_the_list_by_itself(world: World, visit: Visit) -> None:
    talk_with(world, "Marcus Bell", MARCUS)
    page = visit("/inbox")
    expect(page.locator("[data-line]")).to_have_count(1)
    talk_with(world, "Priya Natarajan", PRIYA, "Garage door is stuck")
    expect(page.locator("[data-line]").first).to_contain_text("Priya Natarajan")
    expect(page.locator("[data-line]")).to_have_count(2)


def test_what_is_being_typed_and_where_one_reads_stay_when_news_come(world: World, visit: Visit) -> None:
    talk_id = talk_with(world)
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, talk_id))
        for n in range(40):
            at = clock.now() - timedelta(hours=2, minutes=-n)
            makers.make_text_in(session, talk, f"Line {n} of a long story", business=world.plumber, at=at)
    page = visit(f"/inbox/{talk_id}")
    page.fill("#body", "I am on my w")
    page.evaluate("document.querySelector('#scroll').scrollTop = 300")
    page.evaluate("new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")
    write(world, talk_id, "Are you coming?")
    expect(page.locator("#entries")).to_contain_text("Are you coming?")
    expect(page.locator("#body")).to_have_value("I am on my w")
    expect(page.locator("#jump")).to_be_visible()
    assert page.evaluate("document.querySelector('#scroll').scrollTop") == 300
    page.click("#jump")
    expect(page.locator("#entries").get_by_text("Are you coming?")).to_be_in_viewport()


def test_a_reply_typed_and_sent_by_keyboard_alone(world: World, visit: Visit) -> None:
    first = talk_with(world, "Marcus Bell", MARCUS, "Do you do gutters?")
    second = talk_with(world)
    page = visit("/inbox")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"#c-{first}")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"#c-{second}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_contain_text("My sink leaks")
    page.keyboard.press("r")
    expect(page.locator("#body")).to_be_focused()
    page.keyboard.type("On our way. ")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#entries")).to_contain_text("On our way.")
    expect(page.locator("#body")).to_have_value("")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator(f"#c-{second}")).to_contain_text("Closed")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()


def test_ctrl_enter_held_down_sends_one_text(world: World, visit: Visit) -> None:
    talk_id = talk_with(world)
    page = visit(f"/inbox/{talk_id}")
    page.fill("#body", "On our way")
    page.evaluate("""() => { const form = document.querySelector('#compose');
      form.requestSubmit(); form.requestSubmit(); form.requestSubmit(); }""")
    expect(page.locator("#entries")).to_contain_text("On our way")
    page.wait_for_timeout(400)
    expect(page.locator("#entries article[data-direction=out]")).to_have_count(1)


def test_segments_are_counted_and_a_costly_quote_can_be_made_plain(world: World, visit: Visit) -> None:
    page = visit(f"/inbox/{talk_with(world)}")
    page.fill("#body", "We’ll be there at 3 " + "x" * 60)
    expect(page.locator("#segments")).to_contain_text("2 segments")
    page.get_by_role("button", name="Make it plain").click()
    expect(page.locator("#body")).to_have_value("We'll be there at 3 " + "x" * 60)
    expect(page.locator("#segments")).to_contain_text("1 segment")


def test_the_composer_closes_on_the_screen_when_they_ask_to_stop(world: World, visit: Visit) -> None:
    talk_id = talk_with(world)
    page = visit(f"/inbox/{talk_id}")
    expect(page.locator("#compose")).to_be_visible()
    with world.plumber.open() as session:
        sending.stop_texting(session, DANA, "opt_out", words="please stop")
        talk = session.get_one(Conversation, (world.plumber.id, talk_id))
        makers.make_text_in(session, talk, "please stop", business=world.plumber)
    expect(page.locator("#compose")).to_have_count(0)
    expect(page.locator("#composer")).to_contain_text("They asked us to stop on")
    expect(page.locator("#banners")).to_contain_text("Texting is off")


def test_a_draft_stays_with_its_conversation(world: World, visit: Visit) -> None:
    talk_with(world, "Marcus Bell", MARCUS)
    talk_with(world)
    page = visit("/inbox")
    page.get_by_text("Dana Kowalski").click()
    page.fill("#body", "Half a sentence")
    page.get_by_text("Marcus Bell").click()
    expect(page.locator("#body")).to_have_value("")
    page.get_by_text("Dana Kowalski").first.click()
    expect(page.locator("#body")).to_have_value("Half a sentence")


def test_the_browsers_back_button_leads_through_what_was_open(world: World, visit: Visit) -> None:
    first, second = talk_with(world, "Marcus Bell", MARCUS, "Do you do gutters?"), talk_with(world)
    page = visit("/inbox")
    for name, words in (("Marcus Bell", "Do you do gutters?"), ("Dana Kowalski", "My sink leaks")):
        page.locator("#lines").get_by_text(name).click()
        expect(page.locator("#entries")).to_contain_text(words)
    page.go_back()
    expect(page.locator("#entries")).to_contain_text("Do you do gutters?")
    expect(page.locator(f"#c-{first}")).to_have_attribute("aria-current", "true")
    write(world, first, "Hello, anybody?")
    expect(page.locator("#entries")).to_contain_text("Hello, anybody?")
    page.go_forward()
    expect(page.locator("#entries")).to_contain_text("My sink leaks")
    expect(page.locator(f"#c-{second}")).to_have_attribute("aria-current", "true")


def test_back_and_forward_work_while_news_are_fetched_and_late_news_stay_with_their_talk(
    world: World, visit: Visit
) -> None:
    first, second = talk_with(world, "Marcus Bell", MARCUS, "Do you do gutters?"), talk_with(world)
    page = visit("/inbox")
    for name, words in (("Marcus Bell", "Do you do gutters?"), ("Dana Kowalski", "My sink leaks")):
        page.locator("#lines").get_by_text(name).click()
        expect(page.locator("#entries")).to_contain_text(words)
    page.go_back()
    expect(page.locator("#entries")).to_contain_text("Do you do gutters?")
    late: list[Route] = []
    page.route(f"**/inbox/{first}/entries?*", lambda route: late.append(route))
    with page.expect_request(f"**/inbox/{first}/entries?*"):
        write(world, first, "Hello, anybody?")
    page.go_forward()
    expect(page.locator("#entries")).to_contain_text("My sink leaks")
    page.wait_for_timeout(1500)  # until what is fetched after the browser's forward is there
    with page.expect_response(f"**/inbox/{first}/entries?*"):
        late[0].continue_()
    page.wait_for_timeout(200)  # no news to wait for, and the fetch that would mend it comes a second later
    assert "gutters" not in page.locator("#entries").inner_text()
    assert page.locator("#thread").get_attribute("data-conversation") == second


def test_on_a_phone_one_column_at_a_time(world: World, visit: Visit) -> None:
    talk_with(world)
    page = visit("/inbox", size=PHONE)
    expect(page.locator("#thread")).to_have_count(0)
    page.get_by_text("Dana Kowalski").click()
    expect(page.locator("#body")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Dana Kowalski").click()
    expect(page.get_by_role("heading", name="Lead")).to_be_visible()
    page.get_by_role("button", name="Back to the messages").click()
    page.get_by_role("link", name="Back to the list").click()
    expect(page.locator("#list")).to_be_visible()
    expect(page.locator("#thread")).to_be_hidden()


def test_earlier_messages_load_above_without_moving_what_one_reads(world: World, visit: Visit) -> None:
    talk_id = talk_with(world)
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, talk_id))
        for n in range(70):
            at = clock.now() - timedelta(hours=9, minutes=-n)
            makers.make_text_in(session, talk, f"Line {n} of a long story", business=world.plumber, at=at)
    page = visit(f"/inbox/{talk_id}")
    expect(page.get_by_text("Line 2 of a long story")).to_have_count(0)
    page.get_by_role("button", name="Load earlier").click()
    expect(page.get_by_text("Line 2 of a long story")).to_have_count(1)
    expect(page.get_by_text("This is where it began.")).to_have_count(1)
    assert page.evaluate("document.querySelector('#scroll').scrollTop") > 500


def test_a_field_is_corrected_in_place(world: World, visit: Visit) -> None:
    page = visit(f"/inbox/{talk_with(world)}")
    page.locator("#field-zip summary").click()
    page.fill("#value-zip", "78704")
    page.keyboard.press("Enter")
    expect(page.locator("#field-zip summary")).to_contain_text("78704")
    expect(page.locator("#field-zip")).to_contain_text("Corrected by Bob Tran")


@pytest.mark.parametrize("table", [Message, Call])
def test_the_gates_answer_opens_where_it_was_asked(world: World, visit: Visit, table: type) -> None:
    talk_id = talk_with(world)
    with world.plumber.open() as session:
        talk = session.get_one(Conversation, (world.plumber.id, talk_id))
        makers.make_call(session, talk, business=world.plumber, text_back="skipped", text_back_reason="A landline.")
        makers.make_text_out(session, talk, business=world.plumber)
    page = visit(f"/inbox/{talk_id}")
    words = "Why was this sent?" if table is Message else "Why was no text sent?"
    page.get_by_title(words).click()
    expect(page.get_by_text("Nothing was asked about this one")).to_be_visible()
