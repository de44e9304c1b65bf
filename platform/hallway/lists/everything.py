"""Everything of a business, table by table, as CSV: written down in slices, good for a day."""

from __future__ import annotations

import csv
import io
import json
import re
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Column, LargeBinary, delete, select
from sqlalchemy.dialects.postgresql import TSVECTOR

from groundwork import clock, live, sheets, timers
from groundwork.database import Base, ScopedSession, TenantOwned
from groundwork.tables import Timer
from hallway.lists import slices
from hallway.lists.models import ExportPiece, TenantExport
from tenants.models import Tenant

EXPORT, DROP = "write_export", "drop_export"
GOOD_FOR = timedelta(days=1)
ROWS = 2000  # written down together
# The machine's own work, secrets, and what tells nothing of the business.
LEFT_OUT = {"timer", "inbound_event", "api_key", "api_answer", "push_device", "slack_hook", "turn", "text_back_claim"}
LEFT_OUT |= {"customer_list_piece", "tenant_export", "tenant_export_piece"}
LEFT_OUT |= {"invitation", "mail_inlet", "account_token", "recovery_code", "passkey", "external_login"}
SECRET = re.compile(r"sealed|token|secret|password|(?<!wording_)sha256|_key$")
NAMES = {"audit_event": "audit", "consent_event": "consent_ledger", "lead_field": "lead_fields", "business": "business"}
HARMLESS = re.compile(r"[+-]?\d+(\.\d+)?")  # phones and numbers: no spreadsheet takes harm from them


def ask(session: ScopedSession, by: str) -> TenantExport:
    """Have everything written down, or find the one that is being written."""
    running = session.scalar(select(TenantExport).where(TenantExport.state == "running").limit(1))
    if running:
        return running
    export = TenantExport(asked_by=by)
    session.add(export)
    session.flush()
    timers.put(session, EXPORT, export.id, clock.now(), queue="bulk")
    return export


def latest(session: ScopedSession, count: int = 5) -> Sequence[TenantExport]:
    return session.scalars(select(TenantExport).order_by(TenantExport.created_at.desc()).limit(count)).all()


def write_on(session: ScopedSession, timer: Timer) -> None:
    """A slice of an export."""
    slices.work(session, timer, write_next, _fail)


def _fail(session: ScopedSession, export_id: UUID) -> None:
    slices.mine(session, TenantExport, export_id).state = "failed"


def write_next(session: ScopedSession, export_id: UUID) -> bool:
    """The next stretch of rows; False when everything is written."""
    export = slices.mine(session, TenantExport, export_id)
    live.tell(session, "export", export_id)
    if export.state != "running":
        return False
    if export.file == len(tables()):
        _end(session, export)
        return False
    _write(session, export, tables()[export.file])
    return True


def _end(session: ScopedSession, export: TenantExport) -> None:
    tenant = session.get_one(Tenant, session.tenant_id)
    known = {column.key: _plain(getattr(tenant, column.key)) for column in _columns(Tenant)}
    _add(session, export, "business.json", json.dumps(known, indent=2, ensure_ascii=False, default=str))
    export.state, export.ready_at = "done", clock.now()
    timers.put(session, DROP, export.id, clock.now() + GOOD_FOR, queue="bulk")


def _write(session: ScopedSession, export: TenantExport, kind: Any) -> None:
    columns = _columns(kind)
    query = select(*columns).where(kind.tenant_id == session.tenant_id).order_by(kind.id).limit(ROWS)
    rows = session.execute(query.where(kind.id > export.after) if export.after else query).all()
    out = io.StringIO()
    writer = csv.writer(out)
    if export.after is None:
        writer.writerow([column.name for column in columns])
    writer.writerows([_cell(value) for value in row] for row in rows)
    if out.tell():
        _add(session, export, file_name(kind), out.getvalue())
    export.rows += len(rows)
    more = len(rows) == ROWS
    export.file, export.after = (export.file, rows[-1].id) if more else (export.file + 1, None)


def _add(session: ScopedSession, export: TenantExport, name: str, text: str) -> None:
    data = zlib.compress(text.encode())
    last = select(ExportPiece.place).where(ExportPiece.export_id == export.id).order_by(ExportPiece.place.desc())
    place = (session.scalar(last.limit(1)) or 0) + 1
    session.add(ExportPiece(export_id=export.id, place=place, name=name, data=data))
    export.size += len(data)


@cache
def tables() -> list[Any]:
    """Every table of the business's own, but those left out, by name."""
    kinds: list[Any] = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, TenantOwned)]
    return sorted((kind for kind in kinds if kind.__tablename__ not in LEFT_OUT), key=lambda kind: kind.__tablename__)


def file_name(kind: Any) -> str:
    """ "contact" -> "contacts.csv", "reply_box" -> "reply_boxes.csv"."""
    table = kind.__tablename__
    ending = "" if table.endswith("s") else "es" if table.endswith(("x", "ch")) else "s"
    return f"{NAMES.get(table, table + ending)}.csv"


def _columns(kind: Any) -> list[Column[Any]]:
    kept = (LargeBinary, TSVECTOR)
    return [one for one in kind.__table__.columns if not isinstance(one.type, kept) and not SECRET.search(one.name)]


def _cell(value: Any) -> str:
    plain = _plain(value)
    text = plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False, default=str)
    return text if HARMLESS.fullmatch(text) else sheets.safe_cell(text)


def _plain(value: Any) -> Any:
    """Nothing as an empty cell, moments in UTC, ids as text; the rest as JSON has it."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value) if isinstance(value, UUID) else value


def drop(session: ScopedSession, timer: Timer) -> None:
    """A day later it is gone."""
    export = slices.mine(session, TenantExport, UUID(timer.key))
    session.execute(delete(ExportPiece).where(ExportPiece.export_id == export.id))
    export.state, export.gone_at = "gone", clock.now()
