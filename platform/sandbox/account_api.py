"""/Accounts: the parent makes sub-accounts; each has its own AuthToken."""

from aiohttp import web

from sandbox.api import ACCOUNT, CREDENTIAL, account, filters, page
from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.wire import rfc2822
from sandbox.world import world

routes = web.RouteTableDef()
STATUSES = ("active", "suspended", "closed")
SUBRESOURCES = {
    "available_phone_numbers": "AvailablePhoneNumbers",
    "calls": "Calls",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "messages": "Messages",
    "recordings": "Recordings",
    "transcriptions": "Transcriptions",
}


@routes.post("/2010-04-01/Accounts.json")
async def create(request: web.Request) -> web.Response:
    owner, form = request[CREDENTIAL], await request.post()
    if owner["sid"] != owner["owner_sid"] or owner["status"] != "active":
        raise Refused(20001, detail="Only an active main account can create sub-accounts")
    name = str(form.get("FriendlyName") or "SubAccount")[:64]
    return web.json_response(_account_json(world(request).core.accounts.create(owner["sid"], name)), status=201)


@routes.get("/2010-04-01/Accounts.json")
async def index(request: web.Request) -> web.Response:
    sid = request[CREDENTIAL]["sid"]
    conditions, values = filters(request, {"FriendlyName": "friendly_name", "Status": "status"}, {})
    sql = f"SELECT * FROM account WHERE (sid = ? OR owner_sid = ?){conditions} ORDER BY created DESC"
    return page(request, "accounts", sql, (sid, sid, *values), _account_json)


@routes.get(f"{ACCOUNT}.json")
async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_account_json(account(request)))


@routes.post(f"{ACCOUNT}.json")
async def update(request: web.Request) -> web.Response:
    row, form = account(request), await request.post()
    changes = {}
    if form.get("FriendlyName"):
        changes["friendly_name"] = str(form["FriendlyName"])[:64]
    if form.get("Status"):
        changes["status"] = _status(row, str(form["Status"]))
    if changes:
        row = world(request).core.accounts.change(row["sid"], **changes)
    return web.json_response(_account_json(row))


def _status(row: Row, status: str) -> str:
    if status not in STATUSES or row["status"] == "closed":
        raise Refused(20001, detail=f"Status cannot be set to {status}")
    return status


def _account_json(row: Row) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{row['sid']}"
    return {
        "auth_token": row["auth_token"],
        "date_created": rfc2822(row["created"]),
        "date_updated": rfc2822(row["updated"]),
        "friendly_name": row["friendly_name"],
        "owner_account_sid": row["owner_sid"],
        "sid": row["sid"],
        "status": row["status"],
        "subresource_uris": {name: f"{uri}/{path}.json" for name, path in SUBRESOURCES.items()},
        "type": "Full",
        "uri": f"{uri}.json",
    }
