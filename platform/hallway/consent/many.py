"""Stops and consent of many people at once, as lists bring them: what stands already is never weakened by a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id

UNDONE = "import_undone"  # how consent ends that a list claimed and that was taken back with it
Way = tuple[str, str]  # ("sms", "+15125550148"), ("email", "dana@example.com")

WAYS = "unnest(cast(:channels AS text[]), cast(:addresses AS text[]), cast(:ids AS uuid[])) AS w(channel, address, id)"
STOP = text(f"""
INSERT INTO suppression (tenant_id, id, channel, address, scope, reason, words, created_at)
SELECT :tenant, w.id, w.channel, w.address, 'all', 'import', NULL, :now FROM {WAYS}
ON CONFLICT (tenant_id, channel, address, scope) WHERE released_at IS NULL DO NOTHING
RETURNING channel, address
""")
WRITE = text(f"""
INSERT INTO consent_event
  (tenant_id, id, address, channel, purpose, action, method, wording, source, occurred_at, seq, prev_hash, hash)
SELECT :tenant, w.id, w.address, w.channel, :purpose, :action, :method, :wording, cast(:source AS jsonb), :now, 0, '',
  '' FROM {WAYS}
""")
# Nobody who asked us to stop, or took their consent back, agrees again because of a list.
MAY_BE_GRANTED = text(f"""
SELECT w.channel, w.address FROM {WAYS}
WHERE NOT EXISTS (SELECT FROM suppression s WHERE s.tenant_id = :tenant AND s.channel = w.channel
    AND s.address = w.address AND s.released_at IS NULL)
  AND NOT EXISTS (SELECT FROM consent_event e WHERE e.tenant_id = :tenant AND e.address = w.address
    AND e.channel = w.channel AND e.action = 'revoked' AND e.method <> '{UNDONE}'
    AND e.purpose IN (cast(:purpose AS text), 'marketing', 'all'))
  AND NOT EXISTS (SELECT FROM consent_event e WHERE e.tenant_id = :tenant AND e.address = w.address
    AND e.channel = w.channel AND e.action = 'granted' AND e.purpose = :purpose AND e.method = :method
    AND e.wording IS NOT DISTINCT FROM cast(:wording AS text)
    AND NOT EXISTS (SELECT FROM consent_event u WHERE u.tenant_id = :tenant AND u.address = w.address
      AND u.channel = w.channel AND u.method = '{UNDONE}' AND u.seq > e.seq))
""")


@dataclass(frozen=True)
class Given:
    """What people of a list agreed to: how, in which words, and where that stands (list, file, member)."""

    purpose: str
    method: str
    wording: str | None
    source: str  # JSON


def suppress_many(session: ScopedSession, ways: Sequence[Way], source: str) -> int:
    """Send nothing more to these, and write the revocations down; returns how many were not stopped yet."""
    if not ways:
        return 0
    new = [(row.channel, row.address) for row in session.execute(STOP, {**_columns(session, ways), "now": clock.now()})]
    _write(session, new, "revoked", Given("all", "import", None, source))
    return len(new)


def grant_many(session: ScopedSession, ways: Sequence[Way], given: Given) -> int:
    """Write down what these agreed to, but for who is stopped, took consent back, or is written down so already."""
    if not ways:
        return 0
    about = {"purpose": given.purpose, "method": given.method, "wording": given.wording}
    found = session.execute(MAY_BE_GRANTED, {**_columns(session, ways), **about})
    return _write(session, [(row.channel, row.address) for row in found], "granted", given)


def undo_many(session: ScopedSession, ways: Sequence[Way], purpose: str, source: str) -> int:
    """Write down that what a list claimed holds no more, because the list was taken back."""
    return _write(session, ways, "revoked", Given(purpose, UNDONE, None, source))


def _write(session: ScopedSession, ways: Sequence[Way], action: str, given: Given) -> int:
    if ways:
        what = {"purpose": given.purpose, "method": given.method, "wording": given.wording, "source": given.source}
        session.execute(WRITE, {**_columns(session, ways), **what, "action": action, "now": clock.now()})
    return len(ways)


def _columns(session: ScopedSession, ways: Sequence[Way]) -> Json:
    unique = list(dict.fromkeys(ways))
    columns: Json = {"tenant": session.tenant_id, "ids": [new_id() for _ in unique]}
    return columns | {"channels": [channel for channel, _ in unique], "addresses": [address for _, address in unique]}
