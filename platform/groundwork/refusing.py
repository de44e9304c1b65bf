"""Something typed that cannot be kept: which field, and why in plain words."""

from __future__ import annotations


class FieldError(ValueError):
    """`field` says which part cannot be kept as it was typed, the message why."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field
