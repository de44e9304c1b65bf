"""What stands before every handler: credentials, faults, refusals in Twilio's words, and who may use the controls."""

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.api import API, CREDENTIAL
from sandbox.errors import Refused, answer
from sandbox.faults import REST, Fault
from sandbox.world import world

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONTROLS = "/sandbox/"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@web.middleware
async def api_requests(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Check the credentials, let faults strike, put refusals in Twilio's form."""
    if not request.path.startswith(API):
        return await handler(request)
    try:
        request[CREDENTIAL] = world(request).core.accounts.authenticate(request.headers.get("Authorization", ""))
        return await under_faults(request, handler)
    except Refused as refused:
        return answer(refused.code, refused.values)
    except web.HTTPNotFound:
        return answer(20404, {"path": request.path})
    except web.HTTPMethodNotAllowed:
        return answer(20004, {})


async def under_faults(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Carry a request out, unless a fault strikes it."""
    fault = world(request).core.faults.strike(REST, await _subject(request))
    if fault is None:
        return await handler(request)
    before = await _before(request, fault)
    if before is not None:
        return before
    response = await handler(request)
    if fault.kind == "cut_after_accept":
        return _cut(request)
    if fault.kind == "hang_after_accept":
        await asyncio.sleep(fault.seconds)
    return response


async def _before(request: web.Request, fault: Fault) -> web.StreamResponse | None:
    """What a fault does before the request is carried out; a response when it is not carried out at all."""
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "too_many":
        return answer(20429, {})
    if fault.kind == "error":
        return answer(20503 if fault.code == 503 else 20500, {}, fault.code or 500)
    return _cut(request) if fault.kind == "cut" else None


def _cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


async def _subject(request: web.Request) -> str:
    """'POST /2010-04-01/... To=+1... Body=...', for faults to match on."""
    fields = await request.post() if request.method == "POST" else request.query
    spelled = " ".join(f"{name}={value!s}" for name, value in fields.items())
    return f"{request.method} {request.path} {spelled}"


@web.middleware
async def controls(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The controls are for this machine and this page alone; their errors are {"error": words}."""
    if not request.path.startswith(CONTROLS):
        return await handler(request)
    if not _from_here(request.remote) or not _same_origin(request):
        return web.json_response({"error": "The sandbox's controls answer only on this machine."}, status=403)
    try:
        return await handler(request)
    except web.HTTPException as wrong:
        return web.json_response({"error": wrong.text or wrong.reason}, status=wrong.status)
    except (ValueError, KeyError, TypeError) as wrong:
        text = f"missing: {wrong.args[0]}" if isinstance(wrong, KeyError) else str(wrong)
        return web.json_response({"error": text}, status=400)


def _from_here(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False


def _same_origin(request: web.Request) -> bool:
    """No other web page in the browser may press these buttons, whatever name it gives this machine."""
    settings = world(request).core.settings
    known = {*LOOPBACK_NAMES, settings.host, urlsplit(settings.base_url).hostname}
    origin = request.headers.get("Origin")
    return urlsplit(f"//{request.host}").hostname in known and origin in (None, f"{request.scheme}://{request.host}")
