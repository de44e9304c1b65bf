"""Submissions that looked like spam: shown to people, released as leads or thrown away by them, never lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, update

from groundwork import live
from groundwork.database import ScopedSession
from hallway.conversations import Attachment, Task, finish_task
from hallway.forms.models import FormSubmission, WebForm
from hallway.forms.taking import hand_on

PAGE = 50
MOST_COUNTED = 100


@dataclass(frozen=True)
class Aside:
    """One submission that was set aside, the form's name and how many pictures came with it."""

    submission: FormSubmission
    form: WebForm
    photos: int


def set_aside(session: ScopedSession, after: UUID | None = None) -> tuple[Sequence[Aside], UUID | None]:
    """The newest first, and the id from which the list goes on."""
    photos = (
        select(func.count())
        .select_from(Attachment)
        .where(Attachment.source_url.like(func.concat("form:", FormSubmission.id, "/%")))
        .scalar_subquery()
    )
    query = (
        select(FormSubmission, WebForm, photos)
        .join(WebForm, WebForm.id == FormSubmission.form_id)
        .where(FormSubmission.state == "quarantined")
        .order_by(FormSubmission.id.desc())
        .limit(PAGE + 1)
    )
    if after:
        query = query.where(FormSubmission.id < after)
    rows = [Aside(*row) for row in session.execute(query)]
    return rows[:PAGE], rows[PAGE - 1].submission.id if len(rows) > PAGE else None


def count_aside(session: ScopedSession) -> int:
    """How many wait to be looked at, counted up to 100."""
    some = select(FormSubmission.id).where(FormSubmission.state == "quarantined").limit(MOST_COUNTED)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def release(session: ScopedSession, submission_id: UUID, by: str) -> bool:
    """A person sent it after all: it becomes a lead now. False when somebody has judged it already."""
    submission = _judge(session, submission_id, "new", by)
    if submission:
        hand_on(session, submission)
    return submission is not None


def discard(session: ScopedSession, submission_id: UUID, by: str) -> bool:
    """It is spam. The row stays, out of sight. False when somebody has judged it already."""
    return _judge(session, submission_id, "discarded", by) is not None


def _judge(session: ScopedSession, submission_id: UUID, state: str, by: str) -> FormSubmission | None:
    waiting = (FormSubmission.tenant_id == session.tenant_id, FormSubmission.state == "quarantined")
    judged = session.scalar(
        update(FormSubmission)
        .where(*waiting, FormSubmission.id == submission_id)
        .values(state=state, judged_by=by)
        .returning(FormSubmission)
    )
    if judged and not count_aside(session):
        for task in session.scalars(select(Task).where(Task.kind == "review_forms", Task.done_at.is_(None))):
            finish_task(session, task, by)
    live.tell(session, "forms")
    return judged
