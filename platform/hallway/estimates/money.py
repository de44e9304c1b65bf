"""Amounts as people write and read them."""

from __future__ import annotations

import re
from decimal import Decimal

AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?")


def dollars(cents: int) -> str:
    """115000 -> "$1,150", 115050 -> "$1,150.50"."""
    whole, rest = divmod(cents, 100)
    return f"${whole:,}" + (f".{rest:02d}" if rest else "")


def cents(text: str) -> int:
    """ "$1,150.50" -> 115050. Raises ValueError in plain words."""
    plain = text.strip().removeprefix("$").strip()
    if len(plain) > 20 or not AMOUNT.fullmatch(plain) or not plain.isascii():
        raise ValueError(f"“{text.strip()[:40]}” is not an amount. Write it like 1150 or 1,150.50.")
    return int(Decimal(plain.replace(",", "")) * 100)
