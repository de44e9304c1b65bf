"""Take a form: kept in a row of its own before anything is done with it, once however often it is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import select, text

from groundwork import clock, intake, live, metrics
from groundwork.database import Json, ScopedSession, new_id
from hallway.conversations import add_task
from hallway.forms.answers import Answers
from hallway.forms.models import FormSubmission, WebForm
from hallway.forms.photos import keep_photos
from hallway.forms.spam import Signs, suspicion
from hallway.forms.stamps import Shown, read_stamp
from tenants import hours
from tenants.models import Tenant

Via = Literal["hosted", "embed", "api"]
SAME_WITHIN = timedelta(minutes=10)  # the very same request again within this time is a second click
LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
LONGEST_URL, LONGEST_AGENT = 1000, 400


class OtherRequestError(ValueError):
    """An idempotency key was used before, for something else."""


@dataclass(frozen=True)
class Came:
    """How a submission came. `trusted` is a server that showed its secret; `token` is the form's stamp.

    `ticked` is the box of marketing texts, `shown` the words beside it and beside the button.
    """

    via: Via
    shown: Shown
    ticked: bool = False
    token: str = ""
    bait: str = ""
    page_url: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    trusted: bool = False
    idempotency_key: str | None = None


class Taken(NamedTuple):
    """The submission as kept, and whether it is a new one."""

    submission: FormSubmission
    new: bool


def take(session: ScopedSession, form: WebForm, answers: Answers, came: Came) -> Taken:
    """Keep what was sent, and have a worker make a lead of it unless it looks like spam.

    Raises OtherRequestError when an idempotency key comes again with another request.
    """
    now, fingerprint = clock.now(), _fingerprint(form, answers, came)
    session.execute(LOCK, {"what": f"form {form.id}"})
    stamp = read_stamp(came.token, form.key, came.shown)
    showing = stamp.nonce if stamp else new_id()
    key = f"key:{came.idempotency_key}" if came.idempotency_key else f"{showing}:{fingerprint}"
    earlier = _earlier(session, form, key, fingerprint, now)
    if earlier:
        if earlier.fingerprint != fingerprint:
            raise OtherRequestError("This idempotency key was used before, with other content.")
        return Taken(earlier, new=False)
    doubts = [] if came.trusted else suspicion(session, answers, Signs(stamp, came.bait, came.ip), now)
    submission = _row(form, answers, came, now, key, fingerprint)
    # Consent stands only for words that we know were shown.
    submission.agreed = came.ticked and bool(came.shown.marketing) and (came.trusted or stamp is not None)
    submission.suspicion, submission.state = list(doubts), "quarantined" if doubts else "new"
    session.add(submission)
    session.flush()
    keep_photos(session, submission.id, answers.photos)
    metrics.forms.labels(came.via, submission.state).inc()
    if doubts:
        _set_aside(session, submission, now)
    else:
        hand_on(session, submission)
    return Taken(submission, new=True)


def hand_on(session: ScopedSession, submission: FormSubmission) -> None:
    """Wake a worker, which makes a lead of it; kept until that is done, however often it fails."""
    intake.store(session, "form", "form_in", str(submission.id), {"submission_id": str(submission.id)})


def _fingerprint(form: WebForm, answers: Answers, came: Came) -> str:
    typed = [f"{name}={' '.join(value.split()).casefold()}" for name, value in sorted(answers.typed.items())]
    about = [str(form.id), answers.phone or "", answers.email or "", str(came.ticked), *typed]
    pictures = [hashlib.sha256(photo.data).hexdigest() for photo in answers.photos]
    return hashlib.sha256("\0".join([*about, *pictures]).encode("utf-8", "replace")).hexdigest()


def _earlier(session: ScopedSession, form: WebForm, key: str, fingerprint: str, now: datetime) -> FormSubmission | None:
    same_key = (FormSubmission.form_id == form.id, FormSubmission.dedupe_key == key)
    found = session.scalar(select(FormSubmission).where(*same_key))
    if found:
        return found
    same = (FormSubmission.fingerprint == fingerprint, FormSubmission.at > now - SAME_WITHIN)
    return session.scalar(select(FormSubmission).where(*same).order_by(FormSubmission.at.desc()).limit(1))


def _row(form: WebForm, answers: Answers, came: Came, at: datetime, key: str, fingerprint: str) -> FormSubmission:
    row: Json = {"form_id": form.id, "at": at, "via": came.via, "dedupe_key": key, "fingerprint": fingerprint}
    row |= {"answers": {name: value for name, value in answers.typed.items() if value}}
    row |= {"phone": answers.phone, "email": answers.email, "ip": came.ip}
    row |= {"request_wording": came.shown.request, "marketing_wording": came.shown.marketing or None}
    row |= {"page_url": _within(came.page_url, LONGEST_URL), "user_agent": _within(came.user_agent, LONGEST_AGENT)}
    return FormSubmission(id=new_id(), **row)


def _within(words: str | None, most: int) -> str | None:
    cleaned = (words or "").replace("\0", "").encode("utf-8", "replace").decode()
    return cleaned[:most] or None


def _set_aside(session: ScopedSession, submission: FormSubmission, now: datetime) -> None:
    """Once a day somebody is asked to look: among the spam may be a customer."""
    tenant = session.get_one(Tenant, session.tenant_id)
    day = now.astimezone(hours.zone(tenant)).date()
    add_task(
        session,
        "review_forms",
        day,
        title="Look through requests that were set aside",
        reason=f"A web form looked like spam: {submission.suspicion[0]} Release it if a person sent it.",
        rule="form.suspected",
        occasion=now,
    )
    live.tell(session, "forms")
