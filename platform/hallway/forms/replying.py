"""The first reply to a form, at once, by text and by e-mail as given; and a task where neither can go."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, phones, timers
from groundwork.database import Json, ScopedSession
from groundwork.tables import Timer
from hallway import calls, conversations, playbooks, sending
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message
from hallway.forms.models import FormSubmission, WebForm
from hallway.forms.words import words_of
from tenants import hours
from tenants.models import Tenant

SHELF_LIFE = timedelta(hours=12)  # a reply held over the night still says that the request arrived
LATEST = timedelta(hours=24)
NOT_GOING = ("held", "refused")
AGAIN_AFTER = timedelta(hours=1)  # somebody who sends a second form meanwhile knows that we heard


def have_answered(session: ScopedSession, submission: FormSubmission) -> None:
    """Answer as soon as this is committed; the kind of line is asked for first, with no transaction open."""
    now = clock.now()
    payload = {"address": submission.phone} if submission.phone else {}
    timers.put(session, "form_reply", submission.id, now, payload=payload, expires_at=now + LATEST)


def reply_when_known(session: ScopedSession, timer: Timer) -> None:
    """Handler of `form_reply`."""
    if timer.payload.get("address"):
        calls.look_up_caller(session, timer)
    mine = FormSubmission.id == UUID(timer.key)
    submission = session.scalar(select(FormSubmission).where(mine).with_for_update())
    if submission and submission.conversation_id and submission.replied_at is None:
        _reply(session, submission)


def _reply(session: ScopedSession, submission: FormSubmission) -> None:
    conversation = session.get_one(Conversation, (session.tenant_id, submission.conversation_id))
    submission.replied_at = clock.now()
    if _answered_lately(session, submission):
        return
    form = session.get_one(WebForm, (session.tenant_id, submission.form_id))
    contact = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
    mail = _mail(session, form, submission, conversation, contact) if submission.email else None
    mailed = mail is not None and mail.state in ("queued", "claimed")
    text = _text(session, form, submission, conversation, contact) if submission.phone else None
    first = text or mail
    if first and first.state in NOT_GOING and not (mailed and first.state == "held"):
        _leave_to_a_person(session, submission, conversation, first)


def _answered_lately(session: ScopedSession, submission: FormSubmission) -> bool:
    """Whether an earlier form of theirs was answered within the hour."""
    theirs = (FormSubmission.conversation_id == submission.conversation_id, FormSubmission.id != submission.id)
    lately = FormSubmission.replied_at > clock.now() - AGAIN_AFTER
    return session.scalar(select(FormSubmission.id).where(*theirs, lately).limit(1)) is not None


def _text(
    session: ScopedSession, form: WebForm, submission: FormSubmission, conversation: Conversation, contact: Contact
) -> Message:
    return sending.queue(
        session,
        conversation,
        _words(session, form, submission, contact, "form_reply"),
        kind="form_reply",
        purpose="reply",
        lane="now",
        to=submission.phone,
        shelf_life=SHELF_LIFE,
    )


def _mail(
    session: ScopedSession, form: WebForm, submission: FormSubmission, conversation: Conversation, contact: Contact
) -> Message:
    words, typed = words_of(form), submission.answers.get("message", "")
    body = _words(session, form, submission, contact, "form_mail")
    return sending.queue(
        session,
        conversation,
        f"{body}\n\n{words['you_wrote']}\n{typed}" if typed else body,
        kind="form_reply",
        purpose="reply",
        lane="now",
        channel="email",
        subject=words["subject"],
        to=submission.email,
        shelf_life=SHELF_LIFE,
    )


def _words(session: ScopedSession, form: WebForm, submission: FormSubmission, contact: Contact, key: str) -> str:
    tenant = session.get_one(Tenant, session.tenant_id)
    name = submission.answers.get("name") or contact.name or ""
    about: Json = {"contact": {"first_name": name.split()[0] if name.split() else None}}
    closed = hours.situation(tenant, clock.now()) in ("after_hours", "holiday")
    about["form"] = {"estimate": form.kind == "estimate", "closed": closed}
    return playbooks.say(session, tenant, key, language=form.language, **about)


def _leave_to_a_person(
    session: ScopedSession, submission: FormSubmission, conversation: Conversation, message: Message
) -> None:
    """The answer does not go out now: somebody has to call or write, and reads here why."""
    who = submission.answers.get("name") or (phones.pretty(submission.phone) if submission.phone else submission.email)
    conversations.add_task(
        session,
        "call_back",
        f"form:{submission.id}",
        title=f"Call {who} about their request" if submission.phone else f"Answer {who} about their request",
        reason=message.error or "The answer could not be sent.",
        rule=message.held_rule or message.state,
        phone=submission.phone,
        conversation_id=conversation.id,
        occasion=submission.at,
    )
