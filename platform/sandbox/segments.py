"""How many parts a text takes on the air (3GPP TS 23.038 and 23.040)."""

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")


def segments(body: str) -> int:
    """At least one; a two-unit character is never split over two parts."""
    if all(char in BASIC or char in EXTENDED for char in body):
        return _parts([2 if char in EXTENDED else 1 for char in body], alone=160, joined=153)
    return _parts([len(char.encode("utf-16-le")) // 2 for char in body], alone=70, joined=67)


def _parts(widths: list[int], alone: int, joined: int) -> int:
    if sum(widths) <= alone:
        return 1
    parts, room = 1, joined
    for width in widths:
        if width > room:
            parts, room = parts + 1, joined
        room -= width
    return parts
