"""The addresses of one carrier account of ours, at which the carrier asks what to do with a call."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hallway import channels


@dataclass(frozen=True)
class Hooks:
    """Made from the account in the request's own address, or from the login of an outgoing call."""

    account_id: UUID

    def url(self, kind: str, **query: object) -> str:
        return channels.hook_url(self.account_id, kind, **query)
