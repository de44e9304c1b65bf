"""/AvailablePhoneNumbers: the shop window."""

from collections.abc import Iterable

from aiohttp import web

from sandbox.api import ACCOUNT, account
from sandbox.available import offers
from sandbox.errors import Refused
from sandbox.places import PLACES, place
from sandbox.wire import national
from sandbox.world import world

routes = web.RouteTableDef()


@routes.get(f"{ACCOUNT}/AvailablePhoneNumbers/{{country}}/Local.json")
async def local(request: web.Request) -> web.Response:
    _in_the_us(request)
    found: list[str] = []
    for area in _areas(request):
        found += offers(world(request).core, area, pattern=request.query.get("Contains", ""), limit=_limit(request))
    return _answer(request, found[: _limit(request)])


@routes.get(f"{ACCOUNT}/AvailablePhoneNumbers/{{country}}/TollFree.json")
async def toll_free(request: web.Request) -> web.Response:
    _in_the_us(request)
    area, pattern = request.query.get("AreaCode", ""), request.query.get("Contains", "")
    found = offers(world(request).core, area, toll_free=True, pattern=pattern, limit=_limit(request))
    return _answer(request, found)


def _in_the_us(request: web.Request) -> None:
    if account(request) and request.match_info["country"] not in ("US", "CA"):
        raise Refused(20404, path=request.path)


def _areas(request: web.Request) -> Iterable[str]:
    """The area codes a search narrows down to; '' means any."""
    query = request.query
    near = query.get("NearNumber", "")
    if query.get("AreaCode") or near:
        return [query.get("AreaCode") or near.lstrip("+")[1:4]]
    wanted = {"state": query.get("InRegion"), "city": query.get("InLocality"), "zip": query.get("InPostalCode")}
    asked = {name: value.upper() for name, value in wanted.items() if value}
    if not asked:
        return [""]
    return [code for code, where in PLACES.items() if all(getattr(where, n) == v for n, v in asked.items())]


def _limit(request: web.Request) -> int:
    text = request.query.get("PageSize", "30")
    return min(int(text), 1000) if text.isdigit() else 30


def _answer(request: web.Request, numbers: list[str]) -> web.Response:
    shown = [_offer_json(number) for number in numbers]
    return web.json_response({"available_phone_numbers": shown, "uri": request.path_qs})


def _offer_json(number: str) -> dict[str, object]:
    where = place(number)
    return {
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": True},
        "friendly_name": national(number),
        "iso_country": "US",
        "lata": None,
        "latitude": float(where.latitude) if where.city else None,
        "locality": where.city.title() or None,
        "longitude": float(where.longitude) if where.city else None,
        "phone_number": number,
        "postal_code": where.zip or None,
        "rate_center": where.city or None,
        "region": where.state or None,
    }
