"""Everything the carrier must still know after it was killed, in one SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Row = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS account (
    sid TEXT PRIMARY KEY, owner_sid TEXT, auth_token TEXT, friendly_name TEXT, status TEXT,
    created REAL, updated REAL);
CREATE TABLE IF NOT EXISTS number (
    sid TEXT PRIMARY KEY, account_sid TEXT, phone_number TEXT UNIQUE, friendly_name TEXT, service_sid TEXT,
    sms_url TEXT, sms_method TEXT, sms_fallback_url TEXT, sms_fallback_method TEXT, sms_application_sid TEXT,
    voice_url TEXT, voice_method TEXT, voice_fallback_url TEXT, voice_fallback_method TEXT,
    voice_application_sid TEXT, voice_caller_id_lookup INTEGER DEFAULT 0, trunk_sid TEXT,
    status_callback TEXT, status_callback_method TEXT, emergency_status TEXT, emergency_address_sid TEXT,
    address_sid TEXT, bundle_sid TEXT, identity_sid TEXT, voice_receive_mode TEXT,
    created REAL, updated REAL);
CREATE TABLE IF NOT EXISTS service (
    sid TEXT PRIMARY KEY, account_sid TEXT, friendly_name TEXT, inbound_request_url TEXT, inbound_method TEXT,
    fallback_url TEXT, fallback_method TEXT, status_callback TEXT, sticky_sender INTEGER, mms_converter INTEGER,
    smart_encoding INTEGER, scan_message_content TEXT, fallback_to_long_code INTEGER, area_code_geomatch INTEGER,
    validity_period INTEGER, synchronous_validation INTEGER, usecase TEXT, use_inbound_webhook_on_number INTEGER,
    advanced_opt_out INTEGER DEFAULT 0, created REAL, updated REAL);
CREATE TABLE IF NOT EXISTS message (
    sid TEXT PRIMARY KEY, account_sid TEXT, service_sid TEXT, sender TEXT, recipient TEXT, body TEXT,
    direction TEXT, status TEXT, segments INTEGER, num_media INTEGER, media_urls TEXT, error_code INTEGER,
    status_callback TEXT, validity INTEGER, send_at REAL, created REAL, updated REAL, sent_at REAL,
    arrived_at REAL, from_carrier INTEGER DEFAULT 0, redacted INTEGER DEFAULT 0, deleted INTEGER DEFAULT 0);
CREATE INDEX IF NOT EXISTS message_by_account ON message (account_sid, created);
CREATE INDEX IF NOT EXISTS message_by_recipient ON message (recipient, created);
CREATE INDEX IF NOT EXISTS message_by_sender ON message (sender, created);
CREATE INDEX IF NOT EXISTS message_under_way ON message (status)
    WHERE status IN ('accepted', 'scheduled', 'queued', 'sending', 'sent');
CREATE TABLE IF NOT EXISTS media (
    sid TEXT PRIMARY KEY, account_sid TEXT, message_sid TEXT, content_type TEXT, content BLOB, created REAL);
CREATE INDEX IF NOT EXISTS media_by_message ON media (message_sid);
CREATE TABLE IF NOT EXISTS opt_out (sender TEXT, recipient TEXT, since REAL, PRIMARY KEY (sender, recipient));
CREATE TABLE IF NOT EXISTS call (
    sid TEXT PRIMARY KEY, account_sid TEXT, parent_sid TEXT, number_sid TEXT, sender TEXT, recipient TEXT,
    caller TEXT, direction TEXT, status TEXT, forwarded_from TEXT, answered_by TEXT, progress TEXT,
    created REAL, updated REAL, answered REAL, ended REAL, duration INTEGER);
CREATE INDEX IF NOT EXISTS call_by_account ON call (account_sid, created);
CREATE INDEX IF NOT EXISTS call_by_caller ON call (caller, created);
CREATE INDEX IF NOT EXISTS call_by_recipient ON call (recipient, created);
CREATE TABLE IF NOT EXISTS call_log (
    id INTEGER PRIMARY KEY, call_sid TEXT, at REAL, kind TEXT, text TEXT);
CREATE INDEX IF NOT EXISTS call_log_by_call ON call_log (call_sid);
CREATE TABLE IF NOT EXISTS recording (
    sid TEXT PRIMARY KEY, account_sid TEXT, call_sid TEXT, status TEXT, source TEXT, channels INTEGER,
    duration INTEGER, created REAL, updated REAL);
CREATE TABLE IF NOT EXISTS transcription (
    sid TEXT PRIMARY KEY, account_sid TEXT, recording_sid TEXT, status TEXT, text TEXT, duration INTEGER,
    created REAL, updated REAL);
CREATE TABLE IF NOT EXISTS handset (
    number TEXT PRIMARY KEY, name TEXT, role TEXT, kind TEXT, behaviour TEXT, after REAL, talk REAL,
    forward_to TEXT, forward_after REAL, created REAL);
CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY, kind TEXT, match TEXT, probability REAL, remaining INTEGER, seconds REAL, code INTEGER);
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, purpose TEXT, account_sid TEXT, url TEXT, method TEXT, params TEXT,
    fallback_url TEXT, fallback_method TEXT, token TEXT, about TEXT, due REAL);
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY, box TEXT, mine INTEGER, mail_from TEXT, message_id TEXT, raw BLOB, at REAL);
CREATE UNIQUE INDEX IF NOT EXISTS mail_once ON mail (box, message_id, mine);
CREATE TABLE IF NOT EXISTS alert (
    id INTEGER PRIMARY KEY, at REAL, account_sid TEXT, code INTEGER, url TEXT, text TEXT);
CREATE TABLE IF NOT EXISTS paper (
    sid TEXT PRIMARY KEY, account_sid TEXT, kind TEXT, parent TEXT, status TEXT, fields TEXT, reasons TEXT,
    created REAL, updated REAL);
CREATE INDEX IF NOT EXISTS paper_by_account ON paper (account_sid, kind, created);
CREATE TABLE IF NOT EXISTS card_object (id TEXT PRIMARY KEY, kind TEXT, customer TEXT, created REAL, doc TEXT);
CREATE INDEX IF NOT EXISTS card_object_by_kind ON card_object (kind, customer);
CREATE TABLE IF NOT EXISTS card_key (key TEXT PRIMARY KEY, doc TEXT);
CREATE TABLE IF NOT EXISTS card_setting (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS site (slug TEXT PRIMARY KEY, name TEXT, line TEXT, script TEXT, link TEXT);
"""


