"""Area codes: states, zones and kinds of numbers."""

import pytest

from hallway.rulebook.places import area_codes, is_textable_us, place_of, zones_of_state

TWO_ZONES = (
    208,
    219,
    270,
    308,
    364,
    423,
    448,
    458,
    541,
    574,
    605,
    606,
    620,
    701,
    775,
    785,
    812,
    850,
    906,
    907,
    928,
    930,
    986,
)


def test_a_number_gets_the_state_and_zone_of_its_area_code() -> None:
    place = place_of("+15125550134")
    assert (place.kind, place.state, place.zones) == ("us_geographic", "TX", ("America/Chicago",))


@pytest.mark.parametrize("npa", TWO_ZONES)
def test_an_area_code_in_two_zones_has_both(npa: int) -> None:
    assert len(place_of(f"+1{npa}5550134").zones) == 2


def test_an_overlay_the_phone_library_does_not_know_has_a_place() -> None:
    assert place_of("+18615550134").state == "IL"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+18005550134", "toll_free"),
        ("+14165550134", "canada"),
        ("+18765550134", "other_nanp"),
        ("+19005550134", "premium"),
        ("+15005550134", "personal"),
        ("+17875550134", "us_territory"),
        ("+12335550134", "unknown"),
        ("+447700900123", "foreign"),
    ],
)
def test_every_kind_of_number_is_told_apart(number: str, kind: str) -> None:
    assert place_of(number).kind == kind


@pytest.mark.parametrize(
    "number",
    ["512", "+1512555", "+11125550134", "+19115550134", "+15121550134", "tel:+15125550134", "+1 512 555 0134", ""],
)
def test_a_nonsense_number_is_refused_in_plain_words(number: str) -> None:
    with pytest.raises(ValueError, match="number"):
        place_of(number)
    assert not is_textable_us(number)


def test_only_ordinary_us_numbers_are_textable() -> None:
    assert is_textable_us("+15125550134")
    assert is_textable_us("+17875550134")
    # A new area code is a missing place, not a wrong number.
    assert is_textable_us("+12335550134")
    assert not any(map(is_textable_us, ["+18005550134", "+14165550134", "+19005550134", "+447700900123"]))


def test_a_state_has_the_zones_of_all_its_area_codes() -> None:
    assert zones_of_state("FL") == ("America/Chicago", "America/New_York")
    assert zones_of_state("AZ") == ("America/Denver", "America/Phoenix")
    assert zones_of_state("") == ()


def test_state_and_country_codes_are_never_mixed() -> None:
    assert {place.state for place in area_codes().values() if place.kind == "canada"} == {""}
    assert place_of("+12135550134").state == "CA"
