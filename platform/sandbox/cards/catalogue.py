"""What can be bought: products, prices, meters with their events, coupons, and where events go."""

from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox import world_time
from sandbox.cards.wire import Doc, Refused, listing, new_id, truth, whole
from sandbox.world import World

OLDEST, AHEAD = 35 * 86_400, 300


def make_product(here: World, fields: Doc, _id: str) -> Doc:
    desk = here.cards.desk
    given = fields.get("id")
    if given and desk.find("product", given):
        raise Refused("Product already exists.", code="resource_already_exists", param="id")
    made = desk.make("product", "prod", id=given, name=fields.get("name"), active=True, description=None, images=[],
                     default_price=None, marketing_features=[], tax_code=None,
                     updated=int(world_time.now()))  # fmt: skip
    made["metadata"] = fields.get("metadata") or {}
    return desk.keep(made)


def show_product(here: World, _fields: Doc, id_: str) -> Doc:
    return here.cards.desk.get("product", id_)


def make_price(here: World, fields: Doc, _id: str) -> Doc:
    """A lookup key belongs to one price; transfer_lookup_key takes it from the other."""
    desk, key = here.cards.desk, fields.get("lookup_key")
    desk.get("product", fields.get("product"), "product")
    recurring = fields.get("recurring") or {}
    if recurring.get("usage_type") == "metered":
        desk.get("billing.meter", recurring.get("meter"), "recurring[meter]")
    for other in desk.all("price", lookup_key=key) if key else []:
        if not truth(fields.get("transfer_lookup_key")):
            raise Refused(f"A price already uses that lookup key: {key}", param="lookup_key")
        desk.keep(other | {"lookup_key": None})
    amount = _amount(fields)
    made = desk.make(
        "price", "price", product=fields["product"], active=True, billing_scheme="per_unit",
        currency=fields["currency"], lookup_key=key, nickname=None, type="recurring",
        tax_behavior=fields.get("tax_behavior", "unspecified"),
        unit_amount=int(amount) if amount == int(amount) else None, unit_amount_decimal=f"{amount.normalize():f}",
        recurring={"interval": recurring.get("interval", "month"), "interval_count": 1, "meter": recurring.get("meter"),
                   "usage_type": recurring.get("usage_type", "licensed"), "trial_period_days": None},
    )  # fmt: skip
    made["metadata"] = fields.get("metadata") or {}
    return desk.keep(made)


def _amount(fields: Doc) -> Decimal:
    given = fields.get("unit_amount_decimal", fields.get("unit_amount"))
    try:
        return Decimal(str(given))
    except InvalidOperation as wrong:
        raise Refused(f"Invalid decimal: {given}", param="unit_amount_decimal") from wrong


def list_prices(here: World, fields: Doc, _id: str) -> Doc:
    keys = fields.get("lookup_keys")
    found = [one for one in here.cards.desk.all("price") if keys is None or one["lookup_key"] in keys]
    return listing(found, "/v1/prices", int(fields.get("limit", 10)))


def make_meter(here: World, fields: Doc, _id: str) -> Doc:
    desk = here.cards.desk
    if desk.all("billing.meter", event_name=fields.get("event_name")):
        raise Refused(f"A meter already exists for event name {fields.get('event_name')}", param="event_name")
    return desk.make(
        "billing.meter", "mtr", display_name=fields.get("display_name"), event_name=fields.get("event_name"),
        status="active", default_aggregation=fields.get("default_aggregation") or {"formula": "sum"},
        customer_mapping=fields.get("customer_mapping"), value_settings=fields.get("value_settings"),
        event_time_window=None, updated=int(world_time.now()), status_transitions={"deactivated_at": None},
    )  # fmt: skip


def list_meters(here: World, fields: Doc, _id: str) -> Doc:
    return listing(here.cards.desk.all("billing.meter"), "/v1/billing/meters", int(fields.get("limit", 10)))


def count(here: World, fields: Doc, _id: str) -> Doc:
    """One identifier counts once; what is too old or too far ahead is refused."""
    desk, payload = here.cards.desk, fields.get("payload") or {}
    identifier = fields.get("identifier") or new_id("me")
    known = desk.all("billing.meter_event", identifier=identifier)
    if known:
        raise Refused(f"An event already exists with identifier {identifier}.", param="identifier",
                      code="duplicate_meter_event")  # fmt: skip
    if not desk.all("billing.meter", event_name=fields.get("event_name")):
        raise Refused(f"No active meter found for event name {fields.get('event_name')}.", param="event_name")
    at, now = whole(fields.get("timestamp") or world_time.now(), "timestamp"), world_time.now()
    if not now - OLDEST <= at <= now + AHEAD:
        raise Refused("The timestamp is more than 35 days in the past or 5 minutes in the future.", param="timestamp")
    whole(payload.get("value"), "payload[value]")
    return desk.make("billing.meter_event", "me", event_name=fields["event_name"], payload=payload, timestamp=at,
                     identifier=identifier, customer=payload.get("stripe_customer_id"))  # fmt: skip


def make_coupon(here: World, fields: Doc, _id: str) -> Doc:
    percent, amount = fields.get("percent_off"), fields.get("amount_off")
    return here.cards.desk.make(
        "coupon", "coupon", id=fields.get("id"), name=fields.get("name"), duration=fields.get("duration", "once"),
        percent_off=float(percent) if percent else None, amount_off=int(amount) if amount else None, currency="usd",
        valid=True, times_redeemed=0, max_redemptions=None, redeem_by=None, duration_in_months=None,
    )  # fmt: skip


def make_promotion(here: World, fields: Doc, _id: str) -> Doc:
    desk, promotion = here.cards.desk, fields.get("promotion") or {}
    if "coupon" in fields:
        raise Refused("Received unknown parameter: coupon", param="coupon", code="parameter_unknown")
    desk.get("coupon", promotion.get("coupon"), "promotion[coupon]")
    return desk.make("promotion_code", "promo", code=fields.get("code"), active=True, promotion=promotion,
                     customer=None, expires_at=None, max_redemptions=None, times_redeemed=0)  # fmt: skip


def make_endpoint(here: World, fields: Doc, _id: str) -> Doc:
    secret = new_id("whsec", 32)
    made = here.cards.desk.make(
        "webhook_endpoint", "we", url=fields.get("url"), enabled_events=fields.get("enabled_events") or ["*"],
        status="enabled", api_version=fields.get("api_version"), description=None, application=None, _secret=secret,
    )  # fmt: skip
    return made | {"secret": secret}


ROUTES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "products", make_product),
    ("GET", "products/{id}", show_product),
    ("POST", "prices", make_price),
    ("GET", "prices", list_prices),
    ("POST", "billing/meters", make_meter),
    ("GET", "billing/meters", list_meters),
    ("POST", "billing/meter_events", count),
    ("POST", "coupons", make_coupon),
    ("POST", "promotion_codes", make_promotion),
    ("POST", "webhook_endpoints", make_endpoint),
)