class Store:
    """Plain SQL on one connection; every statement outside `together` commits by itself.

    A commit survives SIGKILL of this process: WAL hands the pages to the operating system, which writes them
    whether or not we live. Only a power cut may lose the last ones, and nobody's sandbox minds that.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self._db.row_factory = _as_dict
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "busy_timeout=5000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.executescript(SCHEMA)

    def insert(self, table: str, **columns: Any) -> int:
        names = ", ".join(columns)
        marks = ", ".join("?" * len(columns))
        cursor = self._db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(columns.values()))
        return cursor.lastrowid or 0

    def update(self, table: str, key: str | int, **columns: Any) -> None:
        """Set columns of the row with this key (the table's first column)."""
        names = ", ".join(f"{name} = ?" for name in columns)
        self._db.execute(f"UPDATE {table} SET {names} WHERE {KEYS[table]} = ?", (*columns.values(), key))

    def one(self, sql: str, *values: Any) -> Row | None:
        row: Row | None = self._db.execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: Any) -> list[Row]:
        return self._db.execute(sql, values).fetchall()

    def run(self, sql: str, *values: Any) -> int:
        return self._db.execute(sql, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """All or nothing; must not contain an await."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        self._db.close()


KEYS = {
    **dict.fromkeys(("account", "number", "service", "message", "media", "call", "recording", "transcription"), "sid"),
    "paper": "sid",
    **dict.fromkeys(("fault", "outbox", "alert"), "id"),
    "handset": "number",
}


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}
