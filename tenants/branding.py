"""How an agency's product looks to its clients: name, support address, logo, and colours that can always be read."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, scope
from groundwork.database import ScopedSession, open_session
from tenants.models import Agency, Member, Tenant

OURS = "Hallway"
LARGEST_LOGO = 300_000  # bytes
LOGO_KINDS = ("image/png", "image/jpeg", "image/webp")
READABLE = 4.6  # a little above WCAG 2.2's 4.5:1 for text (success criterion 1.4.3)
DARK_GROUND = "#18181c"


@dataclass(frozen=True)
class Look:
    """What a page or mail of one client shows in place of ours."""

    agency_id: UUID
    product: str
    support: str | None
    color: str | None
    has_logo: bool


def of_agency(agency: Agency) -> Look | None:
    """None where the agency changed nothing."""
    changed = (agency.product_name, agency.support_email, agency.brand_color, agency.logo_type)
    if not any(changed):
        return None
    product = agency.product_name or OURS
    return Look(agency.id, product, agency.support_email, agency.brand_color, agency.logo_type is not None)


def for_mailbox(system: ScopedSession, email: str) -> Look | None:
    """The look of whoever has this log-in, when all businesses they belong to are clients of one agency."""
    theirs = select(Tenant.agency_id).join(Member, Member.tenant_id == Tenant.id).distinct()
    found = system.scalars(theirs.where(Member.email == email, Member.removed_at.is_(None))).all()
    if len(found) != 1 or found[0] is None:
        return None
    return of_agency(system.get_one(Agency, found[0]))


def product_of(agency_id: UUID | None) -> str:
    """How the clients of an agency know the product; a change shows within a minute, for many mails ask."""
    return _product(agency_id, int(clock.real().timestamp()) // 60) if agency_id else OURS


@lru_cache(maxsize=1024)
def _product(agency_id: UUID, _minute: int) -> str:
    with open_session(scope.SYSTEM) as system:
        return system.get_one(Agency, agency_id).product_name or OURS


def style(color: str) -> str:
    """A style sheet that puts the agency's colour in place of ours, light and dark, darker or lighter where needed."""
    ground = _until_readable(color, "#ffffff", darker=True)
    soft, on_soft = _mix(color, "#ffffff", 0.14), _mix(color, DARK_GROUND, 0.24)
    words = _until_readable(color, "#ffffff", soft, darker=True)
    on_dark = _until_readable(color, DARK_GROUND, on_soft, darker=False)
    light = {"--primary": ground, "--brand": words, "--ring": ground, "--brand-soft": _mix(color, "#ffffff", 0.08)}
    dark = {"--primary": ground, "--brand": on_dark, "--ring": on_dark, "--brand-soft": _mix(color, DARK_GROUND, 0.2)}
    light |= {"--sidebar-accent": soft, "--sidebar-accent-foreground": words}
    dark |= {"--sidebar-accent": on_soft, "--sidebar-accent-foreground": on_dark}
    return f":root{{{_declared(light)}}}\n.dark{{{_declared(dark)}}}\n"


def _declared(values: dict[str, str]) -> str:
    return "".join(f"{name}:{value};" for name, value in values.items())


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _until_readable(color: str, *grounds: str, darker: bool) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(color))
    for step in range(101):
        aim = lightness * (1 - step / 100) if darker else lightness + (1 - lightness) * step / 100
        seen = _hex(colorsys.hls_to_rgb(hue, aim, saturation))
        if all(contrast(seen, ground) >= READABLE for ground in grounds):
            return seen
    return "#000000" if darker else "#ffffff"


def _luminance(color: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(color: str, ground: str, share: float) -> str:
    pairs = zip(_parts(color), _parts(ground), strict=True)
    red, green, blue = (one * share + other * (1 - share) for one, other in pairs)
    return _hex((red, green, blue))


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
