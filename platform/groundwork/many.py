"""Write many rows in one statement: as arrays, past the mapper and the compiler, which cost more than writing them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert(session: ScopedSession, table: Table, rows: Sequence[Json], otherwise: str = "") -> None:
    """Rows of this tenant, all with the same columns; `otherwise` is what follows ON CONFLICT.

    A column that they do not name gets the database's own default, not the mapper's.
    """
    if not rows:
        return
    names = tuple(rows[0])
    statement = _statement(table, names) + (f" ON CONFLICT {otherwise}" if otherwise else "")
    values: Json = {name: [row[name] for row in rows] for name in names}
    for name in names:
        if isinstance(table.c[name].type, JSONB):
            values[name] = [json.dumps(value) for value in values[name]]
    ids = {"tenant_id": session.tenant_id, "created_at": clock.now()}
    session.run(statement, values | ids | {"id": [row.get("id") or new_id() for row in rows]})


@lru_cache(maxsize=64)
def _statement(table: Table, names: tuple[str, ...]) -> str:
    own = [name for name in names if name != "id"]
    kinds = {name: table.c[name].type.compile(DIALECT) for name in own}
    arrays = [f"CAST(%({name})s AS {'text' if kind == 'JSONB' else kind}[])" for name, kind in kinds.items()]
    values = [f"CAST(v.{name} AS jsonb)" if kind == "JSONB" else f"v.{name}" for name, kind in kinds.items()]
    return (
        f"INSERT INTO {table.name} (tenant_id, id, created_at, {', '.join(own)}) "
        f"SELECT %(tenant_id)s, v.id, %(created_at)s, {', '.join(values)} "
        f"FROM unnest(CAST(%(id)s AS uuid[]), {', '.join(arrays)}) AS v(id, {', '.join(own)})"
    )
