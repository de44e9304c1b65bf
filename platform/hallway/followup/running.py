"""Run the steps that are due, many people at once: each is done once, written down with its reason, and leads on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from collections.abc import Sequence as Many
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, many, phones
from groundwork.database import Json, ScopedSession
from groundwork.timers import Due
from hallway import conversations, notices, playbooks
from hallway.conversations import Message
from hallway.followup import inside, moving, reading
from hallway.followup.models import EnrollmentStep
from hallway.followup.reading import Going
from hallway.followup.steps import Kind, Step
from hallway.followup.stopping import end
from hallway.followup.touching import Outcome, touch_all, variables
from hallway.playbooks import WordingError

LOG = EnrollmentStep.metadata.tables["enrollment_step"]
Deed = Callable[[ScopedSession, Going, Step, datetime], Outcome]


def run_steps(session: ScopedSession, due: Many[Due], late: Collection[UUID]) -> None:
    """Handler of `sequence_step`, for many at once. A timer whose enrollment has moved on does nothing."""
    ids = [UUID(timer.payload["enrollment"]) for timer in due]
    people = reading.load(session, ids)
    known = [(people[id_], timer) for id_, timer in zip(ids, due, strict=True) if id_ in people]
    for together in _one_of_each(known):
        _run(session, [one for who in together if (one := _present(session, *who, late))])


def _one_of_each(known: Many[tuple[Going, Due]]) -> list[list[tuple[Going, Due]]]:
    """Parts in which nobody is twice, in their order: a touch counts those before it."""
    parts: list[list[tuple[Going, Due]]] = []
    times: Counter[UUID] = Counter()
    for going, timer in known:
        place = times[going.enrollment.conversation_id]
        times[going.enrollment.conversation_id] += 1
        parts.extend([[]] if place == len(parts) else [])
        parts[place].append((going, timer))
    return parts


@dataclass(frozen=True)
class Present:
    """Somebody whose step is due now; `missed` when its shelf life is over."""

    going: Going
    step: Step
    due_at: datetime
    missed: bool


def _present(session: ScopedSession, going: Going, timer: Due, late: Collection[UUID]) -> Present | None:
    one = going.enrollment
    if one.state != "running" or one.step != timer.payload["step"]:
        return None
    if going.newest != one.version and not moving.move(session, going):
        return None
    if _over(session, going):
        return None
    step = going.plan.step(one.step)
    if step is None or step.id in going.done:
        moving.go_on(session, going, None, clock.now())
        return None
    return Present(going, step, one.due_at or timer.due_at, timer.id in late)


def _run(session: ScopedSession, present: Many[Present]) -> None:
    """Each step is done and written down, and its person goes on: the same few statements however many they are."""
    touches = [one for one in present if one.step.is_touch and not one.missed]
    touched = iter(touch_all(session, [(one.going, one.step, one.due_at) for one in touches]))
    did = [(one, next(touched) if one.step.is_touch and not one.missed else _do(session, one)) for one in present]
    log_all(session, ((one.going, one.step, one.due_at, outcome) for one, outcome in did))
    ways = ((one.going, one.going.plan.after(one.step, outcome.jump), outcome.since) for one, outcome in did)
    moving.go_on_all(session, ways)


def _do(session: ScopedSession, one: Present) -> Outcome:
    return _too_late(one.due_at) if one.missed else DEEDS[one.step.kind](session, one.going, one.step, one.due_at)


def _over(session: ScopedSession, going: Going) -> bool:
    """What was said is looked at once more, whoever forgot to tell us of it."""
    plan = going.plan
    if not going.permission.allowed and going.permission.rule == "plan.feature":
        return _end(session, going, "plan", going.permission.words)
    if going.replied and "reply" in plan.stop_on:
        return _end(session, going, "reply", "They answered.")
    if going.spoke_at and going.spoke_at > going.enrollment.started_at and "takeover" in plan.stop_on:
        return _end(session, going, "takeover", "A person of yours wrote to them.")
    if going.closed and "closed" in plan.stop_on:
        return _end(session, going, "closed", "The conversation was closed.")
    return False


def _end(session: ScopedSession, going: Going, by: str, why: str) -> bool:
    end(session, [going.enrollment], by, why)
    inside.write(session, [going.enrollment])
    return True


def log(session: ScopedSession, going: Going, step: Step, due_at: datetime, outcome: Outcome) -> None:
    """Write down what became of this step; its unique key makes a second time impossible."""
    log_all(session, [(going, step, due_at, outcome)])


def log_all(session: ScopedSession, lines: Iterable[tuple[Going, Step, datetime, Outcome]]) -> None:
    """The same for many people."""
    many.insert(session, LOG, [_line(*line) for line in lines])


def _line(going: Going, step: Step, due_at: datetime, outcome: Outcome) -> Json:
    now = going.done[step.id] = clock.now()
    row: Json = {"enrollment_id": going.enrollment.id, "step": step.id, "kind": step.kind, "at": now, "due_at": due_at}
    row |= {"version": going.enrollment.version, "position": going.plan.place(step.id)}
    row |= {"outcome": outcome.outcome, "rule": outcome.rule, "why": outcome.why, "message_id": outcome.message_id}
    return row


def _too_late(due_at: datetime) -> Outcome:
    """The next wait counts from when this should have been, so that a halt does not push everything back."""
    why = "It could not be done in time, and late it would make no sense."
    return Outcome("missed", "shelf_life", why, since=due_at)


def _wait(_session: ScopedSession, _going: Going, _step: Step, _due_at: datetime) -> Outcome:
    return Outcome("done", "wait", "The time had come.", since=clock.now())


def _wait_for(_session: ScopedSession, _going: Going, step: Step, _due_at: datetime) -> Outcome:
    return Outcome("done", "wait_for.timeout", "It did not happen in time.", since=clock.now(), jump=step.otherwise)


def _branch(session: ScopedSession, going: Going, step: Step, _due_at: datetime) -> Outcome:
    yes, why = _answer(session, going, step)
    jump = step.then if yes else step.otherwise
    return Outcome("done", f"branch.{step.when}", why, since=clock.now(), jump=jump)


def _answer(session: ScopedSession, going: Going, step: Step) -> tuple[bool, str]:
    said = "They had answered." if going.replied else "They had not answered."
    if step.when != "reply_is":
        return going.replied == (step.when == "replied"), said
    theirs = (Message.conversation_id == going.enrollment.conversation_id, Message.direction == "in")
    since = Message.at > going.enrollment.started_at
    found = session.scalar(select(Message.id).where(*theirs, since, Message.label == step.label).limit(1))
    return found is not None, f"They had {'' if found else 'not '}answered with “{step.label.replace('_', ' ')}”."


def _task(session: ScopedSession, going: Going, step: Step, _due_at: datetime) -> Outcome:
    try:
        known = variables(going)
        title, body = playbooks.render(step.title, known), playbooks.render(step.body, known)
    except WordingError as error:
        return Outcome("failed", "wording", f"The words cannot be filled in: {error}", since=clock.now())
    conversations.add_task(
        session,
        "follow_up",
        f"{going.enrollment.id}:{step.id}",
        title=title or f"Follow up with {phones.pretty(going.phone or '')}",
        reason=body or "Their sequence asks for a person here.",
        rule=f"sequence.{step.id}",
        phone=going.phone,
        conversation_id=going.enrollment.conversation_id,
    )
    return Outcome("done", step.kind, "A person was asked to take over.", since=clock.now())


def _notify(session: ScopedSession, going: Going, step: Step, _due_at: datetime) -> Outcome:
    try:
        known = variables(going)
        title, body = playbooks.render(step.title, known), playbooks.render(step.body, known)
    except WordingError as error:
        return Outcome("failed", "wording", f"The words cannot be filled in: {error}", since=clock.now())
    notices.tell(
        session,
        "follow_up",
        conversation=going.conversation,
        title=title or "A follow-up asks for you",
        body=body,
        url_path=f"/inbox/{going.enrollment.conversation_id}",
        urgent=step.urgent,
    )
    return Outcome("done", "notify", "Your people were told.", since=clock.now())


DEEDS: Mapping[Kind, Deed] = {
    "wait": _wait,
    "wait_for": _wait_for,
    "branch": _branch,
    "task": _task,
    "notify": _notify,
}
