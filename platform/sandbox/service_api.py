"""Messaging v1 /Services: pools of numbers that send and receive as one."""

from collections.abc import Mapping

from aiohttp import web

from sandbox import world_time
from sandbox.api import account, active_account, found, is_url, owned, v1_page
from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.wire import iso, new_sid, truth
from sandbox.world import World, world

routes = web.RouteTableDef()
URLS = {
    "InboundRequestUrl": "inbound_request_url", "FallbackUrl": "fallback_url", "StatusCallback": "status_callback",
}  # fmt: skip
TEXTS = {
    "FriendlyName": "friendly_name", "InboundMethod": "inbound_method", "FallbackMethod": "fallback_method",
    "ScanMessageContent": "scan_message_content", "Usecase": "usecase",
}  # fmt: skip
SWITCHES = {
    "StickySender": "sticky_sender", "MmsConverter": "mms_converter", "SmartEncoding": "smart_encoding",
    "FallbackToLongCode": "fallback_to_long_code", "AreaCodeGeomatch": "area_code_geomatch",
    "SynchronousValidation": "synchronous_validation",
    "UseInboundWebhookOnNumber": "use_inbound_webhook_on_number",
}  # fmt: skip
DEFAULTS: Row = {
    "inbound_method": "POST", "fallback_method": "POST", "scan_message_content": "inherit", "sticky_sender": 1,
    "mms_converter": 1, "smart_encoding": 1, "fallback_to_long_code": 1, "area_code_geomatch": 1,
    "synchronous_validation": 0, "use_inbound_webhook_on_number": 0, "validity_period": 36_000,
    "usecase": "undeclared",
}  # fmt: skip


@routes.post("/v1/Services")
async def create(request: web.Request) -> web.Response:
    here, who, form = world(request), active_account(request), await request.post()
    if not form.get("FriendlyName"):
        raise Refused(20001, detail="Missing required parameter FriendlyName in the post body")
    now, sid = world_time.now(), new_sid("MG")
    columns = DEFAULTS | _settings(form)
    here.core.store.insert("service", sid=sid, account_sid=who["sid"], created=now, updated=now, **columns)
    return web.json_response(_service_json(here, _fresh(here, sid)), status=201)


def _settings(form: Mapping[str, object]) -> Row:
    columns: Row = {column: str(form[name]) for name, column in TEXTS.items() if name in form}
    columns |= {column: int(truth(str(form[name]))) for name, column in SWITCHES.items() if name in form}
    for name, column in URLS.items():
        if name in form:
            columns[column] = _url(name, str(form[name]))
    if "ValidityPeriod" in form:
        columns["validity_period"] = int(str(form["ValidityPeriod"]))
    return columns


def _url(name: str, text: str) -> str | None:
    if text and not is_url(text):
        raise Refused(20001, detail=f"{name} is not a valid URL: {text}")
    return text or None


def _fresh(here: World, sid: str) -> Row:
    return here.core.store.one("SELECT * FROM service WHERE sid = ?", sid) or {}


@routes.get("/v1/Services")
async def index(request: web.Request) -> web.Response:
    here = world(request)
    sql = "SELECT * FROM service WHERE account_sid = ? ORDER BY created DESC, sid"
    return v1_page(request, "services", sql, (account(request)["sid"],), lambda row: _service_json(here, row))


@routes.get("/v1/Services/{sid}")
async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_service_json(world(request), _service(request)))


def _service(request: web.Request) -> Row:
    return owned(request, "service", request.match_info["sid"])


@routes.post("/v1/Services/{sid}")
async def update(request: web.Request) -> web.Response:
    here, row, form = world(request), _service(request), await request.post()
    here.core.store.update("service", row["sid"], **_settings(form), updated=world_time.now())
    return web.json_response(_service_json(here, _fresh(here, row["sid"])))


@routes.delete("/v1/Services/{sid}")
async def remove(request: web.Request) -> web.Response:
    store, row = world(request).core.store, _service(request)
    with store.together():
        store.run("UPDATE number SET service_sid = NULL WHERE service_sid = ?", row["sid"])
        store.run("DELETE FROM service WHERE sid = ?", row["sid"])
    return web.Response(status=204)


@routes.post("/v1/Services/{sid}/PhoneNumbers")
async def add_number(request: web.Request) -> web.Response:
    """A number belongs to at most one service."""
    here, service, form = world(request), _service(request), await request.post()
    number = owned(request, "number", str(form.get("PhoneNumberSid", "")))
    if number["service_sid"]:
        raise Refused(21710 if number["service_sid"] == service["sid"] else 21712)
    here.core.store.update("number", number["sid"], service_sid=service["sid"], updated=world_time.now())
    number["service_sid"] = service["sid"]
    return web.json_response(_member_json(here, number), status=201)


@routes.get("/v1/Services/{sid}/PhoneNumbers")
async def numbers(request: web.Request) -> web.Response:
    here, service = world(request), _service(request)
    sql = "SELECT * FROM number WHERE service_sid = ? ORDER BY created, sid"
    return v1_page(request, "phone_numbers", sql, (service["sid"],), lambda row: _member_json(here, row))


@routes.get("/v1/Services/{sid}/PhoneNumbers/{number}")
async def fetch_number(request: web.Request) -> web.Response:
    return web.json_response(_member_json(world(request), _member(request)))


@routes.delete("/v1/Services/{sid}/PhoneNumbers/{number}")
async def remove_number(request: web.Request) -> web.Response:
    world(request).core.store.update("number", _member(request)["sid"], service_sid=None, updated=world_time.now())
    return web.Response(status=204)


def _member(request: web.Request) -> Row:
    number = owned(request, "number", request.match_info["number"])
    return found(number if number["service_sid"] == _service(request)["sid"] else None, request)


def _service_json(here: World, row: Row) -> dict[str, object]:
    url = f"{here.core.settings.base_url}/v1/Services/{row['sid']}"
    return {
        **{column: row[column] for column in (*URLS.values(), *TEXTS.values(), "sid", "account_sid")},
        **{column: bool(row[column]) for column in SWITCHES.values()},
        "date_created": iso(row["created"]),
        "date_updated": iso(row["updated"]),
        "validity_period": row["validity_period"],
        "us_app_to_person_registered": False,
        "url": url,
        "links": {"phone_numbers": f"{url}/PhoneNumbers"},
    }


def _member_json(here: World, row: Row) -> dict[str, object]:
    service = f"{here.core.settings.base_url}/v1/Services/{row['service_sid']}"
    return {
        "sid": row["sid"],
        "account_sid": row["account_sid"],
        "service_sid": row["service_sid"],
        "date_created": iso(row["created"]),
        "date_updated": iso(row["updated"]),
        "phone_number": row["phone_number"],
        "country_code": "US",
        "capabilities": ["MMS", "SMS", "Voice"],
        "url": f"{service}/PhoneNumbers/{row['sid']}",
    }
