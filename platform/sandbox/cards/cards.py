"""Cards with a fate of their own (https://docs.stripe.com/testing), and what a bank says to them."""

from dataclasses import dataclass

BRANDS = {"4": "visa", "5": "mastercard", "3": "amex"}


@dataclass(frozen=True)
class Fate:
    """What becomes of a card: `given` when it is entered, `charged` whenever it is charged; "" is yes."""

    given: str = ""
    charged: str = ""
    asks: bool = False  # the bank asks its owner first


GOOD = Fate()
FATES = {
    "4242424242424242": GOOD,
    "5555555555554444": GOOD,
    "4000000000000002": Fate("card_declined", "card_declined"),
    "4000000000009995": Fate("insufficient_funds", "insufficient_funds"),
    "4000000000000069": Fate("expired_card", "expired_card"),
    "4000000000000341": Fate("", "card_declined"),
    "4000002500003155": Fate(asks=True),
    "4000000000003220": Fate(asks=True),
}
WORDS = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "incorrect_number": "Your card number is incorrect.",
    "authentication_required": "Your bank did not get your yes. Try again, or use another card.",
}


def digits(number: str) -> str:
    return "".join(char for char in number if char.isdigit())


def fate_of(number: str) -> Fate:
    """A number that no card can have is refused as it is entered."""
    if number in FATES:
        return FATES[number]
    return GOOD if 12 <= len(number) <= 19 and _luhn(number) else Fate("incorrect_number", "incorrect_number")


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def brand(number: str) -> str:
    return BRANDS.get(number[:1], "unknown")
