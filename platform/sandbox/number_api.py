"""/IncomingPhoneNumbers: numbers a customer has bought, and where their calls and texts are reported."""

from collections.abc import Mapping

from aiohttp import web

from sandbox import world_time
from sandbox.api import ACCOUNT, Fields, account, active_account, filters, is_url, owned, page
from sandbox.available import offers
from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.wire import NANP, TOLL_FREE, national, new_sid, normal, rfc2822, truth
from sandbox.world import World, world

routes = web.RouteTableDef()

# Form field -> column, for what is stored as given.
URLS = {
    "SmsUrl": "sms_url", "SmsFallbackUrl": "sms_fallback_url", "VoiceUrl": "voice_url",
    "VoiceFallbackUrl": "voice_fallback_url", "StatusCallback": "status_callback",
}  # fmt: skip
METHODS = {
    "SmsMethod": "sms_method", "SmsFallbackMethod": "sms_fallback_method", "VoiceMethod": "voice_method",
    "VoiceFallbackMethod": "voice_fallback_method", "StatusCallbackMethod": "status_callback_method",
}  # fmt: skip
PLAIN = {
    "FriendlyName": "friendly_name", "SmsApplicationSid": "sms_application_sid",
    "VoiceApplicationSid": "voice_application_sid", "TrunkSid": "trunk_sid", "AddressSid": "address_sid",
    "BundleSid": "bundle_sid", "IdentitySid": "identity_sid", "EmergencyAddressSid": "emergency_address_sid",
    "EmergencyStatus": "emergency_status", "VoiceReceiveMode": "voice_receive_mode",
}  # fmt: skip

# https://www.twilio.com/docs/iam/test-credentials#test-incoming-phone-numbers
TEST_PURCHASES = {"+15005550000": 21422, "+15005550001": 21421}


@routes.post(f"{ACCOUNT}/IncomingPhoneNumbers.json")
@routes.post(f"{ACCOUNT}/IncomingPhoneNumbers/Local.json")
@routes.post(f"{ACCOUNT}/IncomingPhoneNumbers/TollFree.json")
async def create(request: web.Request) -> web.Response:
    here, who, form = world(request), active_account(request), await request.post()
    wanted = _wanted(here, form)
    now = world_time.now()
    row: Row = {
        "sid": new_sid("PN"), "account_sid": who["sid"], "phone_number": wanted,
        "friendly_name": national(wanted), "voice_caller_id_lookup": 0, "created": now, "updated": now,
        **dict.fromkeys(METHODS.values(), "POST"), "emergency_status": "Inactive", "voice_receive_mode": "voice",
    }  # fmt: skip
    row.update(_settings(form))
    here.core.store.insert("number", **row)
    here.core.feed.publish("number", wanted)
    return web.json_response(_number_json(_fresh(here, row["sid"])), status=201)


def _wanted(here: World, form: Fields) -> str:
    number, area = normal(str(form.get("PhoneNumber", ""))), str(form.get("AreaCode", ""))
    if not number:
        offered = offers(here.core, area, limit=1)
        if not offered:
            raise Refused(21452, area=area)
        number = offered[0]
    if number in TEST_PURCHASES:
        raise Refused(TEST_PURCHASES[number], number=number)
    if not NANP.fullmatch(number):
        raise Refused(21421, number=number)
    if _taken(here, number):
        raise Refused(21422, number=number)
    return number


def _taken(here: World, number: str) -> bool:
    sold = here.core.faults.strike(("sold",), number)
    return bool(sold or here.core.number(number) or here.core.handsets.known(number))


def _settings(form: Mapping[str, object]) -> dict[str, object]:
    """The columns a form sets; an empty URL takes the old one away."""
    columns: dict[str, object] = {}
    for name, column in URLS.items():
        if name in form:
            columns[column] = _url(name, str(form[name]))
    for name, column in (METHODS | PLAIN).items():
        if name in form:
            columns[column] = str(form[name]) or None
    if "VoiceCallerIdLookup" in form:
        columns["voice_caller_id_lookup"] = int(truth(str(form["VoiceCallerIdLookup"])))
    return columns


def _url(name: str, text: str) -> str | None:
    if text and not is_url(text):
        raise Refused(20001, detail=f"{name} is not a valid URL: {text}")
    return text or None


def _fresh(here: World, sid: str) -> Row:
    return here.core.store.one("SELECT * FROM number WHERE sid = ?", sid) or {}


@routes.get(f"{ACCOUNT}/IncomingPhoneNumbers.json")
async def index(request: web.Request) -> web.Response:
    who = account(request)
    conditions, values = filters(request, {"FriendlyName": "friendly_name"}, {})
    if request.query.get("PhoneNumber"):
        conditions += " AND phone_number LIKE ?"
        values.append(f"%{request.query['PhoneNumber'].replace('*', '_')}%")
    sql = f"SELECT * FROM number WHERE account_sid = ?{conditions} ORDER BY created DESC, sid"
    return page(request, "incoming_phone_numbers", sql, (who["sid"], *values), _number_json)


@routes.get(f"{ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_number_json(owned(request, "number", request.match_info["sid"])))


@routes.post(f"{ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    here, row, form = world(request), owned(request, "number", request.match_info["sid"]), await request.post()
    columns = _settings(form)
    if form.get("AccountSid"):
        # Only a number of the family moves, and it leaves its old account's service behind.
        new_owner = here.core.accounts.acting(account(request), str(form["AccountSid"]), request.path)
        columns |= {"account_sid": new_owner["sid"], "service_sid": None}
    here.core.store.update("number", row["sid"], **columns, updated=world_time.now())
    here.core.feed.publish("number", row["phone_number"])
    return web.json_response(_number_json(_fresh(here, row["sid"])))


@routes.delete(f"{ACCOUNT}/IncomingPhoneNumbers/{{sid}}.json")
async def remove(request: web.Request) -> web.Response:
    here, row = world(request), owned(request, "number", request.match_info["sid"])
    here.core.store.run("DELETE FROM number WHERE sid = ?", row["sid"])
    here.core.feed.publish("number", row["phone_number"])
    return web.Response(status=204)


def _number_json(row: Row) -> dict[str, object]:
    kept = (*URLS.values(), *METHODS.values(), *PLAIN.values())
    toll_free = bool(TOLL_FREE.fullmatch(row["phone_number"]))
    return {
        **{column: row[column] for column in kept},
        "account_sid": row["account_sid"],
        "address_requirements": "none",
        "api_version": "2010-04-01",
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "date_created": rfc2822(row["created"]),
        "date_updated": rfc2822(row["updated"]),
        "emergency_address_status": "unregistered",
        "origin": "twilio",
        "phone_number": row["phone_number"],
        "sid": row["sid"],
        "status": "in-use",
        "type": "toll-free" if toll_free else "local",
        "uri": f"/2010-04-01/Accounts/{row['account_sid']}/IncomingPhoneNumbers/{row['sid']}.json",
        "voice_caller_id_lookup": bool(row["voice_caller_id_lookup"]),
    }
