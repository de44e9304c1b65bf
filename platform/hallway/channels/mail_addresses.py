"""Addresses and Message-IDs of ours that say, past forging, which business and which row they belong to.

A token is the business's mail key, the row's id and 100 bits of HMAC over both, in the 32 letters and digits that
survive mail programs which write everything small. It needs no table, so a reply finds home before any row is read.
"""

from __future__ import annotations

import base64
import hmac
import re
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from groundwork import config, keys

Use = Literal["reply", "bounce", "unsub", "message"]
KEY, ID, STAMP = 10, 26, 20  # letters of each part: 56 together, and a local part may have 64
STAMP_BYTES = 13
TOKEN = re.compile(rf"([0-9a-f]{{{KEY}}})([a-z2-7]{{{ID}}})([a-z2-7]{{{STAMP}}})")


@dataclass(frozen=True)
class Mark:
    """What a genuine token says: what it is for, the mail key of its business, and the id of the row it stands for."""

    use: Use
    mail_key: str
    id: UUID


def token(use: Use, mail_key: str, id_: UUID) -> str:
    """Conversation for reply, message for the others."""
    return f"{mail_key}{_letters(id_.bytes)}{_stamp(config.settings().secret_key, use, mail_key, id_)}"


def read_token(use: Use, text: str) -> Mark | None:
    """What `text` says if it is a token of ours for this use; None for anything else."""
    parts = TOKEN.fullmatch(text.lower())
    if parts is None:
        return None
    mail_key, id_, stamp = parts.groups()
    known = config.settings()
    try:
        row = UUID(bytes=base64.b32decode(id_.upper() + "======"))
    except ValueError:
        return None
    genuine = any(
        hmac.compare_digest(_stamp(secret, use, mail_key, row), stamp)
        for secret in (known.secret_key, *known.secret_key_fallbacks)
    )
    return Mark(use, mail_key, row) if genuine else None


def reply_address(mail_key: str, conversation_id: UUID) -> str:
    return f"reply+{token('reply', mail_key, conversation_id)}@{config.settings().mail_in_domain}"


def bounce_address(mail_key: str, message_id: UUID) -> str:
    return f"bounce+{token('bounce', mail_key, message_id)}@{config.settings().mail_bounce_domain}"


def unsubscribe_address(mail_key: str, message_id: UUID) -> str:
    return f"unsub+{token('unsub', mail_key, message_id)}@{config.settings().mail_in_domain}"


def header_id(mail_key: str, message_id: UUID) -> str:
    """The Message-ID of a mail of ours; the same on every try, so that whoever got it twice can tell."""
    return f"<{token('message', mail_key, message_id)}@{_domain(config.settings().mail_from)}>"


def published_address(slug: str) -> str:
    """Where anybody may write to a business."""
    return f"{slug}@{config.settings().mail_in_domain}"


def read_address(address: str) -> Mark | None:
    """What one of our own addresses stands for; None for a stranger's, a forged one, or a published address."""
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    known = config.settings()
    use, _, text = local.partition("+")
    if domain not in (known.mail_in_domain, known.mail_bounce_domain) or use not in get_args(Use):
        return None
    return read_token(_use(use), text)


def read_header_id(text: str) -> Mark | None:
    """What a Message-ID of ours stands for."""
    local, _, domain = text.strip().strip("<>").lower().rpartition("@")
    return read_token("message", local) if domain == _domain(config.settings().mail_from) else None


def slug_in(address: str) -> str | None:
    """The business whose published address this would be."""
    local, _, domain = address.strip().strip("<>").lower().rpartition("@")
    return local.partition("+")[0] or None if domain == config.settings().mail_in_domain else None


def is_ours(address: str) -> bool:
    """Whether we ourselves write from or read at this address: a mail from there is our own, come back."""
    domain = _domain(address.strip("<>").lower())
    known = config.settings()
    return domain in (known.mail_in_domain, known.mail_bounce_domain) or address.lower() == known.mail_from


def _use(text: str) -> Use:
    return next(use for use in get_args(Use) if use == text)


def _stamp(secret: str, use: Use, mail_key: str, id_: UUID) -> str:
    return _letters(keys.stamp(secret, f"mail {use}", mail_key.encode() + id_.bytes, STAMP_BYTES))[:STAMP]


def _letters(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").lower()


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
