"""A form becomes a lead: person, conversation, entry in the thread, fields, consent, and what follows from them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from groundwork import clock, live
from groundwork.database import Json, ScopedSession, new_id
from groundwork.tables import InboundEvent
from hallway import consent, contacts, followup, leads, routing, sending
from hallway.calls import raise_alarm
from hallway.consent import classify_reply
from hallway.consent.ledger import ConsentPurpose
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message, note_event, open_for
from hallway.forms import replying
from hallway.forms.answers import OTHER, service_label
from hallway.forms.models import API, FormSubmission, WebForm
from hallway.forms.photos import show_photos
from hallway.forms.words import covers_follow_up
from tenants.models import Tenant

REQUESTED: tuple[ConsentPurpose, ...] = ("informational", "follow_up")  # what the words beside the button cover


def receive_event(session: ScopedSession, event: InboundEvent) -> None:
    """Handler of `form_in`."""
    mine = FormSubmission.id == UUID(event.params["submission_id"])
    submission = session.scalar(select(FormSubmission).where(mine).with_for_update())
    if submission and submission.state == "new":
        receive(session, session.get_one(WebForm, (session.tenant_id, submission.form_id)), submission)


def receive(session: ScopedSession, form: WebForm, submission: FormSubmission) -> Conversation:
    """Make a lead of a kept submission. Its effects commit together with its end, or not at all."""
    tenant = session.get_one(Tenant, session.tenant_id)
    contact = contacts.reach_by(session, submission.phone, submission.email)
    _introduce(form, contact, submission)
    conversation = open_for(session, contact, _source(form))
    message = _write_down(session, conversation, submission, tenant.trade)
    show_photos(session, submission.id, message.id)
    submission.conversation_id, submission.message_id, submission.state = conversation.id, message.id, "done"
    whence = submission.answers.get("source") or form.name
    note_event(session, conversation, f"{whence}: {message.body}", "in", at=submission.at)
    _keep_consent(session, form, submission)
    lead = leads.begin(session, conversation, _source(form))
    _listen(session, conversation, lead, submission, message, tenant)
    if submission.phone and classify_reply(submission.answers.get("message", "")).label == "opt_out":
        sending.stop_texting(session, submission.phone, "opt_out", "all", message.body, "form", message.id)
    session.flush()
    replying.have_answered(session, submission)
    routing.route(session, conversation, lead)
    _follow_up(session, form, submission, conversation, tenant)
    live.tell(session, "conversation", conversation.id)
    return conversation


def _follow_up(
    session: ScopedSession, form: WebForm, submission: FormSubmission, conversation: Conversation, tenant: Tenant
) -> None:
    """Whoever sends a form has answered what ran before; then the form's own follow-up begins."""
    followup.stop(session, conversation.id, "reply", "They sent a form.")
    service = service_label(tenant.trade, submission.answers.get("service", ""))
    facts: Json = {"form": form.name, "kind": form.kind, "service": service, "page": submission.page_url}
    facts["source"] = submission.answers.get("source")
    followup.moment(session, "form", conversation, submission.id, facts=facts, at=submission.at)


def _introduce(form: WebForm, contact: Contact, submission: FormSubmission) -> None:
    """What they say of themselves fills an empty card; what is known already stays."""
    answers = submission.answers
    contact.name = contact.name or answers.get("name")
    contact.address = contact.address or answers.get("address")
    if contact.name == answers.get("name") and form.language != "en":
        contact.language = form.language


def _write_down(session: ScopedSession, conversation: Conversation, submission: FormSubmission, trade: str) -> Message:
    """Its entry in the thread, found by search like any text."""
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        at=submission.at,
        direction="in",
        channel="form",
        kind="form",
        purpose="reply",
        state="received",
        from_address=submission.phone or submission.email,
        to_address="",
        body=_in_words(submission, trade),
    )
    session.add(message)
    session.flush()
    return message


def _in_words(submission: FormSubmission, trade: str) -> str:
    """What they wrote; without a message, what they chose."""
    answers = submission.answers
    service = answers.get("service", "")
    chosen = [service_label(trade, service) or "", answers.get("preferred_time", ""), answers.get("address", "")]
    return answers.get("message") or ", ".join(filter(None, chosen)) or "Sent without a message"


def _keep_consent(session: ScopedSession, form: WebForm, submission: FormSubmission) -> None:
    """The exact words shown, for each address given; marketing only for a box that was ticked."""
    source = evidence(form, submission)
    method, at = "api" if submission.via == "api" else "web_form", submission.at
    words = submission.request_wording or None
    tenant = session.get_one(Tenant, session.tenant_id)
    for purpose in REQUESTED if words and covers_follow_up(words, tenant.name) else REQUESTED[:1]:
        for channel, address in (("sms", submission.phone), ("email", submission.email)):
            if address:
                how = (method, words, source)
                consent.record(session, address, "granted", purpose, *how, channel=channel, occurred_at=at)
    if submission.agreed and submission.phone and submission.marketing_wording:
        ticked = source | {"box": "ticked by the person; it was not ticked before"}
        words = submission.marketing_wording
        consent.record(session, submission.phone, "granted", "marketing", method, words, ticked, occurred_at=at)


def evidence(form: WebForm, submission: FormSubmission) -> Json:
    """Where an agreement came from, for the ledger."""
    source: Json = {"submission_id": str(submission.id), "form": form.name, "form_id": str(form.id)}
    source |= {"page": submission.page_url, "ip": submission.ip, "user_agent": submission.user_agent}
    return source | {"language": form.language, "via": submission.via}


def _source(form: WebForm) -> str:
    return "api" if form.key == API else "form"


def _listen(
    session: ScopedSession,
    conversation: Conversation,
    lead: leads.Lead,
    submission: FormSubmission,
    message: Message,
    tenant: Tenant,
) -> None:
    """Read their words into the lead; what they put into a field of its own outranks what was read."""
    answers = submission.answers
    if answers.get("message"):
        leads.listen(
            session, conversation, answers["message"], source_kind="message", source_id=message.id, at=submission.at
        )
    if answers.get("address"):
        leads.listen(
            session, conversation, answers["address"], source_kind="message", source_id=message.id, at=submission.at
        )
    for name, value, label in _stated(answers, tenant):
        leads.state(session, lead, name, value, label, answers[name], message.id)
    words = leads.emergency_words(session, conversation)
    if words and words in answers.get("message", ""):
        raise_alarm(session, conversation, "emergency_words", f"They wrote “{words}”")


def _stated(answers: Json, tenant: Tenant) -> list[tuple[str, str, str]]:
    """(field, value, label) of each field they filled in themselves."""
    found = [(name, answers[name], answers[name]) for name in ("name", "address") if answers.get(name)]
    service = answers.get("service")
    if service and service != OTHER:
        found.append(("service", service, service_label(tenant.trade, service) or service))
    wanted = answers.get("preferred_time")
    if wanted:
        time = leads.find_time(wanted, now=clock.now(), zone=tenant.timezone)
        found.append(("preferred_time", time.value if time else wanted, time.label if time else wanted))
    return found
