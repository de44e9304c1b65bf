"""The desk's pages as text: plain HTML, no script."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from aiohttp import web

from sandbox.cards.wire import Doc

FILE = Path(__file__).parent.parent / "static" / "pay.html"
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
STATES = ("", "TX", "CO", "NY", "CA", "FL", "OH", "WA", "OR")
TONES = {"active": "good", "trialing": "good", "paid": "good", "complete": "good"}
BAD = ("past_due", "unpaid", "paused", "canceled", "incomplete", "incomplete_expired", "open")


def page(title: str, body: str, *, back: str = "", shape: str = "single", status: int = 200) -> web.Response:
    link = f'<a class="button quiet" href="{escape(back)}">Back</a>' if back else ""
    words = {"title": escape(title), "body": body, "back": link, "shape": shape}
    text = Template(FILE.read_text(encoding="utf-8")).substitute(words)
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return web.Response(text=text, content_type="text/html", headers=headers, status=status)


def dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}${abs(cents) / 100:,.2f}"


def day(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%B %-d, %Y") if seconds else "–"


def tag(status: str) -> str:
    tone = TONES.get(status, "bad" if status in BAD else "")
    return f'<span class="tag {tone}">{escape(status.replace("_", " "))}</span>'


def lines(rows: list[tuple[str, str, str]]) -> str:
    """[(words, amount, class)]."""
    each = [
        f'<li class="{kind}"><span>{escape(words)}</span><span>{amount}</span></li>' for words, amount, kind in rows
    ]
    return f'<ul class="lines">{"".join(each)}</ul>'


def problem(words: str) -> str:
    return f'<p class="wrong" role="alert">{escape(words)}</p>' if words else ""


def button(words: str, *, name: str = "do", value: str = "", quiet: bool = False, wide: bool = False) -> str:
    look = f"button{' quiet' if quiet else ''}{' wide' if wide else ''}"
    return f'<button class="{look}" name="{name}" value="{value}">{escape(words)}</button>'


def deed(words: str, value: str, *, quiet: bool = True) -> str:
    """A button that is a form of its own."""
    return f'<form class="bare" method="post">{button(words, value=value, quiet=quiet)}</form>'


def card_fields(given: Doc, *, address: bool) -> str:
    """Number, expiry and code; name and address where tax needs them."""
    number = _field(
        "number", "Card number", given, 'inputmode="numeric" autocomplete="cc-number" placeholder="4242 4242 4242 4242"'
    )
    expiry = _field("exp", "Expires", given, 'autocomplete="cc-exp" placeholder="12 / 34"')
    code = _field("cvc", "Security code", given, 'inputmode="numeric" autocomplete="cc-csc" placeholder="123"')
    fields = f'{number}<div class="two">{expiry}{code}</div>'
    if not address:
        return fields
    chosen = given.get("state", "")
    options = "".join(f"<option{' selected' if one == chosen else ''}>{one}</option>" for one in STATES)
    name = _field("name", "Name on the card", given, 'autocomplete="cc-name"')
    state = f'<label>State <select name="state">{options}</select></label>'
    return f'{fields}{name}<div class="two">{_field("zip", "ZIP", given, "")}{state}</div>'


def _field(name: str, label: str, given: Doc, more: str) -> str:
    return f'<label>{label} <input name="{name}" value="{escape(str(given.get(name, "")))}" {more}></label>'


def bank(words: str, amount: str) -> str:
    """The page on which a bank asks the owner of the card."""
    return (
        f'<div class="panel bank"><h1>Your bank asks</h1><p>{escape(words)}</p><p class="sum">{amount}</p>'
        f'<form method="post">{button("Yes, this is me", value="approve", wide=True)}'
        f"{button('No, I did not ask for this', value='refuse', quiet=True, wide=True)}</form></div>"
    )


def rows(items: list[str], otherwise: str) -> str:
    return f'<ul class="rows">{"".join(items)}</ul>' if items else f'<p class="hint">{escape(otherwise)}</p>'


def price_words(price: Doc, product: Any) -> str:
    return str(product["name"]) if product else str(price["product"])
