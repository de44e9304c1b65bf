"""Random reads and writes of one tenant, thrown at another's rows: nothing is seen, nothing changes."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError

import hallway.models  # noqa: F401
from groundwork import scope
from groundwork.database import Base, open_session
from tests.wall.two_businesses import Two, two_businesses

OWNED = sorted(name for name, table in Base.metadata.tables.items() if "tenant_id" in table.primary_key.columns)


@pytest.fixture
def two(clean: object) -> Two:
    return two_businesses()


def columns(name: str) -> list[str]:
    table: Table = Base.metadata.tables[name]
    return [column.name for column in table.columns if column.computed is None]


@st.composite
def statements(draw: st.DrawFn) -> str:
    """A statement of a mean or careless program: any table, any column, joins, unions, subqueries, writes."""
    table, other = draw(st.sampled_from(OWNED)), draw(st.sampled_from(OWNED))
    column = draw(st.sampled_from(columns(table)))
    where = draw(st.sampled_from(["true", "tenant_id = :charlie", "id = :priya or true", "tenant_id <> :alice"]))
    qualified = where.replace("tenant_id", "a.tenant_id").replace("id = :priya", "a.id = :priya")
    return draw(
        st.sampled_from(
            [
                f"select tenant_id from {table} where {where}",
                f"select a.tenant_id from {table} a left join {other} b on true where {qualified}",
                f"select tenant_id from {table} union all select tenant_id from {other}",
                f"with found as (select * from {table} where {where}) select tenant_id from found",
                f"select tenant_id from {table} order by {column}::text limit 50",
                f"update {table} set {column} = {column} where {where} returning tenant_id",
                f"update {table} set tenant_id = :charlie where {where} returning tenant_id",
                f"delete from {table} where {where} and tenant_id = :charlie returning tenant_id",
                f"insert into {table} select * from {other} returning tenant_id",
                f"insert into {table} (tenant_id, id) values (:charlie, :id) returning tenant_id",
                f"select (select tenant_id from {table} where tenant_id = :charlie limit 1)",
                f"select tenant_id from {table} where exists (select 1 from {other} where tenant_id = :charlie)",
            ]
        )
    )


def snapshot(tenant_id: uuid.UUID) -> dict[str, int]:
    with open_session(scope.SYSTEM) as session:
        return {
            name: session.scalar(
                text(f"select coalesce(sum(hashtext(r::text)::bigint), 0) from {name} r where tenant_id = :t"),
                {"t": tenant_id},
            )
            or 0
            for name in OWNED
        }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attempt=st.lists(statements(), min_size=1, max_size=3))
def test_whatever_one_tenant_asks_it_never_meets_anothers_rows(two: Two, attempt: list[str]) -> None:
    before = snapshot(two.charlie)
    values = {"alice": two.alice, "charlie": two.charlie, "priya": two.priya, "id": uuid.uuid4()}
    seen: set[uuid.UUID] = set()
    try:
        with open_session(scope.tenant(two.alice)) as session:
            for statement in attempt:
                bound = {name: value for name, value in values.items() if f":{name}" in statement}
                seen |= {row[0] for row in session.execute(text(statement), bound) if row[0]}
    except DBAPIError:
        pass  # refused outright, which is as good
    assert two.charlie not in seen
    assert snapshot(two.charlie) == before
