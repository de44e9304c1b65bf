"""Pictures that come with a form: told by their first bytes, kept as attachments until their entry is written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update

from groundwork.database import ScopedSession, new_id
from hallway.conversations import Attachment
from hallway.conversations.files import kind_of
from hallway.forms.answers import Answers, Photo
from hallway.forms.words import error_words

MOST, LARGEST = 5, 8 * 1024 * 1024


def add_photos(answers: Answers, language: str, files: Sequence[tuple[str, bytes]]) -> None:
    """Take `files` (name, bytes) into the answers; the file's own word for its kind is not believed."""
    if len(files) > MOST:
        answers.errors["photos"] = error_words(language, "photo_count")
        return
    for name, data in files:
        kind, told = kind_of(data), name[:60] or "?"
        if kind is None or not kind.startswith("image/"):
            answers.errors["photos"] = error_words(language, "photo_kind", typed=told)
        elif len(data) > LARGEST:
            answers.errors["photos"] = error_words(language, "photo_size", typed=told)
        else:
            answers.photos.append(Photo(told, data, kind))


def keep_photos(session: ScopedSession, submission_id: UUID, photos: Sequence[Photo]) -> None:
    for place, photo in enumerate(photos):
        row = Attachment(id=new_id(), source_url=_source(submission_id, str(place)), content_type=photo.content_type)
        row.size, row.state, row.data = len(photo.data), "stored", photo.data
        session.add(row)


def show_photos(session: ScopedSession, submission_id: UUID, message_id: UUID) -> None:
    """Hang the pictures of a submission on its entry in the thread."""
    mine = (Attachment.tenant_id == session.tenant_id, Attachment.source_url.like(_source(submission_id, "%")))
    session.execute(update(Attachment).where(*mine).values(message_id=message_id))


def count_photos(session: ScopedSession, submission_id: UUID) -> int:
    mine = Attachment.source_url.like(_source(submission_id, "%"))
    return session.scalar(select(func.count()).select_from(Attachment).where(mine)) or 0


def _source(submission_id: UUID, place: str) -> str:
    return f"form:{submission_id}/{place}"
