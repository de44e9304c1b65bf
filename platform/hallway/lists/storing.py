"""Some hundred persons stored in a few statements; who is known by phone or e-mail stays one person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id
from hallway.lists.persons import Address, Person

KNOWN = text("""
SELECT p.kind, p.value, p.contact_id FROM contact_point p
JOIN unnest(cast(:kinds AS text[]), cast(:values AS text[])) AS a(kind, value) ON p.kind = a.kind AND p.value = a.value
WHERE p.tenant_id = :tenant
""")
COLUMNS = """unnest(cast(:ids AS uuid[]), cast(:names AS text[]), cast(:addresses AS text[]), cast(:states AS text[]),
  cast(:zips AS text[]), cast(:details AS text[])) AS v(id, name, address, state, zip, details)"""
MAKE = text(f"""
INSERT INTO contact (tenant_id, id, created_at, language, name, address, state, zip, details, list_id)
SELECT :tenant, v.id, :now, 'en', v.name, v.address, v.state, v.zip, cast(v.details AS jsonb), :list FROM {COLUMNS}
""")
# What is known already wins.
FILL = text(f"""
UPDATE contact c SET name = coalesce(c.name, v.name), address = coalesce(c.address, v.address),
  state = coalesce(c.state, v.state), zip = coalesce(c.zip, v.zip), details = cast(v.details AS jsonb) || c.details
FROM {COLUMNS} WHERE c.tenant_id = :tenant AND c.id = v.id
  AND (c.name IS NULL AND v.name IS NOT NULL OR c.address IS NULL AND v.address IS NOT NULL
    OR c.state IS NULL AND v.state IS NOT NULL OR c.zip IS NULL AND v.zip IS NOT NULL
    OR NOT c.details @> (cast(v.details AS jsonb) || c.details))
RETURNING c.id
""")
# A person of whom another list told as well no longer belongs to the first one alone.
SHARE = text("""
UPDATE contact SET list_id = NULL WHERE tenant_id = :tenant AND id = ANY (:ids) AND list_id <> :list
""")
POINT = text("""
INSERT INTO contact_point (tenant_id, id, created_at, contact_id, kind, value)
SELECT :tenant, v.id, :now, v.contact_id, v.kind, v.value
FROM unnest(cast(:ids AS uuid[]), cast(:contacts AS uuid[]), cast(:kinds AS text[]), cast(:values AS text[]))
  AS v(id, contact_id, kind, value)
ON CONFLICT (tenant_id, kind, value) DO NOTHING RETURNING contact_id
""")


class MetMeanwhileError(RuntimeError):
    """Somebody of these called or wrote while they were being stored; once more, and they are known."""


@dataclass(frozen=True)
class Stored:
    """How many rows made a person, told something new of one, or told nothing new."""

    new: int
    updated: int
    merged: int


def store(session: ScopedSession, list_id: UUID, persons: Sequence[Person]) -> Stored:
    """Make those we do not know, fill in what is missing of those we do. Raises MetMeanwhileError."""
    ones = _once_each(persons)
    known = _known(session, [address for one in ones for address in one.addresses])
    theirs = [(next((known[address] for address in one.addresses if address in known), None), one) for one in ones]
    new = [(new_id(), one) for id_, one in theirs if id_ is None]
    old = [(id_, one) for id_, one in theirs if id_ is not None]
    if new:
        session.execute(MAKE, _columns(session, list_id, new))
    told = _fill(session, list_id, old)
    reached = _reach(session, [*new, *old], known)
    if any(id_ not in reached for id_, _ in new):
        raise MetMeanwhileError("Somebody of a list was met while the list was stored.")
    told |= reached & {id_ for id_, _ in old}
    updated = sum(id_ in told for id_, _ in old)
    return Stored(len(new), updated, len(persons) - len(new) - updated)


def _once_each(persons: Iterable[Person]) -> list[Person]:
    """Who stands in the rows twice, by any address, becomes one."""
    by: dict[Address, Person] = {}
    for person in persons:
        same = next((by[address] for address in person.addresses if address in by), person)
        if same is not person:
            same.absorb(person)
        by |= {address: by.get(address, same) for address in person.addresses}
    return list({id(one): one for one in by.values()}.values())


def _known(session: ScopedSession, addresses: Sequence[Address]) -> dict[Address, UUID]:
    columns = {"kinds": [kind for kind, _ in addresses], "values": [value for _, value in addresses]}
    rows = session.execute(KNOWN, {**columns, "tenant": session.tenant_id})
    return {(row.kind, row.value): row.contact_id for row in rows}


def _fill(session: ScopedSession, list_id: UUID, old: Sequence[tuple[UUID, Person]]) -> set[UUID]:
    """Each known person once, however many rows told of them; returns those of whom something was new."""
    ones: dict[UUID, Person] = {}
    for id_, one in old:
        if id_ in ones:
            ones[id_].absorb(one)
        else:
            ones[id_] = one
    if not ones:
        return set()
    session.execute(SHARE, {"tenant": session.tenant_id, "ids": list(ones), "list": list_id})
    return {row.id for row in session.execute(FILL, _columns(session, list_id, list(ones.items())))}


def _reach(session: ScopedSession, people: Sequence[tuple[UUID, Person]], known: dict[Address, UUID]) -> set[UUID]:
    """Give them their addresses; one that belongs to somebody else stays there. Returns who got one."""
    points = [(id_, address) for id_, one in people for address in one.addresses if address not in known]
    if not points:
        return set()
    columns: Json = {"tenant": session.tenant_id, "now": clock.now(), "ids": [new_id() for _ in points]}
    columns |= {"contacts": [id_ for id_, _ in points]}
    columns |= {"kinds": [kind for _, (kind, _) in points], "values": [value for _, (_, value) in points]}
    return {row.contact_id for row in session.execute(POINT, columns)}


def _columns(session: ScopedSession, list_id: UUID, people: Sequence[tuple[UUID, Person]]) -> Json:
    columns: Json = {"tenant": session.tenant_id, "list": list_id, "now": clock.now()}
    columns |= {"ids": [id_ for id_, _ in people], "details": [json.dumps(one.details) for _, one in people]}
    for name in ("name", "address", "state", "zip"):
        columns[f"{name}s" if name != "address" else "addresses"] = [getattr(one, name) for _, one in people]
    return columns
