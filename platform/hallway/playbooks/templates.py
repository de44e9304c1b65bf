"""Templates that tenants write: Liquid with a short list of tags and filters, strict about names, bounded in work."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

import liquid
from liquid.exceptions import (
    BlockNestingError,
    ContextDepthError,
    LiquidError,
    LiquidSyntaxError,
    ResourceLimitError,
    UndefinedError,
    UnknownFilterError,
)
from liquid.undefined import FalsyStrictUndefined

# Filters that can blow a short text up (replace, join, split, date with padding) are left out on purpose.
FILTERS = frozenset(
    {"append", "capitalize", "default", "downcase", "first", "last", "prepend", "size", "strip"}
    | {"truncate", "truncatewords", "upcase"}
)
TAGS = frozenset({"assign", "break", "case", "comment", "continue", "echo", "for", "if", "unless"})
LONGEST_SOURCE = 5_000


class WordingError(ValueError):
    """A template that cannot be used, in plain words; line and column count from 1, 0 means the whole."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.line = line
        self.column = column

    @property
    def where(self) -> str:
        return f"line {self.line}, column {self.column}" if self.line else ""


class _MessageEnvironment(liquid.Environment):
    """Liquid with limits; by default it has none and one loop can run for minutes."""

    loop_iteration_limit = 1_000
    output_stream_limit = 20_000
    local_namespace_limit = 20_000
    context_depth_limit = 10
    block_nesting_limit = 6


def _environment() -> _MessageEnvironment:
    # Undefined names may be tested and defaulted, never printed.
    environment = _MessageEnvironment(undefined=FalsyStrictUndefined)
    for tag in environment.tags.keys() - TAGS - {"output", "content", "illegal", "#"}:
        del environment.tags[tag]
    for name in environment.filters.keys() - FILTERS:
        del environment.filters[name]
    return environment


_ENVIRONMENT = _environment()


@lru_cache(maxsize=2_048)
def parsed(source: str) -> liquid.BoundTemplate:
    """Parse a template once. Raises WordingError."""
    if len(source) > LONGEST_SOURCE:
        raise WordingError(f"This is too long: keep it under {LONGEST_SOURCE:,} characters.")
    try:
        return _ENVIRONMENT.from_string(source)
    except (LiquidError, RecursionError) as error:
        raise _plain_error(error) from error


def render(source: str, variables: Mapping[str, object]) -> str:
    """Fill a template in and tidy its spaces. Raises WordingError.

    Values are data: Liquid inside them is printed as it stands. Empty text counts as no value.
    """
    template = parsed(source)
    try:
        text = template.render(**{name: _data(value) for name, value in variables.items()})
    except (LiquidError, RecursionError) as error:
        raise _plain_error(error) from error
    return tidy_spaces(text)


def tidy_spaces(text: str) -> str:
    """One space where many were, none before punctuation, at most one empty line, none at the ends."""
    text = re.sub(r"[^\S\n]+", " ", text.replace("\r\n", "\n"))
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r" ([,.!?])(?=\s|\Z)", r"\1", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _data(value: object) -> object:
    """Only plain data reaches a template; control characters and line breaks in values become spaces."""
    if isinstance(value, str):
        return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value).split()) or None
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, Mapping):
        return {str(name): _data(inner) for name, inner in value.items()}
    if isinstance(value, Sequence):
        return [_data(inner) for inner in value]
    raise TypeError(f"a template takes plain data, not {type(value).__name__}")


def position(source: str, index: int) -> tuple[int, int]:
    """Line and column of a character, both from 1."""
    before = source[:index]
    return before.count("\n") + 1, index - before.rfind("\n")


def _plain_error(error: LiquidError | RecursionError) -> WordingError:
    if isinstance(error, RecursionError):
        return WordingError("This template is nested too deeply.")
    line, column = _position_of(error)
    return WordingError(_plain_words(error), line, column)


def _position_of(error: LiquidError) -> tuple[int, int]:
    token = error.token
    if token is None or token.start_index < 0 or not token.source:
        return 0, 0
    return position(token.source, token.start_index)


def _plain_words(error: LiquidError) -> str:
    said = str(error.message or error)
    quoted = re.search(r"'([^']+)'", said)
    name = quoted.group(1) if quoted else said.split(" ")[0]
    if isinstance(error, UndefinedError):
        return f"{{{{ {name} }}}} has no value here."
    if isinstance(error, UnknownFilterError):
        return f'There is no filter called "{name}".'
    if isinstance(error, ResourceLimitError | ContextDepthError | BlockNestingError):
        return "This template does too much work; make it simpler."
    if isinstance(error, LiquidSyntaxError):
        return _plain_syntax(said, name)
    return f"This template cannot be used: {said}."


def _plain_syntax(said: str, name: str) -> str:
    if said.startswith("unexpected tag"):
        return f'The tag "{name}" cannot be used here.'
    if "end of file" in said:
        return f'Something is opened and never closed with "{name}".'
    closing = re.search(r"expected tag (\w+)", said)
    if closing:
        return f'"{{% {closing.group(1)} %}}" is missing.'
    return f"This cannot be read: {said}."
