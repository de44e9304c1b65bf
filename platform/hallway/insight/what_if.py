"""What-if: a draft of a sequence, run over past moments through the gate's own rules. Nothing is sent, nothing kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from groundwork import clock
from groundwork.database import ScopedSession
from hallway import playbooks
from hallway.consent import Decision, Facts
from hallway.consent.facts import Channel
from hallway.consent.follow_ups import INQUIRY
from hallway.followup import Plan, Step, planning, sequences, speaking, touching
from hallway.insight import hindsight
from hallway.insight.hindsight import Letter
from hallway.insight.past import Happening, Person, people
from hallway.playbooks import WordingError
from tenants import hours
from tenants.models import Tenant

KEPT = ("reply", "call")  # what a step may wait for and the past can tell
Outcome = Literal["sent", "held", "refused", "skipped", "stopped", "task", "unknown", "ahead"]
LOOK_BACK = timedelta(days=30)
MOST_MOMENTS = 300
MOST_HOLDS = 8  # a message asked for the last time is refused by its shelf life long before
CANNOT_KNOW = (
    "Opening hours, hours for offers, blocked people and paused conversations are taken as they are today.",
    "Sending is taken as running, whether or not it was stopped for a while.",
    "People might have answered the draft's own messages. The replay knows only what they really wrote and did.",
    "Who was inside already when it happened again does not enter twice, so that time has no lines of its own.",
    "When a conversation was closed is not kept, so closing stops nothing here.",
)
FOREIGN = "Whether this happened is not kept, so the replay goes on as if it had not."


@dataclass(frozen=True)
class Line:
    """One thing the draft would have done. `at` is when; a held message went then, `due_at` is when it was ready.

    `rule` and `why` are the gate's, or what the sequence itself decided by.
    """

    at: datetime
    outcome: Outcome
    conversation_id: UUID
    who: str
    step: Step | None
    place: int
    rule: str
    why: str
    due_at: datetime | None = None
    words: str = ""


@dataclass
class Replay:
    """What would have happened, in the order of time. `more` says that there were more moments than were looked at."""

    since: datetime
    until: datetime
    moments: int = 0
    more: bool = False
    lines: list[Line] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    stopped_by: Counter[str] = field(default_factory=Counter)


def replay(
    session: ScopedSession,
    plan: Plan,
    kind: str,
    *,
    sequence_id: UUID | None = None,
    only_if: dict[str, object] | None = None,
    most: int = MOST_MOMENTS,
) -> Replay:
    """Run `plan` over the last 30 days' moments of this kind, at most `most` of them and the latest first."""
    now = clock.now()
    found = Replay(now - LOOK_BACK, now)
    met = people(session, kind, found.since, now, most + 1, sequence_id)
    found.more = len(met) > most
    met = [one for one in met[:most] if sequences.applies(only_if or {}, one.moment.facts)]
    tenant, known = session.get_one(Tenant, session.tenant_id), hindsight.today(session, met, now)
    found.moments = len(met)
    inside: dict[UUID, datetime] = {}  # who was in it until when; nobody enters twice at once
    for place, person in reversed(list(enumerate(met))):
        if person.moment.at < inside.get(person.contact.id, person.moment.at):
            continue
        facts = {channel: known[place, channel] for channel in hindsight.CHANNELS}
        lines = list(_Walk(session, plan, person, tenant, facts, now).lines())
        inside[person.contact.id] = lines[-1].at if lines else person.moment.at
        found.lines += lines
    found.lines.sort(key=lambda line: line.at)
    found.counts.update(line.outcome for line in found.lines)
    found.stopped_by.update(line.rule for line in found.lines if line.outcome == "stopped")
    return found


