"""/Recordings and /Transcriptions: list, fetch, delete, listen."""

from aiohttp import web

from sandbox.api import ACCOUNT, account, filters, owned, page
from sandbox.recordings import mp3, wav
from sandbox.store import Row
from sandbox.wire import rfc2822
from sandbox.world import world

routes = web.RouteTableDef()
RECORDINGS = f"{ACCOUNT}/Recordings"
TRANSCRIPTIONS = f"{ACCOUNT}/Transcriptions"


@routes.get(f"{RECORDINGS}.json")
async def index(request: web.Request) -> web.Response:
    conditions, values = filters(request, {"CallSid": "call_sid"}, {"DateCreated": "created"})
    sql = f"SELECT * FROM recording WHERE account_sid = ?{conditions} ORDER BY created DESC, sid"
    return page(request, "recordings", sql, (account(request)["sid"], *values), _recording_json)


@routes.get(f"{ACCOUNT}/Calls/{{call}}/Recordings.json")
async def of_call(request: web.Request) -> web.Response:
    call = owned(request, "call", request.match_info["call"])
    sql = "SELECT * FROM recording WHERE call_sid = ? ORDER BY created DESC, sid"
    return page(request, "recordings", sql, (call["sid"],), _recording_json)


@routes.get(f"{RECORDINGS}/{{sid}}.json")
async def fetch(request: web.Request) -> web.Response:
    return web.json_response(_recording_json(_recording(request)))


def _recording(request: web.Request) -> Row:
    return owned(request, "recording", request.match_info["sid"])


@routes.delete(f"{RECORDINGS}/{{sid}}.json")
async def remove(request: web.Request) -> web.Response:
    store, row = world(request).core.store, _recording(request)
    with store.together():
        store.run("DELETE FROM transcription WHERE recording_sid = ?", row["sid"])
        store.run("DELETE FROM recording WHERE sid = ?", row["sid"])
    return web.Response(status=204)


@routes.get(f"{RECORDINGS}/{{sid}}.mp3")
async def as_mp3(request: web.Request) -> web.Response:
    return web.Response(body=mp3(_recording(request)["duration"]), content_type="audio/mpeg")


@routes.get(f"{RECORDINGS}/{{sid}}")
@routes.get(f"{RECORDINGS}/{{sid}}.wav")  # the decorator nearest the function is registered first and must be
async def as_wav(request: web.Request) -> web.Response:
    return web.Response(body=wav(_recording(request)["duration"]), content_type="audio/x-wav")


@routes.get(f"{RECORDINGS}/{{recording}}/Transcriptions.json")
async def of_recording(request: web.Request) -> web.Response:
    recording = owned(request, "recording", request.match_info["recording"])
    sql = "SELECT * FROM transcription WHERE recording_sid = ? ORDER BY created DESC, sid"
    return page(request, "transcriptions", sql, (recording["sid"],), _transcription_json)


@routes.get(f"{TRANSCRIPTIONS}.json")
async def transcriptions(request: web.Request) -> web.Response:
    sql = "SELECT * FROM transcription WHERE account_sid = ? ORDER BY created DESC, sid"
    return page(request, "transcriptions", sql, (account(request)["sid"],), _transcription_json)


@routes.get(f"{TRANSCRIPTIONS}/{{sid}}.json")
@routes.get(f"{RECORDINGS}/{{recording}}/Transcriptions/{{sid}}.json")
async def transcription(request: web.Request) -> web.Response:
    return web.json_response(_transcription_json(owned(request, "transcription", request.match_info["sid"])))


@routes.delete(f"{TRANSCRIPTIONS}/{{sid}}.json")
async def remove_transcription(request: web.Request) -> web.Response:
    row = owned(request, "transcription", request.match_info["sid"])
    world(request).core.store.run("DELETE FROM transcription WHERE sid = ?", row["sid"])
    return web.Response(status=204)


def _recording_json(row: Row) -> dict[str, object]:
    uri = f"/2010-04-01/Accounts/{row['account_sid']}/Recordings/{row['sid']}"
    return {
        "account_sid": row["account_sid"],
        "api_version": "2010-04-01",
        "call_sid": row["call_sid"],
        "channels": row["channels"],
        "conference_sid": None,
        "date_created": rfc2822(row["created"]),
        "date_updated": rfc2822(row["updated"]),
        "duration": str(row["duration"]),
        "encryption_details": None,
        "error_code": None,
        "price": None,
        "price_unit": "USD",
        "sid": row["sid"],
        "source": row["source"],
        "start_time": rfc2822(row["created"]),
        "status": row["status"],
        "subresource_uris": {"transcriptions": f"{uri}/Transcriptions.json"},
        "uri": f"{uri}.json",
    }


def _transcription_json(row: Row) -> dict[str, object]:
    return {
        "account_sid": row["account_sid"],
        "api_version": "2010-04-01",
        "date_created": rfc2822(row["created"]),
        "date_updated": rfc2822(row["updated"]),
        "duration": str(row["duration"]),
        "price": None,
        "price_unit": "USD",
        "recording_sid": row["recording_sid"],
        "sid": row["sid"],
        "status": row["status"],
        "transcription_text": row["text"],
        "type": "fast",
        "uri": f"/2010-04-01/Accounts/{row['account_sid']}/Transcriptions/{row['sid']}.json",
    }
