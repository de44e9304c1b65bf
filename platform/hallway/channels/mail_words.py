"""The words of an e-mail: HTML read as text, and what was only quoted left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

LANGUAGES = ["en", "es"]
UNSEEN = frozenset({"script", "style", "head", "title", "template", "object", "svg"})
BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table", "ul", "ol"})
ATTRIBUTION = re.compile(r"^\s*(?:On\b.{4,200}\bwrote:|El\b.{4,200}\bescribi[oó]:)\s*$", re.IGNORECASE | re.DOTALL)
LONGEST = 100_000


def from_html(html: str) -> str:
    """What a reader sees, line by line; quoted parts get a > before each line."""
    reader = _Reader()
    reader.feed(html[: 4 * LONGEST])
    reader.close()
    lines = [" ".join(line.split()) for line in "".join(reader.parts).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST]


def new_words(text: str) -> str:
    """What they wrote themselves. When nothing would be left, all of it: nobody's words are lost."""
    text = text.replace("\r\n", "\n").strip()
    reply = str(EmailReplyParser(languages=LANGUAGES).parse_reply(text=text) or "")
    blocks = re.split(r"(\n\s*\n)", reply)
    kept = "".join(block for block in blocks if not ATTRIBUTION.match(block.strip()))
    own = "\n".join(
        line for line in kept.splitlines() if not line.lstrip().startswith(">") and not ATTRIBUTION.match(line)
    )
    return re.sub(r"\n{3,}", "\n\n", own).strip() or text


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = self._quoted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in UNSEEN:
            self._unseen += 1
        if tag == "blockquote":
            self._quoted += 1
        if tag in BREAKS:
            self._new_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag == "blockquote":
            self._quoted = max(0, self._quoted - 1)
        if tag in BREAKS:
            self._new_line()

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(" ".join(data.split("\n")))

    def _new_line(self) -> None:
        self.parts.append("\n> " if self._quoted else "\n")
