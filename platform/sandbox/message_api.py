"""/Messages: create, fetch, list, redact, cancel, delete, and their media."""

import datetime as dt
import json

from aiohttp import web

from sandbox import world_time
from sandbox.api import ACCOUNT, Fields, account, active_account, filters, found, is_url, owned, page
from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.texting import UNDER_WAY, message_json
from sandbox.wire import NANP, is_number, new_sid, normal, rfc2822
from sandbox.world import World, world

routes = web.RouteTableDef()
LONGEST_BODY = 1600
MAX_MEDIA = 10

# Recipients with a fixed fate (https://www.twilio.com/docs/iam/test-credentials#test-sms-messages).
TEST_RECIPIENTS = {
    "+15005550001": 21211, "+15005550002": 21612, "+15005550003": 21408, "+15005550004": 21610, "+15005550009": 21614,
}  # fmt: skip
TEST_SENDERS = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}


@routes.post(f"{ACCOUNT}/Messages.json")
async def create(request: web.Request) -> web.Response:
    here, who, form = world(request), active_account(request), await request.post()
    recipient = _recipient(form)
    sender, service = _sender(here, who, form, recipient)
    body, media = str(form.get("Body", "")), [str(url) for url in form.getall("MediaUrl", [])]
    _check_content(body, media)
    _check_reachable(here, sender, service, recipient)
    status, send_at = _schedule(form, service)
    message = here.inbound.new_message(who["sid"], sender["phone_number"], recipient, body, "outbound-api", status)
    message.update(
        sid=new_sid("MM" if media else "SM"),
        service_sid=service["sid"] if service else None,
        num_media=len(media),
        media_urls=json.dumps(media),
        status_callback=_status_callback(here, who, form, service),
        validity=_validity(form, service),
        send_at=send_at,
    )
    here.texting.send(message, here.texting.take_slot(sender["phone_number"]))
    return web.json_response(message_json(message), status=201)


def _recipient(form: Fields) -> str:
    to = normal(str(form.get("To", "")))
    if not to:
        raise Refused(21604)
    if to in TEST_RECIPIENTS:
        raise Refused(TEST_RECIPIENTS[to], number=to)
    if not is_number(to):
        raise Refused(21211, number=to)
    if not NANP.fullmatch(to):
        raise Refused(21408, number=to)
    return to


def _sender(here: World, who: Row, form: Fields, recipient: str) -> tuple[Row, Row | None]:
    """The number that sends, and the service it sends for."""
    sender, service_sid = normal(str(form.get("From", ""))), str(form.get("MessagingServiceSid", ""))
    if not sender and not service_sid:
        raise Refused(21603)
    if not service_sid:
        return _own_number(here, who, sender), None
    store = here.core.store
    service = store.one("SELECT * FROM service WHERE sid = ? AND account_sid = ?", service_sid, who["sid"])
    if service is None:
        raise Refused(21705, sid=service_sid)
    if sender:
        return _own_number(here, who, sender), service
    return _from_pool(here, service, recipient), service


def _own_number(here: World, who: Row, sender: str) -> Row:
    if sender in TEST_SENDERS:
        raise Refused(TEST_SENDERS[sender], number=sender)
    if not is_number(sender):
        raise Refused(21212, number=sender)
    number = here.core.number(sender)
    if number is None or number["account_sid"] != who["sid"]:
        raise Refused(21606, number=sender)
    return number


def _from_pool(here: World, service: Row, recipient: str) -> Row:
    """Sticky sender: who wrote to this person last writes again; else the service's first number."""
    last = here.core.store.one(
        "SELECT number.* FROM message JOIN number ON number.phone_number = message.sender"
        " WHERE message.recipient = ? AND number.service_sid = ? ORDER BY message.created DESC LIMIT 1",
        recipient, service["sid"],
    )  # fmt: skip
    first = "SELECT * FROM number WHERE service_sid = ? ORDER BY created LIMIT 1"
    number = last or here.core.store.one(first, service["sid"])
    if number is None:
        raise Refused(21704)
    return number


def _check_content(body: str, media: list[str]) -> None:
    if not body and not media:
        raise Refused(21602)
    if len(body) > LONGEST_BODY:
        raise Refused(21617)
    if len(media) > MAX_MEDIA:
        raise Refused(21623)
    if not all(is_url(url) for url in media):
        raise Refused(21620)


def _check_reachable(here: World, sender: Row, service: Row | None, recipient: str) -> None:
    scope = service["sid"] if service else sender["service_sid"] or sender["phone_number"]
    if here.core.opt_outs.stopped(scope, recipient):
        raise Refused(21610)
    if recipient == sender["phone_number"]:
        raise Refused(21612, number=recipient)
    if here.core.handsets.get(recipient).kind == "not_mobile":
        raise Refused(21614, number=recipient)


def _schedule(form: Fields, service: Row | None) -> tuple[str, float | None]:
    """The first state, and when to send a scheduled message (epoch seconds)."""
    if not form.get("SendAt"):
        return ("accepted" if service else "queued"), None
    if service is None:
        raise Refused(35118)
    try:
        when = dt.datetime.fromisoformat(str(form["SendAt"]))
    except ValueError:
        raise Refused(20001, detail="SendAt is not a date") from None
    ahead = when.timestamp() - world_time.now()
    if not 900 <= ahead <= 35 * 86_400:
        raise Refused(35114)
    return "scheduled", when.timestamp()


