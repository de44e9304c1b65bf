"""A form on its way: what was typed, what is wrong with it, and what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import request
from marshmallow import EXCLUDE, Schema, ValidationError
from werkzeug.datastructures import MultiDict


@dataclass
class Form:
    """`values` stand in the fields as typed; `errors` is {field: words}; `loaded` is what the schema made of them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, Any] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.errors

    def refuse(self, name: str, words: str) -> None:
        """Set an error that only the deed could find: a taken name, a last owner."""
        self.errors[name] = words


def read(schema: Schema) -> Form:
    """The form that was sent, validated. Fields the schema does not know are ignored."""
    values = typed(schema, request.form)
    try:
        return Form(values, {}, schema.load(values, unknown=EXCLUDE))
    except ValidationError as error:
        return Form(values, {str(name): in_words(words) for name, words in _messages(error).items()})


def _messages(error: ValidationError) -> dict[str, Any]:
    return error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}


def typed(schema: Schema, form: MultiDict[str, str]) -> dict[str, Any]:
    """Text without the blanks around it; an unticked box, which a browser does not send, is False."""
    values: dict[str, Any] = {name: value.strip() for name, value in form.items()}
    for name, known in schema.fields.items():
        if type(known).__name__ == "Boolean":
            values[name] = name in form
        elif type(known).__name__ == "List":
            values[name] = form.getlist(name)
    return values


def in_words(messages: Any) -> str:
    """marshmallow's list, or its dictionary for lists of fields, as one sentence."""
    if isinstance(messages, dict):
        return " ".join(in_words(inner) for inner in messages.values())
    return " ".join(str(message) for message in messages)
