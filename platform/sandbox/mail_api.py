"""The mailboxes' controls: read, answer, write, leave a list, bounce, complain. For the page and tests."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from sandbox.post_office import new_mail
from sandbox.store import Row
from sandbox.world import world

routes = web.RouteTableDef()
API = "/sandbox/api/mail"
SHOWN = 200
LINK = re.compile(r"<(https?://[^>]+)>")
# Somebody else's HTML: no script, no form, nothing from elsewhere, and no way out of its frame.
LOCKED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


@routes.get(f"{API}/boxes")
async def boxes(request: web.Request) -> web.Response:
    """Everybody who ever got or wrote a mail, the newest first."""
    found = world(request).core.store.all(
        "SELECT box, count(*) AS mails, max(at) AS at FROM mail GROUP BY box ORDER BY at DESC LIMIT 100"
    )
    return web.json_response(found)


@routes.get(f"{API}/boxes/{{box}}")
async def box(request: web.Request) -> web.Response:
    """The mails of one box, the newest first."""
    query = "SELECT * FROM mail WHERE box = ? ORDER BY id DESC LIMIT ?"
    rows = world(request).core.store.all(query, request.match_info["box"].lower(), SHOWN)
    return web.json_response([_view(row) for row in rows])


@routes.get(f"{API}/{{id:\\d+}}/html")
async def html(request: web.Request) -> web.Response:
    body = _mail(_row(request)).get_body(("html", "plain"))
    content = str(body.get_content()) if body else ""
    kind = body.get_content_type() if body else "text/plain"
    return web.Response(text=content, content_type=kind, headers={"Content-Security-Policy": LOCKED})


@routes.post(f"{API}/{{id:\\d+}}/answer")
async def answer(request: web.Request) -> web.Response:
    """{"kind": reply, auto, bounce or complaint, "words"}."""
    told = await request.json()
    try:
        await world(request).post.answer(_row(request), str(told.get("kind", "reply")), str(told.get("words", "")))
    except OSError as error:
        raise ValueError(f"The business's mail server does not answer ({type(error).__name__}).") from error
    return web.json_response({"ok": True})


@routes.post(f"{API}/write")
async def write(request: web.Request) -> web.Response:
    """{"from", "name", "to", "subject", "words"}: a new mail from somebody."""
    told = {name: str(value) for name, value in (await request.json()).items()}
    sender = told["from"].strip().lower()
    mail = new_mail(sender, told.get("name", ""), told["to"], told.get("subject", ""), told.get("words", ""))
    try:
        await world(request).post.write(sender, told["to"], mail)
    except OSError as error:
        raise ValueError(f"The business's mail server does not answer ({type(error).__name__}).") from error
    return web.json_response({"ok": True})


@routes.post(f"{API}/{{id:\\d+}}/unsubscribe")
async def unsubscribe(request: web.Request) -> web.Response:
    """What the mailbox's own Unsubscribe button does (RFC 8058): one POST, no cookies, no redirect followed."""
    mail = _mail(_row(request))
    link = LINK.search(str(mail["List-Unsubscribe"] or ""))
    if not link or "One-Click" not in str(mail["List-Unsubscribe-Post"] or ""):
        raise ValueError("This mail offers no one-click way to unsubscribe.")
    where = urlsplit(link[1])
    # Names under localhost are this machine, whatever its resolver says.
    local = (where.hostname or "").endswith("localhost")
    url = where._replace(netloc=f"127.0.0.1:{where.port or 80}").geturl() if local else link[1]
    async with (
        aiohttp.ClientSession() as client,
        client.post(
            url, data={"List-Unsubscribe": "One-Click"}, headers={"Host": where.netloc}, allow_redirects=False
        ) as reply,
    ):
        return web.json_response({"status": reply.status})


def _row(request: web.Request) -> Row:
    row = world(request).core.store.one("SELECT * FROM mail WHERE id = ?", int(request.match_info["id"]))
    if row is None:
        raise web.HTTPNotFound
    return row


def _mail(row: Row) -> EmailMessage:
    mail = message_from_bytes(row["raw"], policy=default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - what the policy makes
    return mail


def _view(row: Row) -> dict[str, Any]:
    mail = _mail(row)
    body = mail.get_body(("plain", "html"))
    names = ("From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "List-Unsubscribe", "Auto-Submitted")
    return {
        "id": row["id"],
        "mine": bool(row["mine"]),
        "at": row["at"],
        "return_path": row["mail_from"],
        "headers": {name: str(mail[name]) for name in names if mail[name]},
        "text": str(body.get_content()) if body else "",
    }
