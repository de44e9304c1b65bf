"""In which encoding a text file was saved: told by its mark, its bytes, or the letters it would show."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

CHUNK = 1 << 20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WORDS = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
WORDS |= {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}
LETTERS = frozenset("áéíóúñüàèâêçäöëïôÁÉÍÓÚÑÜÄÖÇ")
SIGNS = frozenset("“”–—…°®™½¿¡")
UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")  # in Windows-1252
AFTER_APOSTROPHE = frozenset("stdlrmv ")
SAMPLE = 20_000  # bytes beyond ASCII are enough to tell


def encoding_of(file: BinaryIO) -> str:
    """The codec of the whole file, which is read once; Mac Roman and Windows-1252 are told apart by their letters."""
    file.seek(0)
    head = file.read(CHUNK)
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if wide := _without_mark(head[:4000]):
        return wide
    return "utf-8" if _is_utf8(file) else _old_page(file)


def _without_mark(head: bytes) -> str | None:
    """UTF-16 without its mark: every second byte of western text is nought."""
    half = len(head) // 2
    if half < 2 or head.count(0) < half * 0.7:
        return None
    return "utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be"


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for chunk in _chunks(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _old_page(file: BinaryIO) -> str:
    """Which of the two old pages makes likelier words of the bytes beyond ASCII."""
    windows = mac = seen = 0
    for chunk in _chunks(file):
        for place, byte in enumerate(chunk):
            if byte < 0x80:
                continue
            around = chunk[max(0, place - 1) : place + 2]
            windows += -5 if byte in UNDEFINED else _likely(around, place > 0, "cp1252")
            mac += _likely(around, place > 0, "mac_roman")
            seen += 1
            if seen > SAMPLE:
                return "mac_roman" if mac > windows else "cp1252"
    return "mac_roman" if mac > windows else "cp1252"


def _likely(around: bytes, has_before: bool, codec: str) -> int:
    """How well a letter stands between its neighbours."""
    text = around.decode(codec, "replace")
    place = 1 if has_before else 0
    letter, before, after = text[place], text[:place], text[place + 1 :]
    return next((score for fits, score in RULES if fits(letter, before, after)), -1)


Rule = Callable[[str, str, str], bool]
RULES: tuple[tuple[Rule, int], ...] = (
    (lambda letter, _, after: letter == "’" and (after in AFTER_APOSTROPHE or after.isupper()), 2),
    (lambda letter, _, __: letter == "’", 0),
    (lambda letter, before, _: letter in LETTERS and letter.isupper() and before.islower(), -1),
    (lambda letter, _, after: letter == "í" and after in AFTER_APOSTROPHE, 1),
    (lambda letter, _, __: letter in LETTERS, 2),
    (lambda letter, _, __: letter in SIGNS, 1),
)
