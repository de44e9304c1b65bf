"""What templates may call: built assets, times in the business's zone, tints, phone numbers, attributes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, g, url_for
from markupsafe import Markup

from groundwork import clock, phones

BUILT = Path(__file__).parent / "static" / "built"
TINTS = 10
# The first mark that is found counts: Edge also says Chrome, Chrome also says Safari.
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def set_up_filters(app: Flask) -> None:
    app.jinja_env.filters.update(
        absolute=absolute,
        ago=ago,
        attrs=attrs,
        clock_time=clock_time,
        device=device,
        initials=initials,
        local=local,
        on_day=on_day,
        phone=phones.pretty,
        plain=plain,
        tint=tint,
    )
    app.jinja_env.globals.update(asset=asset)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def asset(name: str) -> str:
    """The address of a built file: asset("app.css"). Its name holds its hash, so it is kept forever."""
    manifest = BUILT / "manifest.json"
    if not manifest.exists():
        raise RuntimeError("The pages' assets are not built. Run `make setup`.")
    return url_for("static", filename=f"built/{_manifest(manifest.stat().st_mtime_ns)[name]}")


@lru_cache(maxsize=2)
def _manifest(_changed_at: int) -> dict[str, str]:
    names: dict[str, str] = json.loads((BUILT / "manifest.json").read_text())
    return names


def zone() -> tzinfo:
    """The zone times are shown in: the business's, UTC on the base domain."""
    tenant = g.get("tenant")
    return ZoneInfo(tenant.timezone) if tenant else UTC


def local(at: datetime) -> datetime:
    return at.astimezone(zone())


def clock_time(at: datetime) -> str:
    """ "3:30 PM" in the business's zone."""
    return local(at).strftime("%-I:%M %p")


def absolute(at: datetime) -> str:
    """ "Tue, Nov 24, 2026, 3:30 PM CST", for the hint over a relative time."""
    return local(at).strftime("%a, %b %-d, %Y, %-I:%M %p %Z")


def on_day(at: datetime) -> str:
    """The day alone, where the hour says nothing: "Tue, Dec 1, 2026"."""
    return f"{local(at):%a, %b %-d, %Y}"


def ago(at: datetime, now: datetime | None = None) -> str:
    """ "now", "4 min", "3:30 PM" today, "Yesterday", "Mon", "Nov 3", "Nov 3, 2025"; "in 4 min" for what is to come."""
    now = now or clock.now()
    seconds = (now - at).total_seconds()
    if -3600 < seconds < 3600:
        minutes = round(abs(seconds) / 60)
        return "now" if minutes == 0 else f"in {minutes} min" if seconds < 0 else f"{minutes} min"
    return _day(local(at), local(now))


def _day(at: datetime, now: datetime) -> str:
    days = (now.date() - at.date()).days
    if days == 0:
        return at.strftime("%-I:%M %p")
    if days in (1, -1):
        return "Yesterday" if days == 1 else f"Tomorrow {at.strftime('%-I:%M %p')}"
    if 1 < days < 7:
        return at.strftime("%a")
    return at.strftime("%b %-d" if at.year == now.year else "%b %-d, %Y")


def initials(name: str | None) -> str:
    """ "Dana Kowalski" -> "DK"; a phone number or nothing -> ""."""
    words = [word for word in (name or "").replace("&", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def tint(key: object) -> str:
    """A stable class for somebody's colour: "tint-0" to "tint-9"."""
    return f"tint-{hashlib.sha256(str(key).encode()).digest()[0] % TINTS}"


def device(user_agent: str | None) -> str:
    """ "Chrome on Windows", as far as a user agent tells."""
    text = user_agent or ""
    browser = next((name for mark, name in BROWSERS if mark in text), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in text), "")
    return f"{browser} on {system}" if system else browser


def plain(value: object) -> str:
    """A stored value in words: what stands in the log of changes."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return "; ".join(f"{name}: {plain(inner)}" for name, inner in value.items()) or "nothing"
    if isinstance(value, list):
        return ", ".join("–".join(map(str, each)) if isinstance(each, list) else plain(each) for each in value)
    return str(value)


def attrs(values: dict[str, Any]) -> Markup:
    """{"hx_get": "/x", "disabled": True} -> ` hx-get="/x" disabled`; None and False are left out."""
    parts = [_attr(name, value) for name, value in values.items() if value is not None and value is not False]
    return Markup("").join(parts)


def _attr(name: str, value: object) -> Markup:
    written = name.rstrip("_").replace("_", "-")
    return Markup(" {}").format(written) if value is True else Markup(' {}="{}"').format(written, value)
