"""The kinds of piece a playbook holds: where a client keeps each, how it is read, and the deed that changes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast
from uuid import UUID

from sqlalchemy import and_, select

from groundwork.database import Json, ScopedSession
from hallway import followup, playbooks
from hallway.agencies.named_shelves import NAMED
from hallway.agencies.shelf import Bodies, RefusedError, Shelf
from hallway.followup import (
    MOMENTS,
    MomentKind,
    Plan,
    PlanError,
    Sequence,
    SequenceVersion,
    sequences,
    wording,
)
from hallway.playbooks import KEYS, Wording, own_wording
from tenants.models import Tenant


def _default_plan(trade: str, moment: str) -> Json | None:
    told = playbooks.default_sequence(trade, moment)
    return Plan.from_json(told).as_json() if told else None


def _read_plans(session: ScopedSession, moment: str, clients: Collection[UUID]) -> Bodies:
    in_force = and_(
        SequenceVersion.tenant_id == Sequence.tenant_id,
        SequenceVersion.sequence_id == Sequence.id,
        SequenceVersion.number == Sequence.version,
    )
    query = select(Sequence.tenant_id, SequenceVersion.plan).join(SequenceVersion, in_force)
    mine = (Sequence.key == moment, Sequence.tenant_id.in_(clients))
    # Stored plans may be older than fields that came later; read and written again, all have the same ones.
    return {id_: sequences.read_plan(plan).as_json() for id_, plan in session.execute(query.where(*mine))}


def _check_plan(_moment: str, body: Json) -> None:
    try:
        wording.check(Plan.from_json(body))
    except PlanError as error:
        raise RefusedError([problem.words for problem in error.problems]) from error


def _put_plan(session: ScopedSession, _tenant: Tenant, moment: str, body: Json, author: str, moves: bool) -> None:
    sequence = _sequence(session, moment)
    if sequence is None:
        sequences.install(session, cast(MomentKind, moment))
        sequence = _sequence(session, moment)
    if sequence is None:
        raise RefusedError(["There is no sequence for this moment in their trade's playbook."])
    followup.publish(session, sequence, Plan.from_json(body), author, moves=moves)


def _sequence(session: ScopedSession, moment: str) -> Sequence | None:
    return session.scalars(select(Sequence).where(Sequence.key == moment)).one_or_none()


def _default_words(trade: str, key: str) -> Json | None:
    return {"source": playbooks.default_wording(trade, key)}


def _read_words(session: ScopedSession, key: str, clients: Collection[UUID]) -> Bodies:
    query = select(Wording.tenant_id, Wording.source).where(Wording.key == key, Wording.tenant_id.in_(clients))
    return {id_: {"source": source} for id_, source in session.execute(query)}


def _check_words(key: str, body: Json) -> None:
    wrong = [problem.message for problem in playbooks.lint(body["source"], key) if problem.level == "error"]
    if wrong:
        raise RefusedError(wrong)


def _put_words(session: ScopedSession, tenant: Tenant, key: str, body: Json, author: str, _moves: bool) -> None:
    own_wording.save(session, tenant, key, body["source"], author)


def _all_moments(_session: ScopedSession, _client: UUID) -> list[str]:
    return [str(kind) for kind in MOMENTS]


def _all_keys(_session: ScopedSession, _client: UUID) -> list[str]:
    return list(KEYS)


SHELVES: Mapping[str, Shelf] = {
    "sequence": Shelf(
        "Follow-up",
        {str(kind): words for kind, words in MOMENTS.items()},
        _default_plan,
        _read_plans,
        _all_moments,
        _check_plan,
        _put_plan,
    ),
    "wording": Shelf(
        "Wording",
        {name: key.label for name, key in KEYS.items()},
        _default_words,
        _read_words,
        _all_keys,
        _check_words,
        _put_words,
    ),
    **NAMED,
}
