"""Links by which the carrier fetches the pictures of a text: signed, for a while, without a log-in."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

from groundwork import config

# The carrier keeps a text for ten hours at most (ValidityPeriod), and may fetch its pictures as late as that.
GOOD_SECONDS = 12 * 3600


class Linked(NamedTuple):
    """Whose file it is, and which."""

    tenant_id: UUID
    attachment_id: UUID


def link(tenant_id: UUID, attachment_id: UUID) -> str:
    """An address that anybody who has it can fetch the file from, for GOOD_SECONDS."""
    return f"{config.settings().hooks_url}/hooks/media/{_seals().dumps([str(tenant_id), str(attachment_id)])}"


def read(token: str) -> Linked | None:
    """What a link names; None for one that is not ours or is over."""
    try:
        tenant_id, attachment_id = _seals().loads(token, max_age=GOOD_SECONDS)
        return Linked(UUID(tenant_id), UUID(attachment_id))
    except (BadData, ValueError, TypeError):
        return None


def _seals() -> URLSafeTimedSerializer:
    known = config.settings()
    return URLSafeTimedSerializer([*known.secret_key_fallbacks, known.secret_key], salt="media")
