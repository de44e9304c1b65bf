"""Lookups v2: is this a number, and what kind of line."""

from aiohttp import web

from sandbox.api import active_account
from sandbox.handsets import Handset
from sandbox.wire import NANP, TOLL_FREE, is_number, national, normal
from sandbox.world import world

routes = web.RouteTableDef()
PACKAGES = (
    "caller_name", "sim_swap", "call_forwarding", "line_status", "line_type_intelligence", "identity_match",
    "reassigned_number", "sms_pumping_risk", "phone_number_quality_score", "pre_fill",
)  # fmt: skip
LINE_TYPES = {"landline": "landline", "not_mobile": "landline", "voip": "nonFixedVoip"}


@routes.get("/v2/PhoneNumbers/{number}")
async def fetch(request: web.Request) -> web.Response:
    here, _ = world(request), active_account(request)
    number = normal(request.match_info["number"])
    valid = is_number(number)
    asked = [field.strip() for field in request.query.get("Fields", "").split(",")]
    body: dict[str, object] = dict.fromkeys(PACKAGES)
    body |= {
        "calling_country_code": "1" if valid and number.startswith("+1") else None,
        "country_code": "US" if NANP.fullmatch(number) else None,
        "phone_number": number,
        "national_format": national(number) if valid else None,
        "valid": valid,
        "validation_errors": None if valid else _errors(number),
        "url": f"{here.core.settings.base_url}/v2/PhoneNumbers/{number}",
    }
    if valid and "line_type_intelligence" in asked:
        body["line_type_intelligence"] = _line_type(number, here.core.handsets.get(number))
    if valid and "caller_name" in asked:
        name = here.core.handsets.get(number).name.upper()
        body["caller_name"] = {
            "caller_name": name or None,
            "caller_type": "CONSUMER" if name else None,
            "error_code": None,
        }
    return web.json_response(body)


def _errors(number: str) -> list[str]:
    digits = number.lstrip("+")
    if not digits.isdigit():
        return ["NOT_A_NUMBER"]
    expected = 11 if digits.startswith("1") else 10
    if len(digits) == expected:
        return ["INVALID_BUT_POSSIBLE"]
    return ["TOO_SHORT" if len(digits) < expected else "TOO_LONG"]


def _line_type(number: str, handset: Handset) -> dict[str, object]:
    kind = "tollFree" if TOLL_FREE.fullmatch(number) else LINE_TYPES.get(handset.kind, "mobile")
    unknown = handset.kind == "unknown"
    return {
        "mobile_country_code": "310" if kind == "mobile" and not unknown else None,
        "mobile_network_code": "260" if kind == "mobile" and not unknown else None,
        "carrier_name": None if unknown else "Sandbox Wireless" if kind == "mobile" else "Sandbox Telephone",
        "type": None if unknown else kind,
        "error_code": 60600 if unknown else None,
    }
