"""What a shelf is: how one kind of piece is kept at a client, and when it must not go there."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from groundwork.database import Json, ScopedSession
from tenants.models import Tenant

Bodies = dict[UUID, Json]


class RefusedError(ValueError):
    """A piece that must not go into force at a client; `words` say why, in plain words."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(" ".join(words))
        self.words = words


@dataclass(frozen=True)
class Shelf:
    """How one kind of piece is kept. `read` takes an agency's or a tenant's session, `put` a tenant's.

    `words` name the kind, `names` its keys; a kind without names is known by the name each client's people gave it.
    `default` is a trade's own body, None where it has none, {} for a kind no trade has: an empty body is "not there".
    `listed` are the keys that one client has.
    """

    words: str
    names: Mapping[str, str]
    default: Callable[[str, str], Json | None]
    read: Callable[[ScopedSession, str, Collection[UUID]], Bodies]
    listed: Callable[[ScopedSession, UUID], list[str]]
    check: Callable[[str, Json], None]
    put: Callable[[ScopedSession, Tenant, str, Json, str, bool], None]

    def name_of(self, key: str) -> str:
        return self.names.get(key, key)
