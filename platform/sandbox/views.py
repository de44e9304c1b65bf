"""What the page and the tests see of phones, texts and calls."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sandbox.handsets import Handset
from sandbox.store import Row
from sandbox.wire import national
from sandbox.world import World

View = dict[str, Any]
SHOWN = 200  # texts and calls a phone shows


def business_views(here: World) -> list[View]:
    """Customers' numbers somebody can call, by name."""
    rows = here.core.store.all(
        "SELECT number.phone_number, number.friendly_name, account.friendly_name AS account FROM number"
        " JOIN account ON account.sid = number.account_sid ORDER BY number.friendly_name, number.created"
    )
    return [{**row, "national": national(row["phone_number"])} for row in rows]


def handset_view(here: World, handset: Handset) -> View:
    return {
        **asdict(handset),
        "national": national(handset.number),
        "messages": messages_of(here, handset.number),
        "calls": calls_of(here, handset.number),
    }


def messages_of(here: World, number: str) -> list[View]:
    """Texts on this phone, oldest first: those it sent and those that arrived."""
    rows = here.core.store.all(
        "SELECT * FROM (SELECT * FROM message WHERE (sender = ? AND direction = 'inbound')"
        " OR (recipient = ? AND direction != 'inbound' AND arrived_at IS NOT NULL)"
        " ORDER BY COALESCE(arrived_at, created) DESC LIMIT ?) ORDER BY COALESCE(arrived_at, created)",
        number, number, SHOWN,
    )  # fmt: skip
    return [message_view(here, row, number) for row in rows]


def message_view(here: World, row: Row, number: str) -> View:
    media = here.core.store.all("SELECT sid, content_type FROM media WHERE message_sid = ? ORDER BY rowid", row["sid"])
    return {
        "sid": row["sid"],
        "mine": row["sender"] == number,
        "from": row["sender"],
        "to": row["recipient"],
        "body": row["body"],
        "at": row["arrived_at"] or row["created"],
        "status": row["status"],
        "from_carrier": bool(row["from_carrier"]),
        "media": [{"url": f"/sandbox/api/media/{item['sid']}", "content_type": item["content_type"]} for item in media],
    }


def calls_of(here: World, number: str) -> list[View]:
    """Calls this phone made or was rung by, newest first."""
    rows = here.core.store.all(
        "SELECT * FROM call WHERE caller = ? OR (recipient = ? AND direction != 'inbound')"
        " ORDER BY created DESC LIMIT 30",
        number, number,
    )  # fmt: skip
    return [{**call_view(here, row), "mine": row["caller"] == number} for row in rows]


def call_view(here: World, row: Row) -> View:
    """One call with what was heard on it; `listening` and `recording` say what the carrier waits for."""
    leg = here.board.live.get(row["sid"])
    log = here.core.store.all("SELECT at, kind, text FROM call_log WHERE call_sid = ? ORDER BY id", row["sid"])
    return {
        "sid": row["sid"],
        "from": row["sender"],
        "to": row["recipient"],
        "direction": row["direction"],
        "status": row["status"],
        "created": row["created"],
        "answered": row["answered"],
        "ended": row["ended"],
        "duration": row["duration"],
        "forwarded_from": row["forwarded_from"],
        "parent": row["parent_sid"],
        "live": leg is not None,
        "onward": leg.onward.sid if leg and leg.onward else None,
        "listening": bool(leg and leg.listening.is_set()),
        "recording": bool(leg and leg.recording.is_set()),
        "log": log,
    }


def received(here: World, query: Mapping[str, str]) -> list[View]:
    """Texts that arrived on handsets, oldest first, narrowed by to, from and since."""
    conditions, values = "", []
    for name, condition in (("to", "recipient = ?"), ("from", "sender = ?"), ("since", "arrived_at >= ?")):
        if name in query:
            conditions += f" AND {condition}"
            values.append(float(query[name]) if name == "since" else query[name])
    rows = here.core.store.all(
        "SELECT * FROM message WHERE arrived_at IS NOT NULL AND direction != 'inbound'"
        f"{conditions} ORDER BY arrived_at",
        *values,
    )
    return [message_view(here, row, "") for row in rows]
