"""How our e-mails look: one MJML layout with the business's name, logo and colour, compiled to HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape

import mrml

PLAIN_COLOR = "#0f766e"
COLOR = re.compile(r"#[0-9a-fA-F]{6}")
LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
# Where the business's and the person's words go, once the layout is compiled: no word of theirs is ever read as MJML.
BODY, FOOTER, NAME, LOGO = "%%body%%", "%%footer%%", "%%name%%", "%%logo%%"

MJML = """
<mjml lang="en">
  <mj-head>
    <mj-attributes>
      <mj-all font-family="-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif" />
      <mj-text font-size="16px" line-height="1.55" color="#1c1917" padding="0" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f5f5f4" width="600px">
    <mj-section padding="16px 0 0"><mj-column></mj-column></mj-section>
    <mj-section background-color="#ffffff" border-top="4px solid {color}" padding="28px 32px 8px">
      <mj-column>
        {head}
      </mj-column>
    </mj-section>
    <mj-section background-color="#ffffff" padding="8px 32px 32px">
      <mj-column><mj-text>%%body%%</mj-text></mj-column>
    </mj-section>
    <mj-section padding="16px 32px 32px">
      <mj-column><mj-text font-size="13px" line-height="1.5" color="#57534e">%%footer%%</mj-text></mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""
WITH_NAME = '<mj-text font-size="18px" font-weight="600" color="{color}">%%name%%</mj-text>'
WITH_LOGO = '<mj-image src="%%logo%%" alt="%%name%%" width="160px" align="left" padding="0" />'


@dataclass(frozen=True)
class Brand:
    """What a business looks like. `color` is "#rrggbb", `logo_url` an https address of a picture."""

    name: str
    color: str | None = None
    logo_url: str | None = None
    postal_address: str | None = None
    phone: str | None = None


def html(brand: Brand, words: str, unsubscribe_url: str | None = None) -> str:
    """The HTML of a mail that says `words` (plain text: paragraphs by empty lines, addresses become links)."""
    color = brand.color if brand.color and COLOR.fullmatch(brand.color) else PLAIN_COLOR
    logo = brand.logo_url if brand.logo_url and brand.logo_url.startswith("https://") else None
    page = _compiled(color, logo is not None)
    parts = {NAME: escape(brand.name), LOGO: escape(logo or ""), BODY: paragraphs(words)}
    parts[FOOTER] = "<br>".join(_footer(brand, unsubscribe_url))
    return re.sub("|".join(map(re.escape, parts)), lambda found: parts[found[0]], page)


def text(brand: Brand, words: str, unsubscribe_url: str | None = None) -> str:
    """The same mail for programs that show no HTML."""
    lines = [words.strip(), "", "-- ", brand.name, *_contact(brand)]
    if unsubscribe_url:
        lines += ["", f"No more e-mails like this: {unsubscribe_url}"]
    return "\n".join(lines) + "\n"


def paragraphs(words: str) -> str:
    """Escaped, with line breaks kept and web addresses made links."""
    blocks = re.split(r"\n\s*\n", words.strip().replace("\r\n", "\n"))
    style = "margin:0 0 16px"
    return "".join(f'<p style="{style}">{_linked(block).replace(chr(10), "<br>")}</p>' for block in blocks)


def _linked(block: str) -> str:
    parts, last = [], 0
    for found in LINK.finditer(block):
        url = escape(found[0])
        parts += [escape(block[last : found.start()]), f'<a href="{url}" style="color:inherit">{url}</a>']
        last = found.end()
    return "".join([*parts, escape(block[last:])])


def _footer(brand: Brand, unsubscribe_url: str | None) -> list[str]:
    lines = [escape(line) for line in (brand.name, *_contact(brand))]
    if unsubscribe_url:
        url = escape(unsubscribe_url)
        lines.append(f'<a href="{url}" style="color:inherit">Unsubscribe</a> from e-mails like this one.')
    return lines


def _contact(brand: Brand) -> list[str]:
    address = " · ".join(line.strip() for line in (brand.postal_address or "").splitlines() if line.strip())
    return [line for line in (address, brand.phone) if line]


@lru_cache(maxsize=256)
def _compiled(color: str, logo: bool) -> str:
    head = (WITH_LOGO if logo else WITH_NAME).format(color=color)
    return mrml.to_html(MJML.format(color=color, head=head)).content
