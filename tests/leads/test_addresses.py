"""Addresses and ZIPs in running text, and what only looks like one."""

import pytest

from hallway.leads.addresses import AddressParts, find_address, find_zip, split_address


def _line(text: str) -> str | None:
    field = find_address(text)
    return field.value if field else None


def _zip(text: str) -> str | None:
    field = find_zip(text, find_address(text))
    return field.value if field else None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("1120 Bluff Creek Dr Apt 4B, Austin, TX 78745", "1120 Bluff Creek Dr Apt 4B, Austin, TX 78745"),
        ("i'm at 4501 n lamar blvd #204 austin tx 78751", "4501 N Lamar Blvd #204, Austin, TX 78751"),
        ("need help at 1120 bluff creek water heater leaking", "1120 Bluff Creek"),
        ("come between 2 and 4 at 88 Oak St.", "88 Oak St"),
        ("412 w 5th st", "412 W 5th St"),
        ("1234 S 500 E", "1234 S 500 E"),
        (
            "our address is 2207 Hidden Hollow, Round Rock TX 78664. gate 4411",
            "2207 Hidden Hollow, Round Rock, TX 78664",
        ),
        ("500 Park Ave S, New York NY 10003", "500 Park Ave S, New York, NY 10003"),
        ("12 County Road 115, Liberty Hill, Texas", "12 County Road 115, Liberty Hill, TX"),
        ("1120 Bluff Creek Dr in Austin", "1120 Bluff Creek Dr, Austin"),
        ("we're at 1500 Broadway", "1500 Broadway"),
        ("12-20 34th Ave, Queens NY 11106", "12-20 34th Ave, Queens, NY 11106"),
        ("4207 Cedar Hollow", "4207 Cedar Hollow"),
    ],
)
def test_an_address_is_found_with_its_unit_and_place(text: str, line: str) -> None:
    assert _line(text) == line


@pytest.mark.parametrize(
    "text",
    [
        "call me at 512-555-0142",
        "call me at 512 555 0142",
        "at 1130 tomorrow works",
        "it was $1200 for a 50 gallon tank",
        "built in 1985 needs new roof",
        "2 toilets on the way down",
        "a 20 minute drive",
        "3 way switch",
        "200 amp service panel",
        "2 car garage door 16 ft wide",
        "3 bedroom 2 bath house",
        "24 hour service?",
        "in 2 hours",
        "100 people live here",
    ],
)
def test_times_prices_phones_years_and_counts_are_no_address(text: str) -> None:
    assert _line(text) is None


def test_a_found_address_splits_into_the_parts_a_booking_needs() -> None:
    field = find_address("I live at 1120 Bluff Creek Dr Apt 4B, Austin, TX 78745")
    assert field is not None
    assert split_address(field.value) == AddressParts("1120 Bluff Creek Dr", "Apt 4B", "Austin", "TX", "78745")


def test_an_address_that_cannot_be_split_is_kept_whole() -> None:
    muddle = "12 Oak St 45 Elm Ave 9 Main Rd"
    assert muddle in split_address(muddle).line() or split_address(muddle).street


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("78745", "78745"),
        ("zip 78745", "78745"),
        ("we are in 78704", "78704"),
        ("ZIP code is 78681-1234", "78681"),
        ("12345 Oak St, Austin TX 78745", "78745"),
        ("model 45123 error", None),
        ("invoice 10234", None),
        ("about 12000 btu", None),
        ("$15000 for that", None),
        ("12345 Oak St", None),
    ],
)
def test_a_zip_is_told_from_other_figures(text: str, code: str | None) -> None:
    assert _zip(text) == code
