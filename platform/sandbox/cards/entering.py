"""A card as somebody typed it: checked as its bank would, kept without its number."""

from dataclasses import asdict

from sandbox import world_time
from sandbox.cards.cards import Fate, brand, digits, fate_of
from sandbox.cards.desk import Desk
from sandbox.cards.wire import Doc


class Declined(Exception):
    """The card was not taken; `why` is a decline code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def fate_given(form: Doc, *, charged: bool) -> Fate:
    """What this card will do; raises Declined for one that is refused as it is entered, or charged at once."""
    fate = fate_of(digits(form.get("number", "")))
    if fate.given or (charged and fate.charged):
        raise Declined(fate.given or fate.charged)
    return fate


def attach(desk: Desk, customer: Doc, form: Doc) -> Doc:
    """The card as a payment method of this customer."""
    number, fate = digits(form["number"]), fate_of(digits(form["number"]))
    month, year = _expiry(form.get("exp", ""))
    card = {
        "brand": brand(number), "last4": number[-4:], "exp_month": month, "exp_year": year, "funding": "credit",
        "country": "US",
        "checks": {"cvc_check": "pass", "address_line1_check": None, "address_postal_code_check": None},
        "display_brand": brand(number), "wallet": None, "three_d_secure_usage": {"supported": fate.asks},
    }  # fmt: skip
    about = {"name": form.get("name") or None, "email": customer["email"], "phone": None, "address": None}
    kept = asdict(fate) | {"asks": fate.asks and not form.get("asked")}
    return desk.make("payment_method", "pm", customer=customer["id"], type="card", card=card, billing_details=about,
                     allow_redisplay="limited", _fate=kept)  # fmt: skip


def _expiry(text: str) -> tuple[int, int]:
    """ "12 / 34" as (12, 2034); what cannot be read is some years ahead, for nobody tests that here."""
    found = digits(text)
    year = 2000 + int(found[2:4]) if len(found) >= 4 else int(world_time.now() // 31_556_952) + 1974
    return (int(found[:2]) if len(found) >= 2 and 1 <= int(found[:2]) <= 12 else 12), year
