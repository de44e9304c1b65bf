"""The desk's objects have no field that Stripe's published ones lack."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.billing.desk import Shop

ROOT = Path(__file__).resolve().parents[2]
NAME = "stripe_fixtures3_2026-08-21.json"
KINDS = ("customer", "price", "product", "subscription", "invoice", "payment_method", "checkout.session", "event",
         "billing.meter", "coupon", "promotion_code", "billing_portal.session", "charge",
         "dispute", "refund")  # fmt: skip
NEWER = {"subscription": {"status_details"}, "invoice": {"total_taxes"}, "product": {"default_price"}}


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    places = [Path(os.environ.get("CARRIER_SPECS", "")), *(folder / "shared" / "specs" for folder in ROOT.parents)]
    found = next((place / NAME for place in places if (place / NAME).is_file()), None)
    if found is None:
        pytest.skip(f"{NAME} was not found; name its folder in CARRIER_SPECS to check the card desk against it")
    return dict(json.loads(found.read_text())["resources"])


def test_every_field_the_desk_tells_is_one_of_stripes(shop: Shop, published: dict[str, Any]) -> None:
    shop.buy()
    shop.visitor.get("/settings/billing")
    shop.visitor.send("/settings/billing/portal")
    shop.desk.days(15)
    shop.catch_up("active")
    charge = shop.desk.all("charge")[0]["id"]
    for told in ({"refund": charge, "cents": "100"}, {"dispute": charge}):
        shop.desk.carrier.control("POST", "cards", told)
    for kind in KINDS:
        found = shop.desk.all(kind)
        assert found, kind
        strange = set(found[0]) - set(published[kind]) - NEWER.get(kind, set()) - {"delivered"}
        assert strange == set(), kind
    item = shop.desk.all("subscription")[0]["items"]["data"][0]
    assert set(item) <= set(published["subscription_item"])
    line = shop.desk.all("invoice")[0]["lines"]["data"][0]
    assert set(line) <= set(published["line_item"])
