"""One verified request of a provider."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


class NotUnderstoodError(ValueError):
    """A verified request lacks what its kind needs; the message says what."""


@dataclass(frozen=True)
class Asked:
    """What the carrier posted (`params`), and what we ourselves put into the address (`query`), both signed."""

    account_id: UUID
    kind: str
    params: dict[str, str]
    query: dict[str, str]

    def param(self, name: str) -> str:
        """A field this kind cannot do without. Raises NotUnderstoodError."""
        value = self.params.get(name)
        if not value:
            raise NotUnderstoodError(f"{name} is missing.")
        return value

    def id(self, name: str) -> UUID:
        """One of our ids, from the address. Raises NotUnderstoodError."""
        try:
            return UUID(self.query.get(name, ""))
        except ValueError as error:
            raise NotUnderstoodError(f"The address lacks {name}.") from error

    def count(self, name: str) -> int:
        """A small number from the address; 0 when absent."""
        value = self.query.get(name, "0")
        return int(value) if value.isdecimal() and len(value) < 4 else 0
