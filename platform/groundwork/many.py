"""Write many rows in one statement: as arrays, past the mapper and the compiler, which cost more than writing them.

Arrays go to the server in binary (`%(name)b`): as text every quote in them would be sought and escaped.
"""

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
    names = tuple(name for name in rows[0] if name != "id")
    values: Json = {name: [row[name] for row in rows] for name in names}
    values |= {name: list(map(json.dumps, values[name])) for name in names if isinstance(table.c[name].type, JSONB)}
    values["id"] = [row.get("id") or new_id() for row in rows]
    values |= {"tenant_id": session.tenant_id, "created_at": clock.now()}
    session.run(_statement(table, names) + (f" ON CONFLICT {otherwise}" if otherwise else ""), values)


@lru_cache(maxsize=64)
def _statement(table: Table, names: tuple[str, ...]) -> str:
    kinds = {name: table.c[name].type.compile(DIALECT) for name in names}
    arrays = [f"CAST(%({name})b AS {'text' if kind == 'JSONB' else kind}[])" for name, kind in kinds.items()]
    values = [f'CAST(v."{name}" AS {kind})' for name, kind in kinds.items()]
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO {table.name} (tenant_id, id, created_at, {columns}) "
        f"SELECT %(tenant_id)s, v.id, %(created_at)s, {', '.join(values)} "
        f"FROM unnest(CAST(%(id)b AS uuid[]), {', '.join(arrays)}) AS v(id, {columns})"
    )
