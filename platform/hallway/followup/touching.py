"""The steps that reach a person: a text or an e-mail, put into the hands of the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from groundwork import clock
from groundwork.database import Json, ScopedSession
from hallway import playbooks, sending
from hallway.consent.follow_ups import INQUIRY
from hallway.followup import speaking
from hallway.followup.reading import Going
from hallway.followup.steps import Step
from hallway.playbooks import WordingError

SAME_MOMENT = timedelta(minutes=1)  # what they wrote as the moment began is the moment, not a conversation


@dataclass(frozen=True)
class Outcome:
    """What became of a step, with the rule that decided and why, in plain words.

    `jump` is where it leads ("" the next step, "end"); the next wait counts from `since`.
    """

    outcome: str
    rule: str
    why: str
    since: datetime
    jump: str = ""
    message_id: UUID | None = None


def touch_all(session: ScopedSession, touches: Sequence[tuple[Going, Step, datetime]]) -> list[Outcome]:
    """Queue the texts and e-mails of these steps, each due at its time, or say why there is none; in their order.

    Of one person one at a time, for what they get in a day is counted.
    """
    found = [_draft(*touch) for touch in touches]
    drafts = [one for one in found if isinstance(one, sending.Draft)]
    messages = iter(sending.queue_all(session, drafts))
    return [_queued(next(messages)) if isinstance(one, sending.Draft) else one for one in found]


def _draft(going: Going, step: Step, due_at: datetime) -> sending.Draft | Outcome:
    now = clock.now()
    reason = _why_not(going, step, now)
    if reason:
        return Outcome("skipped", *reason, since=now)
    try:
        known = variables(going)
        subject, body = (words and playbooks.render(words, known) for words in step.words(going.contact.language))
    except WordingError as error:
        return Outcome("failed", "wording", f"The words cannot be filled in: {error}", since=now)
    return sending.Draft(
        going.talk,
        body,
        kind="sequence",
        purpose=going.plan.purpose_after(going.moment),
        lane="now" if _answers_at_once(going, step) else "soon",
        channel="sms" if step.kind == "sms" else "email",
        subject=subject or None,
        to=going.phone if step.kind == "sms" else going.email,
        shelf_life=due_at + timedelta(hours=step.good_for_hours) - now,
        enrollment_id=going.enrollment.id,
    )


def _queued(message: sending.Queued) -> Outcome:
    rule, why = message.held_rule or "allow", message.error or "Given to the carrier."
    if message.state == "refused":
        return Outcome("skipped", rule, why, since=clock.now(), message_id=message.id)
    since = message.due_at if message.state == "held" and message.due_at else clock.now()
    return Outcome("queued", rule, why, since=since, message_id=message.id)


def variables(going: Going) -> dict[str, Json]:
    """What the wording of a step may name: business, contact, and the moment's own facts."""
    known = speaking.about_person(going.contact, going.phone, going.enrollment.facts)
    return {"business": going.people.business, **known}


def _why_not(going: Going, step: Step, now: datetime) -> tuple[str, str] | None:
    if step.kind == "sms" and not going.phone:
        return "no_address", "They have no phone number on file."
    if step.kind == "email" and not going.email:
        return "no_address", "They have no e-mail address on file."
    if going.plan.purpose != "marketing" and now - going.enrollment.started_at > INQUIRY:
        return "inquiry.over", "More than three months have passed; a message now would need consent to offers."
    return _live(going, now)


def _live(going: Going, now: datetime) -> tuple[str, str] | None:
    """Nobody is chased in the middle of a talk."""
    since = now - timedelta(minutes=going.plan.skip_live_minutes)
    began = going.enrollment.started_at
    if going.heard_at and going.heard_at > since and abs(going.heard_at - began) > SAME_MOMENT:
        return "live.they_wrote", "They wrote a short while ago, so a person has the word."
    if going.spoke_at and going.spoke_at > since:
        return "live.we_wrote", "A person of yours wrote to them a short while ago."
    return None


def _answers_at_once(going: Going, step: Step) -> bool:
    """The first answer to what they just did goes with the text-backs, not behind other sequences."""
    return going.plan.steps[0] == step and step.wait.amount == 0