def _status_callback(here: World, who: Row, form: Fields, service: Row | None) -> str | None:
    """A bad URL does not stop the message: Twilio sends it, reports nothing and logs 21609."""
    url = str(form.get("StatusCallback") or (service or {}).get("status_callback") or "")
    if url and not is_url(url):
        here.core.alerts.add(who["sid"], 21609, url, "invalid StatusCallback ignored")
        return None
    return url or None


def _validity(form: Fields, service: Row | None) -> int:
    text = str(form.get("ValidityPeriod") or (service or {}).get("validity_period") or 36_000)
    if not text.isdigit() or not 1 <= int(text) <= 36_000:
        raise Refused(20001, detail="ValidityPeriod must be between 1 and 36000 seconds")
    return int(text)


@routes.get(f"{ACCOUNT}/Messages.json")
async def index(request: web.Request) -> web.Response:
    who = account(request)
    sent = {"DateSent": "COALESCE(sent_at, created)"}
    conditions, values = filters(request, {"To": "recipient", "From": "sender"}, sent)
    sql = f"SELECT * FROM message WHERE account_sid = ? AND deleted = 0{conditions} ORDER BY created DESC, sid"
    return page(request, "messages", sql, (who["sid"], *values), message_json)


@routes.get(f"{ACCOUNT}/Messages/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return web.json_response(message_json(_message(request, "sid")))


def _message(request: web.Request, name: str) -> Row:
    row = owned(request, "message", request.match_info[name])
    return found(None if row["deleted"] else row, request)


@routes.post(f"{ACCOUNT}/Messages/{{sid}}.json")
async def update(request: web.Request) -> web.Response:
    """Body='' redacts what is over; Status=canceled stops what has not left."""
    here, row, form = world(request), _message(request, "sid"), await request.post()
    if "Status" in form:
        _cancel(here, row, str(form["Status"]))
    if "Body" in form:
        _redact(here, row, str(form["Body"]))
    fresh = here.core.store.one("SELECT * FROM message WHERE sid = ?", row["sid"])
    return web.json_response(message_json(found(fresh, request)))


def _cancel(here: World, row: Row, status: str) -> None:
    if status != "canceled":
        raise Refused(20001, detail="Status can only be set to canceled")
    if row["status"] not in ("scheduled", "accepted", "queued"):
        raise Refused(30409)
    here.core.store.update("message", row["sid"], status="canceled", updated=world_time.now())


def _redact(here: World, row: Row, body: str) -> None:
    if body:
        raise Refused(20001, detail="Body can only be set to an empty string")
    if row["status"] in UNDER_WAY[:-1]:
        raise Refused(20001, detail="Cannot redact a message that is still on its way")
    here.core.store.update("message", row["sid"], redacted=1, updated=world_time.now())


@routes.delete(f"{ACCOUNT}/Messages/{{sid}}.json")
async def remove(request: web.Request) -> web.Response:
    """Gone for the customer; the phone that received it keeps it."""
    row = _message(request, "sid")
    world(request).core.store.update("message", row["sid"], deleted=1, updated=world_time.now())
    return web.Response(status=204)


@routes.get(f"{ACCOUNT}/Messages/{{message}}/Media.json")
async def media_index(request: web.Request) -> web.Response:
    message = _message(request, "message")
    sql = "SELECT * FROM media WHERE message_sid = ? ORDER BY rowid"
    return page(request, "media_list", sql, (message["sid"],), _media_json)


@routes.get(f"{ACCOUNT}/Messages/{{message}}/Media/{{sid}}.json")
async def media_fetch(request: web.Request) -> web.Response:
    return web.json_response(_media_json(owned(request, "media", request.match_info["sid"])))


@routes.delete(f"{ACCOUNT}/Messages/{{message}}/Media/{{sid}}.json")
async def media_remove(request: web.Request) -> web.Response:
    row = owned(request, "media", request.match_info["sid"])
    world(request).core.store.run("DELETE FROM media WHERE sid = ?", row["sid"])
    return web.Response(status=204)


@routes.get(f"{ACCOUNT}/Messages/{{message}}/Media/{{sid}}")
async def media_content(request: web.Request) -> web.Response:
    """As the real one: not the picture but the way to where it is stored."""
    row = owned(request, "media", request.match_info["sid"])
    where = f"{world(request).core.settings.base_url}/storage/{row['account_sid']}/{row['sid']}"
    return web.Response(status=307, headers={"Location": where})


@routes.get("/storage/{account}/{sid}")
async def stored(request: web.Request) -> web.Response:
    sql = "SELECT * FROM media WHERE sid = ? AND account_sid = ?"
    row = found(world(request).core.store.one(sql, request.match_info["sid"], request.match_info["account"]), request)
    return web.Response(body=row["content"], content_type=row["content_type"])


def _media_json(row: Row) -> dict[str, object]:
    base = f"/2010-04-01/Accounts/{row['account_sid']}/Messages/{row['message_sid']}/Media"
    return {
        "account_sid": row["account_sid"],
        "content_type": row["content_type"],
        "date_created": rfc2822(row["created"]),
        "date_updated": rfc2822(row["created"]),
        "parent_sid": row["message_sid"],
        "sid": row["sid"],
        "uri": f"{base}/{row['sid']}.json",
    }
