"""How a text is billed: alphabet, units, parts; and the swaps that keep it in the cheap alphabet."""

import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

# 3GPP TS 23.038: basic alphabet (escape left out) and the extension table, whose characters cost two septets.
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENDED = frozenset("\f^{}\\[~]|€")

SINGLE: dict[Encoding, int] = {"GSM-7": 160, "UCS-2": 70}
PART: dict[Encoding, int] = {"GSM-7": 153, "UCS-2": 67}

ZERO_WIDTH_JOINER = "\u200d"
_SWAPS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‵ʹʻʼʽˈ`´＇❛❜", "'"),
        **dict.fromkeys("“”„‟″‶«»＂❝❞〝〞", '"'),
        **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－•‣∙·●▪", "-"),
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
        **dict.fromkeys("\u200b\u200c\u200e\u200f\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("\u2028\u2029\x85", "\n"),
        "…": "...",
        "‼": "!!",
        "⁄": "/",
        "¼": "1/4",
        "½": "1/2",
        "¾": "3/4",
    }
)


@dataclass(frozen=True)
class Segments:
    """A measured body: units are septets (GSM-7) or UTF-16 code units (UCS-2); offending are the
    characters, each once and in order, that forced UCS-2."""

    encoding: Encoding
    units: int
    segments: int
    offending: tuple[str, ...] = ()


def measure(text: str) -> Segments:
    """Count a body as the carrier bills it, without changing it. An empty body has no segment.

    Clusters are packed whole, as Twilio's own calculator does, so a part may end a few units early.
    """
    offending = tuple(dict.fromkeys(c for c in text if c not in GSM_BASIC and c not in GSM_EXTENDED))
    encoding: Encoding = "UCS-2" if offending else "GSM-7"
    costs = [_utf16(c) for c in _clusters(text)] if offending else [2 if c in GSM_EXTENDED else 1 for c in text]
    return Segments(encoding, sum(costs), _parts(costs, encoding), offending)


def repair(text: str) -> str:
    """Swap look-alikes (curly quotes, dashes, ellipsis, odd spaces, invisible characters) for plain ones."""
    return _drop_loose_joiners(text).translate(_SWAPS)


def tidy(text: str) -> str:
    """Compose accents, use plain line ends, then repair: what a body should go through before it is sent."""
    composed = unicodedata.normalize("NFC", text)
    return repair(composed.replace("\r\n", "\n").replace("\r", "\n"))


def _parts(costs: list[int], encoding: Encoding) -> int:
    total = sum(costs)
    if total <= SINGLE[encoding]:
        return 1 if total else 0
    parts, room = 0, 0
    for cost in costs:
        if cost > room:
            # A cluster longer than a whole part cannot be kept together.
            parts += max(1, math.ceil(cost / PART[encoding]))
            room = PART[encoding] * max(1, math.ceil(cost / PART[encoding]))
        room -= cost
    return parts


def _utf16(cluster: str) -> int:
    return sum(2 if ord(c) > 0xFFFF else 1 for c in cluster)


def _clusters(text: str) -> Iterator[str]:
    """What a reader sees as one character (a useful subset of UAX #29: marks, joiners, flags, skin tones)."""
    cluster = ""
    for char in text:
        if cluster and not _joins(cluster, char):
            yield cluster
            cluster = ""
        cluster += char
    if cluster:
        yield cluster


def _joins(cluster: str, char: str) -> bool:
    last = cluster[-1]
    if last in "\r\n" or char in "\r\n":
        return False
    if _is_flag_letter(last) and _is_flag_letter(char):
        return len(cluster) % 2 == 1
    if last == ZERO_WIDTH_JOINER and len(cluster) > 1:
        return _is_pictograph(char)
    return _extends(char)


def _extends(char: str) -> bool:
    code = ord(char)
    return (
        char in (ZERO_WIDTH_JOINER, "\u200c")
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
        or unicodedata.category(char) in ("Mn", "Me", "Mc")
    )


def _is_flag_letter(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _is_pictograph(char: str) -> bool:
    return ord(char) >= 0x1F000 or 0x2190 <= ord(char) <= 0x2BFF


def _drop_loose_joiners(text: str) -> str:
    """Keep a joiner only inside an emoji family, where dropping it would change the picture."""
    if ZERO_WIDTH_JOINER not in text:
        return text
    padded = f" {text} "
    return "".join(c for i, c in enumerate(padded[1:-1], 1) if c != ZERO_WIDTH_JOINER or _is_pictograph(padded[i + 1]))
