"""Files that members send: told by their first bytes, kept as attachments, then tied to the message they go with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id
from hallway.conversations.models import Attachment

# What the carrier takes (https://www.twilio.com/docs/messaging/guides/accepted-mime-types): pictures of 5 MB together
# with all else, any other file of 500 KB, ten at most.
MOST = 10
TEXT_TOTAL, TEXT_OTHER = 5_000_000, 500_000
MAIL_TOTAL = 10_000_000
LARGEST = 8_000_000  # one upload
PICTURES = ("image/jpeg", "image/png", "image/gif")
PDF = "application/pdf"
ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", PDF: ".pdf"}
HEIF = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftyphevc", b"ftypheim", b"ftypmsf1")
KEPT_UNSENT = timedelta(days=1)
FORBIDDEN = re.compile(r"[^\w .()+-]+")


class FileError(ValueError):
    """A file that cannot be sent; the message says why, in plain words."""


def kind_of(data: bytes) -> str | None:
    """The MIME type by the first bytes: a picture or a PDF; None for anything else."""
    head = data[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return PDF
    return "image/heic" if head[4:12] in HEIF else None


def keep(session: ScopedSession, conversation_id: UUID, name: str, data: bytes) -> Attachment:
    """Keep a file that is to go with the next message there. Raises FileError for what can never be sent."""
    kind, told = kind_of(data), plain_name(name)
    if kind == "image/heic":
        raise FileError(f"{told} is a HEIC picture, which phones of others cannot show. Send it as JPEG.")
    if kind not in ENDINGS:
        raise FileError(f"{told} is not a picture (JPEG, PNG, GIF) or a PDF. Only those can be sent.")
    if len(data) > LARGEST:
        raise FileError(f"{told} has {in_words(len(data))}; a file may have {in_words(LARGEST)}.")
    _forget_old(session)
    id_ = new_id()
    row = Attachment(id=id_, source_url=f"{_unsent(conversation_id)}{id_}", content_type=kind, state="stored")
    row.name, row.size, row.data = told, len(data), data
    session.add(row)
    session.flush()
    return row


def plain_name(name: str) -> str:
    """A file's name without its folder and without what a header or a file system would stumble over."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return FORBIDDEN.sub(" ", last).strip(" .")[:80] or "File"


def in_words(size: int) -> str:
    """ "4.2 MB", "310 KB"."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} KB"


def _forget_old(session: ScopedSession) -> None:
    old = (Attachment.message_id.is_(None), Attachment.call_id.is_(None), Attachment.source_url.like("unsent:%"))
    mine = (Attachment.tenant_id == session.tenant_id, Attachment.created_at < clock.now() - KEPT_UNSENT)
    session.execute(delete(Attachment).where(*mine, *old).execution_options(synchronize_session=False))


def _unsent(conversation_id: UUID) -> str:
    return f"unsent:{conversation_id}/"


def chosen(session: ScopedSession, conversation_id: UUID, ids: Sequence[UUID]) -> list[Attachment]:
    """The kept files with these ids, in this order. Raises FileError when one is gone or belongs elsewhere."""
    here = (Attachment.message_id.is_(None), Attachment.source_url.like(f"{_unsent(conversation_id)}%"))
    rows = session.scalars(select(Attachment).where(Attachment.id.in_(ids), *here)).all()
    found = {row.id: row for row in rows}
    wanted = list(dict.fromkeys(ids))
    if len(found) < len(wanted):
        raise FileError("One of the files is not here any more. Remove it and add it again.")
    return [found[id_] for id_ in wanted]


def check(channel: str, files: Sequence[Attachment]) -> None:
    """Raises FileError when these files together are more than a text or an e-mail carries."""
    total = sum(one.size for one in files)
    if len(files) > MOST:
        raise FileError(f"Up to {MOST} files go with one message; these are {len(files)}.")
    if channel == "email":
        if total > MAIL_TOTAL:
            raise FileError(f"An e-mail may carry {in_words(MAIL_TOTAL)}; these files have {in_words(total)}.")
        return
    large = next((one for one in files if one.content_type not in PICTURES and one.size > TEXT_OTHER), None)
    if large:
        limit = f"A text carries a PDF of up to {in_words(TEXT_OTHER)}; {large.name} has {in_words(large.size)}."
        raise FileError(f"{limit} Send it by e-mail instead.")
    if total > TEXT_TOTAL:
        raise FileError(f"A text carries {in_words(TEXT_TOTAL)} of pictures; these have {in_words(total)}.")


def as_media(files: Sequence[Attachment]) -> list[Json]:
    """What a message remembers of its files."""
    return [{"attachment": str(one.id), "content_type": one.content_type, "name": one.name} for one in files]


def tie(session: ScopedSession, message_id: UUID, attachment_ids: Sequence[UUID]) -> None:
    """They go with this message now."""
    mine = (Attachment.tenant_id == session.tenant_id, Attachment.id.in_(attachment_ids))
    session.execute(update(Attachment).where(*mine).values(message_id=message_id))


def take_back(session: ScopedSession, conversation_id: UUID, message_id: UUID) -> Sequence[Attachment]:
    """The files of a message that was taken back wait for the next one there again."""
    rows = session.scalars(select(Attachment).where(Attachment.message_id == message_id).order_by(Attachment.id)).all()
    for row in rows:
        row.message_id, row.created_at = None, clock.now()
        row.source_url = f"{_unsent(conversation_id)}{row.id}"
    session.flush()
    return rows


def preview(media: Sequence[Json]) -> str:
    """What stands in the list for a message without words."""
    pictures = sum(str(one.get("content_type", "")).startswith("image/") for one in media)
    if not media:
        return ""
    return "Photo" if pictures == len(media) == 1 else f"{pictures} photos" if pictures == len(media) else "File"
