"""Plans of the demo businesses, bought at the sandbox's card desk as a person would, on its own page."""

from __future__ import annotations

import urllib.parse
import urllib.request
from collections.abc import Mapping
from uuid import UUID

import structlog

from billing import catalog, payers, stripe_api
from billing.applying import apply
from billing.payers import Buyer
from billing.plans import PLANS, Order
from billing.stripe_api import StripeAwayError, StripeRefusedError
from groundwork import config
from workers.demo.world import Shop

PLANS_OF: Mapping[str, tuple[str, bool]] = {"plumbing": ("pro", False), "garage_doors": ("starter", True)}
OTHERS = ("growth", True)  # the plan, and whether it is still on trial
CARD = {"number": "4242 4242 4242 4242", "exp": "12/34", "cvc": "123", "zip": "78704", "do": "pay"}
log = structlog.get_logger(__name__)


def put_on_sale() -> bool:
    """Have the card desk know the plans of this version; False where there is no desk, or it does not answer."""
    if not (config.settings().sandbox_url and config.settings().stripe_key):
        return False
    try:
        list(catalog.sync())
    except (StripeAwayError, StripeRefusedError):
        log.exception("the card desk does not know the plans")
        return False
    return True


def buy(shops: Mapping[UUID, Shop]) -> None:
    """A plan for each business, once plans are on sale; where the desk fails, the demo world goes without."""
    try:
        for tenant_id, shop in shops.items():
            _buy(tenant_id, shop)
    except (StripeAwayError, StripeRefusedError, OSError):
        log.exception("the demo businesses have no plans")


def _buy(tenant_id: UUID, shop: Shop) -> None:
    key, trial = PLANS_OF.get(str(shop.columns["trade"]), OTHERS)
    owner = shop.people[0]
    payer = payers.open_for(Buyer(str(shop.columns["name"]), owner.email, tenant_id=tenant_id))
    back = f"{config.settings().tenant_url(shop.slug)}/settings/billing/back"
    url = stripe_api.checkout_url(str(payer.customer), Order(PLANS[key]), back, str(payer.id), trial=trial)
    _fill_in(url, {**CARD, "name": owner.name, "state": str(shop.columns["state"])})
    apply(payer.id)


def _fill_in(url: str, form: Mapping[str, str]) -> None:
    """Send the page's form; where it leads afterwards is for browsers."""
    opener = urllib.request.build_opener(_Stay)
    # Names under localhost are this machine, whatever its resolver says.
    here = url.replace("//localhost:", "//127.0.0.1:")
    try:
        opener.open(here, urllib.parse.urlencode(form).encode(), timeout=10).close()
    except urllib.error.HTTPError as answer:
        if answer.code != 303:
            raise


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follow nothing."""

    def redirect_request(self, *_: object) -> None:
        return None
