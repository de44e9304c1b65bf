"""Pricing v1: what a number costs each month (https://www.twilio.com/docs/phone-numbers/pricing)."""

from aiohttp import web

from sandbox.api import active_account
from sandbox.errors import Refused
from sandbox.world import world

routes = web.RouteTableDef()
MONTHLY = {"local": "1.15", "toll free": "2.15"}


@routes.get("/v1/PhoneNumbers/Countries/{country}")
async def fetch(request: web.Request) -> web.Response:
    here, _ = world(request), active_account(request)
    if request.match_info["country"] != "US":
        raise Refused(20404, path=request.path)
    prices = [{"number_type": kind, "base_price": each, "current_price": each} for kind, each in MONTHLY.items()]
    return web.json_response({
        "country": "United States", "iso_country": "US", "phone_number_prices": prices, "price_unit": "USD",
        "url": f"{here.core.settings.base_url}{request.path}",
    })  # fmt: skip