@dataclass
class _Walk:
    """One person's way through the plan."""

    session: ScopedSession
    plan: Plan
    person: Person
    tenant: Tenant
    facts: dict[Channel, Facts]
    now: datetime

    def lines(self) -> Iterator[Line]:
        at, step = self.person.moment.at, self.plan.steps[0] if self.plan.steps else None
        stop = self.person.first(self.plan.stop_on, at)
        while step:
            due, before = self._due(step, at), at
            if stop and stop.at <= due:
                yield self._line(stop.at, "stopped", step, stop.event, stop.words)
                return
            if due > self.now:
                yield self._line(due, "ahead", step, "ahead", "It would still be ahead.")
                return
            done = self._do(step, due, stop)
            if done:
                yield done
                if done.outcome == "stopped":
                    return
            step, at = self._next(step, before, due, done)

    def _due(self, step: Step, since: datetime) -> datetime:
        wait = step.wait
        if wait.unit == "minutes":
            return since + timedelta(minutes=wait.amount)
        if wait.unit == "business_hours":
            return hours.after_open_hours(self.tenant, since, wait.amount)
        return planning.days_later(since, wait.amount, wait.at, self.person.zone)

    def _do(self, step: Step, due: datetime, stop: Happening | None) -> Line | None:
        if step.is_touch:
            return self._touch(step, due, stop)
        if step.kind in ("task", "notify"):
            why = "A person would have got this task." if step.kind == "task" else "The crew would have been told."
            return self._line(due, "task", step, step.kind, why, words=self._title(step))
        if step.kind == "wait_for" and step.event not in KEPT:
            return self._line(due, "unknown", step, step.event, FOREIGN)
        return None

    def _touch(self, step: Step, due: datetime, stop: Happening | None) -> Line:
        try:
            words = self._say(step.words(self.person.contact.language)[1])
        except WordingError as error:
            return self._line(due, "refused", step, "wording", str(error))
        reason = self._why_not(step, due)
        if reason:
            return self._line(due, "skipped", step, *reason, words=words)
        channel: Channel = "email" if step.kind == "email" else "sms"
        purpose = self.plan.purpose_after(self.person.moment.kind)
        letter = Letter(channel, purpose, words, due + timedelta(hours=step.good_for_hours))
        return self._ask(step, letter, due, stop)

    def _ask(self, step: Step, letter: Letter, due: datetime, stop: Happening | None) -> Line:
        """Ask the gate, and again at each hour it holds until, as the product does."""
        at, first = due, None
        for _ in range(MOST_HOLDS):
            said = hindsight.answer(self.facts[letter.channel], self.person, letter, at, self.tenant.name)
            if said.answer != "hold" or said.until is None:
                break
            first, at = first or said, said.until
            if stop and stop.at <= at:
                return self._line(
                    stop.at, "stopped", step, stop.event, f"{stop.words} {_held(first)}", words=letter.words
                )
            if at > self.now:
                return self._line(at, "ahead", step, first.rule, _held(first), due=due, words=letter.words)
        if said.answer == "refuse":
            return self._line(at, "refused", step, said.rule, said.explanation, due=due, words=letter.words)
        hindsight.remember(self.person, letter, at)
        told = first or said
        outcome: Outcome = "held" if first else "sent"
        return self._line(at, outcome, step, told.rule, told.explanation, due=due, words=letter.words)

    def _next(self, step: Step, before: datetime, due: datetime, done: Line | None) -> tuple[Step | None, datetime]:
        """Where it leads, and from when the next wait counts: a held message counts from when it went."""
        if step.kind == "branch":
            return self.plan.after(step, step.then if self._holds(step, due) else step.otherwise), due
        if step.kind == "wait_for":
            came = self._happened(step.event, before, due)
            return self.plan.after(step, step.then if came else step.otherwise), came or due
        return self.plan.after(step), done.at if done and done.outcome == "held" else due

    def _why_not(self, step: Step, at: datetime) -> tuple[str, str] | None:
        """What keeps a touch back before the gate is asked, as in followup.touching."""
        began, live = self.person.moment.at, self.plan.skip_live_minutes
        if not self.person.addresses.get("email" if step.kind == "email" else "sms"):
            return "no_address", f"They have no {'e-mail address' if step.kind == 'email' else 'phone number'} on file."
        if self.plan.purpose != "marketing" and at - began > INQUIRY:
            return "inquiry.over", "More than three months have passed; a message now would need consent to offers."
        for one in reversed(self.person.happenings):
            theirs = one.event == "reply" and abs(one.at - began) > touching.SAME_MOMENT
            if at - timedelta(minutes=live) < one.at <= at and (theirs or one.event == "takeover"):
                return "live", f"{one.words} That was within the last {live} minutes."
        return None

    def _holds(self, step: Step, at: datetime) -> bool:
        began, past = self.person.moment.at, self.person.happenings
        replies = [one for one in past if began < one.at <= at and one.event == "reply"]
        if step.when == "reply_is":
            return any(one.label == step.label for one in replies)
        return bool(replies) == (step.when == "replied")

    def _happened(self, event: str, since: datetime, until: datetime) -> datetime | None:
        """When what a step waits for came first in that time, as far as it is kept."""
        past = self.person.happenings
        replies = [one.at for one in past if one.event == "reply"]
        found = {"reply": replies, "call": self.person.called}.get(event, [])
        return next((at for at in found if since < at <= until), None)

    def _say(self, source: str) -> str:
        person = self.person
        known = speaking.variables(self.tenant, person.contact, person.addresses.get("sms"), person.moment.facts)
        return playbooks.render(source, known)

    def _title(self, step: Step) -> str:
        try:
            return self._say(step.title)
        except WordingError:
            return step.title

    def _line(
        self,
        at: datetime,
        outcome: Outcome,
        step: Step,
        rule: str,
        why: str,
        *,
        due: datetime | None = None,
        words: str = "",
    ) -> Line:
        place = self.plan.place(step.id)
        return Line(at, outcome, self.person.conversation.id, self.person.name, step, place, rule, why, due, words)


def _held(said: Decision) -> str:
    return f"It was waiting: {said.explanation}"
