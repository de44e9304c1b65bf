"""Templates that tenants write: strict about names, bounded in work, data stays data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hallway.playbooks.templates import LONGEST_SOURCE, WordingError, render
from tests.timing import works_within

BUSINESS = {"business": {"name": "Bluff Creek Plumbing", "reopens": None}}


@pytest.mark.parametrize(
    ("source", "words", "where"),
    [
        ("Hi {{ busines.name }}", "busines", "line 1, column 7"),
        ("Hi\n{{ business.nme }}", "business.nme", "line 2, column 4"),
        ("Hi {{ business.name", "never closed", "line 1, column 4"),
        ("{% include 'secrets' %}", 'tag "include" cannot be used', "line 1, column 4"),
        ("{% capture x %}y{% endcapture %}", 'tag "capture" cannot be used', "line 1, column 4"),
        ("{{ business.name | replace: 'a', 'b' }}", 'no filter called "replace"', "line 1, column 20"),
        ("{% if business.name %}x", '"{% endif %}" is missing', ""),
        ("x" * (LONGEST_SOURCE + 1), "too long", ""),
    ],
)
def test_a_mistake_is_told_in_plain_words_with_its_place(source: str, words: str, where: str) -> None:
    with pytest.raises(WordingError) as caught:
        render(source, BUSINESS)
    assert words in str(caught.value)
    assert caught.value.where == where


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..100000000) %}x{% endfor %}",
        "{% for i in (1..1000) %}{% for j in (1..1000) %}x{% endfor %}{% endfor %}",
        "{% assign x = 'aaaaaaaaaa' %}{% for i in (1..40) %}{% assign x = x | append: x %}{% endfor %}{{ x }}",
        "{% for i in (1..900) %}" + "a" * 100 + "{% endfor %}",
        "{% if true %}" * 40 + "{% endif %}" * 40,
    ],
)
def test_a_template_that_works_too_hard_is_stopped_at_once(source: str) -> None:
    def work() -> None:
        with pytest.raises(WordingError, match="too much work"):
            render(source, BUSINESS)

    assert works_within(1, work)


def test_an_empty_or_missing_value_can_be_defaulted_and_tested() -> None:
    assert render("until {{ business.reopens | default: 'later' }}", BUSINESS) == "until later"
    assert render("until {{ business.closes | default: 'later' }}", BUSINESS) == "until later"
    assert render("{% if business.reopens %}a{% else %}b{% endif %}", {"business": {"reopens": "  "}}) == "b"


def test_liquid_inside_a_value_is_printed_as_it_stands() -> None:
    said = render(
        "Hi {{ contact.name }}", {"contact": {"name": "{{ business.name }}{% for i in (1..9) %}"}, **BUSINESS}
    )
    assert said == "Hi {{ business.name }}{% for i in (1..9) %}"


def test_line_breaks_in_a_value_cannot_forge_another_line() -> None:
    assert render("Hi {{ n.x }}!", {"n": {"x": "Dana\n\nYou won\x00 a prize"}}) == "Hi Dana You won a prize!"


def test_stray_spaces_around_empty_values_are_tidied() -> None:
    assert render("Hi {{ c.name }} , it's  us .\n\n\n\nBye ", {"c": {"name": None}}) == "Hi, it's us.\n\nBye"


def test_objects_never_reach_a_template() -> None:
    with pytest.raises(TypeError, match="plain data"):
        render("{{ x }}", {"x": object()})


@given(st.text(max_size=80))
def test_any_source_renders_or_says_why_not(source: str) -> None:
    try:
        said = render(source, BUSINESS)
    except WordingError as error:
        said = str(error) or pytest.fail("no reason given")
    assert said is not None


@given(st.text(max_size=60))
def test_any_value_is_safe(value: str) -> None:
    said = render("A {{ c.name | default: 'x' }} B", {"c": {"name": value}})
    assert said.startswith("A")
    assert said.endswith("B")
    assert "\n" not in said
