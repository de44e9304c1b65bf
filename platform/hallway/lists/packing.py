"""Rows of a list, packed to be kept in a column."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from typing import Any

LEVEL = 3  # names and numbers shrink to a third; more effort gains little


def pack(rows: Sequence[Any]) -> bytes:
    return zlib.compress(json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode(), LEVEL)


def unpack(data: bytes | None) -> list[Any]:
    rows: list[Any] = json.loads(zlib.decompress(data)) if data else []
    return rows
