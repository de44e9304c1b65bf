"""What every API resource shares: whose request it is, its fields, its pages."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from multidict import MultiDictProxy

from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.world import world

ACCOUNT = "/2010-04-01/Accounts/{account}"
API = ("/2010-04-01/", "/v1/", "/v2/")
CREDENTIAL = web.RequestKey("credential", Row)
Fields = MultiDictProxy[Any]
Show = Callable[[Row], Mapping[str, object]]


def account(request: web.Request) -> Row:
    """The account a path names, or the credential's own where paths name none; Refused(20404) for a stranger's."""
    credential = request[CREDENTIAL]
    sid = request.match_info.get("account")
    if sid is None:
        return credential
    return world(request).core.accounts.acting(credential, sid, request.path)


def active_account(request: web.Request) -> Row:
    """As `account`, for requests a suspended or closed account may not make."""
    row = account(request)
    if row["status"] != "active":
        raise Refused(20003)
    return row


def found(row: Row | None, request: web.Request) -> Row:
    if row is None:
        raise Refused(20404, path=request.path)
    return row


def owned(request: web.Request, table: str, sid: str) -> Row:
    """The account's row with this SID; Refused(20404) when there is none."""
    sql = f"SELECT * FROM {table} WHERE sid = ? AND account_sid = ?"
    return found(world(request).core.store.one(sql, sid, account(request)["sid"]), request)


def page(request: web.Request, key: str, sql: str, values: tuple[Any, ...], show: Show) -> web.Response:
    """One page of a list of the 2010 API."""
    number, size, rows, more = _cut(request, sql, values)
    return web.json_response(
        {
            key: [show(row) for row in rows],
            "page": number,
            "page_size": size,
            "start": number * size,
            "end": max(number * size + len(rows) - 1, 0),
            "uri": request.path_qs,
            "first_page_uri": _page_uri(request, 0, size),
            "previous_page_uri": _page_uri(request, number - 1, size) if number else None,
            "next_page_uri": _page_uri(request, number + 1, size) if more else None,
        }
    )


def v1_page(request: web.Request, key: str, sql: str, values: tuple[Any, ...], show: Show) -> web.Response:
    """One page of a list of the newer APIs, which speak of themselves in `meta` and give whole URLs."""
    number, size, rows, more = _cut(request, sql, values)
    base = world(request).core.settings.base_url
    meta = {
        "key": key,
        "page": number,
        "page_size": size,
        "url": base + request.path_qs,
        "first_page_url": base + _page_uri(request, 0, size),
        "previous_page_url": base + _page_uri(request, number - 1, size) if number else None,
        "next_page_url": base + _page_uri(request, number + 1, size) if more else None,
    }
    return web.json_response({key: [show(row) for row in rows], "meta": meta})


def _cut(request: web.Request, sql: str, values: tuple[Any, ...]) -> tuple[int, int, list[Row], bool]:
    number, size = _number(request, "Page", 0, 0), min(_number(request, "PageSize", 50, 1), 1000)
    rows = world(request).core.store.all(f"{sql} LIMIT ? OFFSET ?", *values, size + 1, number * size)
    return number, size, rows[:size], len(rows) > size


def _number(request: web.Request, name: str, default: int, least: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isdigit() or int(text) < least:
        raise Refused(20001, detail=f"{name} must be a number of at least {least}")
    return int(text)


def _page_uri(request: web.Request, number: int, size: int) -> str:
    kept = [(name, value) for name, value in request.query.items() if name not in ("Page", "PageSize", "PageToken")]
    return f"{request.path}?{urlencode([*kept, ('PageSize', size), ('Page', number)])}"


def filters(request: web.Request, equal: Mapping[str, str], dates: Mapping[str, str]) -> tuple[str, list[Any]]:
    """SQL conditions and values for the query's equality filters and its dates ('DateSent', 'DateSent>=', ...)."""
    parts: list[str] = []
    values: list[Any] = []
    for name, column in equal.items():
        if name in request.query:
            parts.append(f" AND {column} = ?")
            values.append(request.query[name])
    for name, column in dates.items():
        for sign in ("", "<", ">", "<=", ">="):
            text = request.query.get(name + sign)
            if text:
                condition, bounds = _date_condition(column, sign, text)
                parts.append(condition)
                values += bounds
    return "".join(parts), values


def _date_condition(column: str, sign: str, text: str) -> tuple[str, list[float]]:
    """'DateSent>=X' reaches us as the name 'DateSent>' with the value X: either sign includes the moment itself.

    A bare date means the whole UTC day; a moment is taken to the second, as the resource shows it.
    """
    start, length = _moment(text)
    if sign.startswith("<"):
        return f" AND {column} < ?", [start + length]
    if sign.startswith(">"):
        return f" AND {column} >= ?", [start]
    return f" AND {column} >= ? AND {column} < ?", [start, start + length]


def _moment(text: str) -> tuple[float, float]:
    try:
        when = dt.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Refused(20001, detail=f"{text} is not a date") from None
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return when.timestamp(), 1.0 if re.search(r"\d\d:\d\d", text) else 86_400.0


def is_url(text: str | None) -> bool:
    parts = urlsplit(text or "")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "_" not in (parts.hostname or "")
