"""What is told before a piece of wording is saved."""

import pytest

from hallway.playbooks.lint import Problem, lint, preview

GOOD = "Hi, this is {{ business.name }}. Sorry we missed you. What do you need? Reply STOP to opt out."


def _messages(source: str, key: str = "text_back.open", level: str = "error") -> str:
    return " / ".join(f"{p.message} [{p.where}]" for p in lint(source, key) if p.level == level)


def test_good_wording_has_no_problem() -> None:
    assert lint(GOOD, "text_back.open") == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "no words"),
        ("   \n ", "no words"),
        ("{{ business.nam }}" + GOOD, "There is no {{ business.nam }} here"),
        ("{{ business.name | shout }}" + GOOD, 'no filter called "shout"'),
        ("{% include 'x' %}" + GOOD, 'tag "include"'),
        ("Sorry we missed you. Reply STOP to opt out.", "never says who"),
        ("Hi from {{ business.name }}, what's up?", "does not say how to opt out"),
        (GOOD + " See bit.ly/abc", "shorteners"),
        (GOOD + " https://tinyurl.com/x", "shorteners"),
        (GOOD + " Reply YES to book.", "bare YES as an opt-in"),
        (GOOD + " Reply CANCEL if not.", "bare CANCEL as an opt-out"),
        (GOOD + " Text 'QUIT' to leave.", "bare QUIT as an opt-out"),
        (GOOD + " END to stop", "bare END as an opt-out"),
        (GOOD + " Responda CANCEL si no.", "bare CANCEL"),
        (GOOD + " Get 20% off today!", "advertisement"),
        (GOOD + " $50 off!", "advertisement"),
        (GOOD + " Use coupon FALL.", "advertisement"),
        (GOOD + " Pida su descuento.", "advertisement"),
        ("x" * 1700 + GOOD, "characters long"),
        ("{% if contact.first_name %}" + GOOD + "{% endif %}", "no words left"),
        ("Hi {% if contact.first_name %}from {{ business.name }}{% endif %}. Reply STOP to opt out.", "never says who"),
    ],
)
def test_an_error_is_told(source: str, words: str) -> None:
    assert words in _messages(source)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (GOOD + " 🚿", "cost more than double"),
        (GOOD + " Más tarde", "á"),
        (GOOD + " word" * 60, "goes out as 3 texts"),
        (GOOD.upper().replace("{{ BUSINESS.NAME }}", "{{ business.name }}"), "capitals"),
        (GOOD + " Free estimate.", "may read as an advertisement"),
        (GOOD + " Open {{ business.reopens }}.", "{{ business.reopens }} can be empty"),
        ("Hi {{contact.first_name | upcase}}. " + GOOD, "can be empty"),
    ],
)
def test_a_warning_is_told(source: str, words: str) -> None:
    assert words in _messages(source, level="warning")
    assert _messages(source) == ""


@pytest.mark.parametrize(
    "extra",
    [
        " Feel free to reply.",
        " Reply C to confirm.",
        " Open {{ business.reopens | default: 'soon' }}.",
        "{% if contact.first_name %} {{ contact.first_name }}{% endif %}",
        " We'll see you at the end of the day.",
        " Reply with your address.",
        " Curly ’quotes’ are repaired.",
    ],
)
def test_plain_speech_is_left_alone(extra: str) -> None:
    assert lint(GOOD + extra, "text_back.open") == []


def test_the_place_of_a_mistake_is_told() -> None:
    assert lint("Hi,\nthis is {{ busines.name }}", "text_back.open")[0].where == "line 2, column 12"


def test_start_may_be_offered_only_after_an_opt_out() -> None:
    source = "{{ business.name }}: you're out. Reply START to resume. STOP"
    assert lint(source, "opt_out_confirmation") == []
    assert "bare START" in _messages(source + " Reply STOP to opt out.", "text_back.open")


def test_a_spoken_line_needs_no_opt_out_and_may_use_any_letter() -> None:
    assert lint("Gracias por llamar a {{ business.name }}. ¡Adiós!", "greeting.open") == []


def test_staff_may_be_asked_to_reply_ok() -> None:
    assert lint("{{ caller.phone }} called twice. Reply OK to acknowledge.", "repeat_caller_alarm") == []


def test_a_business_of_another_name_is_recognized() -> None:
    assert lint(GOOD, "text_back.open", {"business": {"name": "Acme  Drains"}}) == []


def test_a_name_typed_by_hand_counts() -> None:
    typed = GOOD.replace("{{ business.name }}", "Acme Drains")
    assert lint(typed, "text_back.open", {"business": {"name": "Acme Drains"}}) == []


def test_local_names_made_by_the_template_are_known() -> None:
    assert lint("{% assign who = business.name %}{{ who }} here. Reply STOP to opt out.", "text_back.open") == []


def test_errors_come_before_warnings() -> None:
    levels = [problem.level for problem in lint("FREE offers, 10% off 🚿 " + "x" * 300, "text_back.open")]
    assert levels == sorted(levels)
    assert {"error", "warning"} == set(levels)


def test_a_preview_of_broken_wording_holds_the_reason_and_no_text() -> None:
    shown = preview("{{ nope }}", "text_back.open", {"name": "Acme"})
    assert shown.text == ""
    assert isinstance(shown.problems[0], Problem)
