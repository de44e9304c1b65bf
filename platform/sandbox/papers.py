"""What a business files before it may text: kept, handed in, and decided by time.

A filing is decided `review_seconds` after it came in.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox import reviewing, world_time
from sandbox.api import account, active_account, owned, v1_page
from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.wire import iso, new_sid
from sandbox.world import World, world


def keep(request: web.Request, kind: str, prefix: str, fields: Mapping[str, Any], parent: str = "") -> Row:
    """A new paper of the account, a draft."""
    here, now = world(request), world_time.now()
    row: Row = {
        "sid": new_sid(prefix), "account_sid": active_account(request)["sid"], "kind": kind, "parent": parent,
        "status": "draft", "fields": json.dumps(dict(fields)), "created": now, "updated": now,
    }  # fmt: skip
    here.core.store.insert("paper", **row)
    return row


async def read_form(request: web.Request, *required: str) -> dict[str, Any]:
    """The fields sent; one that is repeated, or spelled as a list, is a list."""
    form = await request.post()
    fields: dict[str, Any] = {name: form.getall(name) for name in form}
    missing = next((name for name in required if not any(fields.get(name, []))), None)
    if missing:
        raise Refused(20001, detail=f"Missing required parameter {missing} in the post body")
    return {name: values if len(values) > 1 or name in LISTS else values[0] for name, values in fields.items()}


LISTS = {"MessageSamples", "OptInImageUrls", "UseCaseCategories", "OptInKeywords", "OptOutKeywords", "HelpKeywords"}


def find(request: web.Request, kind: str, sid: str) -> Row:
    """The account's paper of this kind; Refused(20404) when there is none."""
    row = owned(request, "paper", sid)
    if row["kind"] != kind:
        raise Refused(20404, path=request.path)
    return reviewed(world(request), row)


def reviewed(here: World, row: Row) -> Row:
    """Time decides what waits for a reviewer."""
    due = row["updated"] + here.core.settings.review_seconds
    if row["status"] != "waiting" or world_time.now() < due:
        return row
    row["reasons"] = json.dumps(reviewing.REVIEWERS[row["kind"]](here, row))
    row["status"] = "refused" if json.loads(row["reasons"]) else "approved"
    here.core.store.update("paper", row["sid"], status=row["status"], reasons=row["reasons"])
    return row


def told(row: Row) -> dict[str, Any]:
    """The fields it was filed with."""
    said: dict[str, Any] = json.loads(row["fields"])
    return said


def reasons(row: Row) -> list[Row]:
    """Why it was refused, as its kind words it."""
    found: list[Row] = json.loads(row.get("reasons") or "[]")
    return found


def base(row: Row) -> dict[str, object]:
    """What every paper shows of itself."""
    own = {"sid": row["sid"], "account_sid": row["account_sid"]}
    return own | {"date_created": iso(row["created"]), "date_updated": iso(row["updated"])}


def wait(request: web.Request, row: Row) -> Row:
    """Before the reviewer from now on."""
    row |= {"status": "waiting", "updated": world_time.now(), "reasons": "[]"}
    columns = {name: row[name] for name in ("status", "updated", "reasons", "fields")}
    world(request).core.store.update("paper", row["sid"], **columns)
    return row


def listed(request: web.Request, key: str, kind: str, show: Any, parent: Row | None = None) -> web.Response:
    """One page of the papers of a kind, under a parent where there is one."""
    here = world(request)
    sql = "SELECT * FROM paper WHERE account_sid = ? AND kind = ? AND (parent = ? OR ? = '') ORDER BY created DESC, sid"
    named = parent["sid"] if parent else ""
    values = (account(request)["sid"], kind, named, named)
    return v1_page(request, key, sql, values, lambda row: show(request, reviewed(here, row)))


def amend(row: Row, fields: Mapping[str, Any]) -> Row:
    """The same paper with some fields written anew."""
    return row | {"fields": json.dumps(told(row) | dict(fields))}
