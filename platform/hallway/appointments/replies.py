"""What people answer about their visits: C, R, or words of their own; only where they have a visit we asked about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import func, or_, select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway.appointments import asking, changing, rules, words
from hallway.appointments.models import AHEAD, Appointment, AppointmentQuestion, Reminder
from hallway.contacts import Contact
from hallway.conversations import Conversation, Message
from hallway.leads.times import find_windows

Outcome = Literal["settled", "left_to_a_person"]
LABELS = ("confirm_appointment", "reschedule_appointment", "cancel_appointment")
LEFT = ("claimed", "unknown", "accepted", "sent", "delivered")  # states of a text that they may have read
QUESTION_GOOD_FOR = timedelta(hours=24)
MOST_CHOICES = 5
# Said alone they answer whatever was asked last, also by a person of ours.
LOOSE_YES = frozenset({"y", "yes", "yep", "yup", "yeah", "yea", "ya", "yess", "si", "correct", "affirmative"})
# The carrier takes these words, said alone, for STOP; so do we, and a person asks what they meant.
BARE_CANCEL = frozenset({"cancel", "cancel_me", "cancelar", "cancela", "cancele", "cancelen", "anular"})


def hear(session: ScopedSession, conversation: Conversation, message: Message) -> Outcome | None:
    """Act on an inbound text that is about a visit. None when it is not: then it is an ordinary text.

    `settled` means that nobody of ours has to do anything.
    """
    question = _open_question(session, conversation, message.at)
    if question:
        chosen = _chosen(session, question, message)
        if chosen:
            question.answered_at = clock.now()
            return _act(session, chosen, question.label, question.words, message)
    label = message.label or ""
    if label not in LABELS or not _meant_for_us(session, conversation, message):
        return None
    upcoming = asked_about(session, conversation, message.at)
    if label == "confirm_appointment" and upcoming:
        open_ = [one for one in upcoming if one.status == "booked" or (_explicit(message) and one.wish_words)]
        if not open_:
            return "settled" if all(one.status == "confirmed" for one in upcoming) else None
        upcoming = open_
    if not upcoming:
        return None
    if len(upcoming) > 1:
        upcoming = _named(upcoming, message, label)
    if len(upcoming) > 1:
        return _ask_which(session, conversation, upcoming, message, already=question)
    return _act(session, upcoming[0], label, message.body, message)


def hear_stop(session: ScopedSession, conversation: Conversation, message: Message) -> None:
    """They wrote CANCEL alone, which stops all texts; a person asks whether they meant the visit."""
    if (message.label_rule or "").rsplit(".", 1)[-1] not in BARE_CANCEL:
        return
    for appointment in asked_about(session, conversation, message.at)[:1]:
        asking.ask_a_person(
            session,
            appointment,
            "Did they mean the visit?",
            f"They wrote “{message.body.strip()[:40]}”, which stops all texts, by the carrier's own rule. "
            f"They may have meant the visit on {words.when(appointment)}. Call them.",
            message,
        )


def asked_about(session: ScopedSession, conversation: Conversation, at: datetime) -> list[Appointment]:
    """Their visits that are still to come at `at` and of which we have told them, the next first."""
    told = (
        select(Reminder.appointment_id)
        .join(Message, or_(Message.id == Reminder.message_id, Message.id == Reminder.mail_id))
        .where(Message.conversation_id == conversation.id, Message.state.in_(LEFT), Message.at <= at)
    )
    upcoming = (
        select(Appointment)
        .where(
            Appointment.conversation_id == conversation.id,
            Appointment.status.in_(AHEAD),
            func.coalesce(Appointment.arrive_by, Appointment.starts_at) > at,
            Appointment.id.in_(told),
        )
        .order_by(Appointment.starts_at, Appointment.id)
        .limit(MOST_CHOICES)
    )
    return list(session.scalars(upcoming))


def _meant_for_us(session: ScopedSession, conversation: Conversation, message: Message) -> bool:
    """Once a person of ours has written after our question, only C and R in so many words are still answers to it."""
    if _explicit(message):
        return True
    before = (Message.conversation_id == conversation.id, Message.direction == "out", Message.at <= message.at)
    last = select(Message.kind).where(*before, Message.purpose != "staff", Message.state.in_(LEFT))
    kind = session.scalar(last.order_by(Message.at.desc(), Message.id.desc()).limit(1))
    return kind is not None and kind.startswith("appointment_")


def _explicit(message: Message) -> bool:
    rule = message.label_rule or ""
    return ".keyword." in rule and rule.rsplit(".", 1)[-1] not in LOOSE_YES


def _named(upcoming: Sequence[Appointment], message: Message, label: str) -> list[Appointment]:
    """The visits on a day that they name; for a wish for another time a day is the wish, and names none."""
    if label == "reschedule_appointment":
        return list(upcoming)
    found = [one for one in upcoming if _on_a_day_of(one, message)]
    return found if len(found) == 1 else list(upcoming)


def _on_a_day_of(appointment: Appointment, message: Message) -> bool:
    day = words.starts(appointment).date()
    windows = find_windows(message.body, now=message.at, zone=appointment.zone)
    return any(window.start.date() <= day <= window.end.date() for window in windows)


def _act(session: ScopedSession, appointment: Appointment, label: str, said: str, message: Message) -> Outcome:
    if label == "confirm_appointment":
        if changing.confirm(session, appointment):
            asking.answer(session, appointment, "confirmed", message)
        return "settled"
    if label == "reschedule_appointment":
        asking.wish_for_another_time(session, appointment, said, message)
        return "left_to_a_person"
    if rules.of(session).leads_may_cancel:
        changing.cancel(
            session, appointment, why=f"They asked for it by {'e-mail' if message.channel == 'email' else 'text'}"
        )
        return "settled"
    asking.wish_to_cancel(session, appointment, said, message)
    return "left_to_a_person"


def _ask_which(
    session: ScopedSession,
    conversation: Conversation,
    upcoming: Sequence[Appointment],
    message: Message,
    *,
    already: AppointmentQuestion | None,
) -> Outcome:
    if already is None:
        question = {"label": message.label or "", "words": message.body, "choices": [str(one.id) for one in upcoming]}
        session.add(AppointmentQuestion(id=new_id(), conversation_id=conversation.id, asked_at=message.at, **question))
        person = session.get_one(Contact, (session.tenant_id, conversation.contact_id))
        choices = "; ".join(f"{n}) {words.when(one, person.language)}" for n, one in enumerate(upcoming, 1))
        asking.answer(session, upcoming[0], "which", message, choices=choices)
    return "left_to_a_person"


def _open_question(session: ScopedSession, conversation: Conversation, at: datetime) -> AppointmentQuestion | None:
    mine = (AppointmentQuestion.conversation_id == conversation.id, AppointmentQuestion.answered_at.is_(None))
    lately = AppointmentQuestion.asked_at > at - QUESTION_GOOD_FOR
    newest = select(AppointmentQuestion).where(*mine, lately).order_by(AppointmentQuestion.id.desc()).limit(1)
    return session.scalar(newest)


def _chosen(session: ScopedSession, question: AppointmentQuestion, message: Message) -> Appointment | None:
    """The one they mean by its number or its day, if it still stands."""
    found = [session.get(Appointment, (session.tenant_id, UUID(str(id_)))) for id_ in question.choices]
    number = re.fullmatch(r"\W*(?:number |no\.? |#|the )?(\d)\W*", message.body, re.IGNORECASE)
    if number and 1 <= int(number[1]) <= len(found):
        chosen = found[int(number[1]) - 1]
    else:
        named = [one for one in found if one and _on_a_day_of(one, message)]
        chosen = named[0] if len(named) == 1 else None
    return chosen if chosen and chosen.status in AHEAD else None
