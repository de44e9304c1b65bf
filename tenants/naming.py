"""Names of businesses in addresses: made from their own; ours, and look-alikes of others, are refused."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from groundwork.database import ScopedSession
from tenants.models import Tenant

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
SHORTEST, LONGEST = 3, 40
# Names that a visitor would take for ours, or that mail and browsers treat as special (RFC 2142, RFC 6761).
RESERVED_WORDS = """
    abuse account accounts admin administrator agency api app apps assets auth autoconfig autodiscover bank beta
    billing blog book calendar cdn chat cname console contact dashboard demo dev docs email enter example files forms
    ftp hallway health help home hook hooks host hostmaster imap in inbox info internal invite join legal live local
    localhost log login logout mail manage marketing media members metrics mobile mx my news noc noreply ns ns1 ns2
    oauth office official owner pages pay payment payments phone pop postmaster privacy prod production pub public
    register root sales sandbox secure security settings setup shop signin signup sip site smtp ssl sso staff staging
    start static status store stripe super support sysadmin system team tenant terms test text texts twilio update
    user users verify voice vpn web webhook webhooks webmail welcome whois wiki www www1 www2"""
RESERVED = frozenset(RESERVED_WORDS.split())
OUR_NAME = "hallway"
# What the eye takes for one another in an address, after lower case: Latin look-alikes of the letters left.
TWINS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
LOOK_ALIKES = str.maketrans("0135i", "olesl")
# Letters of other alphabets that look Latin (Unicode TR 39); anything else beyond ASCII is refused outright.
FOREIGN = str.maketrans("аеорсухіјѕԁɡһӏοαρν", "aeopcyxijsdghloapv")


class AddressNameError(ValueError):
    """A name that cannot stand in an address; the message says why."""


def checked(session: ScopedSession, wanted: str, *, mine: UUID | None = None) -> str:
    """The name as it will stand in addresses. Raises AddressNameError in words for the form. Takes a SYSTEM session.

    `mine` is the business that is renamed: its own name is no look-alike.
    """
    slug = plain(wanted)
    if not SLUG.fullmatch(slug) or not SHORTEST <= len(slug) <= LONGEST:
        raise AddressNameError(f"Use {SHORTEST} to {LONGEST} small letters, digits and hyphens, such as bluff-creek.")
    if is_ours(slug):
        raise AddressNameError("This name is kept for Hallway itself. Add your town or trade to it.")
    if _taken(session, slug, mine):
        raise AddressNameError(
            "Another business has this name, or one that looks just like it. Add your town or trade."
        )
    return slug


def plain(wanted: str) -> str:
    """Lower case in compatible form (NFKC): full-width and styled letters become what they look like."""
    return unicodedata.normalize("NFKC", wanted).strip().lower()


def is_ours(slug: str) -> bool:
    """Reserved, looks reserved, or carries our own name."""
    seen = skeleton(slug)
    return seen in RESERVED_LOOKS or skeleton(OUR_NAME) in seen


def skeleton(slug: str) -> str:
    """What the eye makes of a name: "rnary-0ne" and "maryone" are the same."""
    seen = plain(slug).translate(FOREIGN).replace("-", "")
    for twin, one in TWINS:
        seen = seen.replace(twin, one)
    return seen.translate(LOOK_ALIKES)


RESERVED_LOOKS = frozenset(skeleton(word) for word in RESERVED)


def proposed(session: ScopedSession, name: str, *more: str) -> str:
    """A free name for a new business: its own, then with `more` (trade, state), then numbered. SYSTEM session."""
    for candidate in _candidates(name, *more):
        try:
            return checked(session, candidate)
        except AddressNameError:
            continue
    raise AddressNameError("No name for this business's address was found.")


def _candidates(name: str, *more: str) -> Iterator[str]:
    base = slugged(name) or "business"
    base = f"{base}-team" if len(base) < SHORTEST else base
    yield base
    yield from (f"{base[: LONGEST - len(word) - 1]}-{word}" for word in map(slugged, more) if word)
    yield from (f"{base[: LONGEST - 3]}-{number}" for number in range(2, 100) if number not in (10, 11))


def slugged(text: str) -> str:
    """ "Bob's Plumbing & Heating" -> "bobs-plumbing-heating"."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-")[:LONGEST].strip("-")


def _taken(session: ScopedSession, slug: str, mine: UUID | None) -> bool:
    query = select(Tenant.id).where(_skeleton_in_sql() == skeleton(slug))
    return session.scalar(query.where(Tenant.id != mine) if mine else query) is not None


def _skeleton_in_sql() -> ColumnElement[str]:
    """`skeleton` of a stored slug, which is plain ASCII."""
    seen: ColumnElement[str] = func.replace(Tenant.slug, "-", "")
    for twin, one in TWINS:
        seen = func.replace(seen, twin, one)
    letters = "".join(chr(code) for code in LOOK_ALIKES)
    return func.translate(seen, letters, "".join(chr(to) for to in LOOK_ALIKES.values()))
