"""Whose rows a session may touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID


class NoTenantScope(RuntimeError):
    """A database session was used before anybody said whose rows it may touch."""


class CrossTenantWrite(RuntimeError):
    """A row of one tenant was about to be written in the scope of another."""


@dataclass(frozen=True)
class Scope:
    """One tenant (`web` login), one agency's clients for reading (`agency`), or the installation (`system`).

    `viewer` is the member for whom the database shows only the conversations that are theirs to see.
    """

    login: Literal["web", "agency", "system"]
    id: UUID | None = None
    viewer: UUID | None = None

    @property
    def tenant_id(self) -> UUID | None:
        return self.id if self.login == "web" else None


def tenant(tenant_id: UUID, viewer: UUID | None = None) -> Scope:
    return Scope("web", tenant_id, viewer)


def agency(agency_id: UUID) -> Scope:
    return Scope("agency", agency_id)


SYSTEM = Scope("system")
