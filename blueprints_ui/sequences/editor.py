"""Follow-up → one sequence: its steps as cards, with words previewed on a real person; saving makes a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard, regions
from blueprints_ui.guard import MANAGERS, page, tenant_session
from blueprints_ui.sequences import drafts
from blueprints_ui.sequences.listing import NAMES, STARTS
from groundwork.database import Json
from hallway import followup, playbooks
from hallway.contacts import Contact
from hallway.followup import Plan, Sequence, speaking, switching, wording
from hallway.followup.steps import HAPPENINGS, LABELS
from hallway.insight import sequences as insight
from hallway.playbooks import WordingError
from hallway.rulebook.segments import Segments, measure, repair

sequence_editor = Blueprint("sequence_editor", __name__, url_prefix="/sequences")
KINDS = {
    "sms": ("Text", "icon-[lucide--message-square-text]"),
    "email": ("E-mail", "icon-[lucide--mail]"),
    "task": ("Task for a person", "icon-[lucide--list-checks]"),
    "notify": ("Tell the crew", "icon-[lucide--bell-ring]"),
    "wait": ("Wait", "icon-[lucide--clock]"),
    "wait_for": ("Wait until something happens", "icon-[lucide--hourglass]"),
    "branch": ("Fork in the road", "icon-[lucide--split]"),
}
STOPS = {
    "reply": "They reply, on any channel",
    "booking": "They book",
    "opt_out": "They ask us to stop",
    "takeover": "One of you writes to them",
    "closed": "The lead is closed",
}
PURPOSES = {
    "informational": ("Follow-up on what they began", "No offers in it. Goes within legal hours."),
    "follow_up": (
        "Follow-up on an estimate",
        "No offers in it. Texts go to people who agreed to be asked about it, or to offers; e-mails to everybody.",
    ),
    "reply": ("Answer to what they just did", "Only for words that answer at once; no offers in it."),
    "marketing": ("Marketing", "May hold an offer. Goes only to people who agreed to offers in writing."),
}
HAPPENED = {one: one.replace("_", " ").capitalize() for one in HAPPENINGS}
REPLIES = {one: one.replace("_", " ").capitalize() for one in LABELS}
CHOICES = {"kinds": KINDS, "stops": STOPS, "purposes": PURPOSES, "happenings": HAPPENED, "labels": REPLIES}


@dataclass(frozen=True)
class Look:
    """How one field of words reads to the person chosen; `trouble` where it cannot be filled in."""

    label: str
    text: str
    segments: Segments | None = None
    trouble: str = ""


@sequence_editor.get("/<uuid:sequence_id>")
@page()
def edit(sequence_id: UUID) -> ResponseReturnValue:
    sequence = regions.mine(Sequence, sequence_id)
    return _page(sequence, switching.plan_of(tenant_session(), sequence).as_json(), base=sequence.version)


@sequence_editor.post("/<uuid:sequence_id>/draft")
@page(writes=MANAGERS)
def draft(sequence_id: UUID) -> ResponseReturnValue:
    """The cards after a button, or what changes beside them while somebody types. Nothing is kept."""
    sequence, do = regions.mine(Sequence, sequence_id), request.form.get("do", "")
    plan = drafts.act(drafts.read(request.form), do)
    if do == "playbook":
        plan = _of_playbook(sequence) or plan
    fragment = request.headers.get("HX-Request") == "true"
    if not fragment:
        return _page(sequence, plan, base=_base(sequence), unsaved=True)
    name = "sequences/looks.html" if not do else "sequences/steps.html"
    return render_template(name, **_seen(sequence, plan))


@sequence_editor.post("/<uuid:sequence_id>")
@page(writes=MANAGERS)
def save(sequence_id: UUID) -> ResponseReturnValue:
    """A new version, which newcomers enter; `inside` is stay or move for the people who are in."""
    sequence, plan = regions.mine(Sequence, sequence_id), drafts.read(request.form)
    if drafts.broken(drafts.troubles(plan)):
        return _page(sequence, plan, base=_base(sequence), unsaved=True, refused=True), 422
    moves = request.form.get("inside") == "move"
    before = _base(sequence)
    try:
        switching.hold(tenant_session(), sequence, before)
    except switching.StaleError as error:
        flash(f"{error} Compare before you save: yours is still below.", "error")
        return _page(sequence, plan, base=sequence.version, unsaved=True), 409
    version = followup.publish(tenant_session(), sequence, Plan.from_json(plan), g.who.name, moves=moves)
    changed = version != before
    if changed:
        guard.note("Changed a sequence", {"sequence": sequence.name, "version": sequence.version})
    where = "People inside go on in it too." if moves else "People inside finish the version they are in."
    flash(f"Version {sequence.version} is saved. {where}" if changed else "Nothing was changed.", "good")
    return redirect(url_for("sequence_editor.edit", sequence_id=sequence.id), 303)


def _base(sequence: Sequence) -> int:
    typed = request.form.get("base", "")
    return int(typed) if typed.isdecimal() else sequence.version


def _of_playbook(sequence: Sequence) -> Json | None:
    found = playbooks.default_sequence(g.tenant.trade, sequence.moment)
    return Plan.from_json(found).as_json() if found else None


def _page(sequence: Sequence, plan: Json, *, base: int, unsaved: bool = False, refused: bool = False) -> str:
    more = {"base": base, "unsaved": unsaved, "refused": refused, "starts": STARTS[sequence.moment]}
    more |= {"results": insight.results(tenant_session(), sequence), "moment": NAMES[sequence.moment]}
    return render_template("sequences/editor.html", **_seen(sequence, plan), **more)


def _seen(sequence: Sequence, plan: Json) -> dict[str, Any]:
    """What the cards and what stands beside them need."""
    chosen = regions.id_(request.form["contact"]) if request.form.get("contact") else None
    people = insight.samples(tenant_session(), chosen)
    person = next((one for one in people if one.contact.id == chosen), people[0] if people else None)
    known = _known(person)
    return {
        **CHOICES,
        "purposes": _purposes(sequence, plan),
        "sequence": sequence,
        "draft_url": url_for("sequence_editor.draft", sequence_id=sequence.id),
        "plan": plan,
        "people": people,
        "person": person,
        "looks": {step["id"]: looks_of(step, known) for step in plan["steps"]},
        "troubles": drafts.troubles(plan),
        "became": insight.step_results(tenant_session(), sequence.id),
    }


def _purposes(sequence: Sequence, plan: Json) -> Mapping[str, tuple[str, str]]:
    """The purposes to choose from: after an estimate a sale is chased, and nowhere else."""
    chases = sequence.moment == "estimate"
    offered = ("follow_up", "marketing") if chases else ("informational", "reply", "marketing")
    if chases and plan["purpose"] not in offered:
        plan["purpose"] = "follow_up"
    return {name: words for name, words in PURPOSES.items() if name in offered or name == plan["purpose"]}


def _known(person: insight.Sample | None) -> Mapping[str, object]:
    """A business without anybody yet sees its words on a made-up person."""
    if person is None:
        return speaking.variables(g.tenant, Contact(name="Dana Whitfield"), "+15125550142", {})
    return speaking.variables(g.tenant, person.contact, person.phone, {})


def looks_of(step: Json, known: Mapping[str, object]) -> list[Look]:
    """How each field of words of a step reads with these values."""
    return [_look(step, name, label, known) for name, label in wording.worded(step) if step.get(name)]


def _look(step: Json, name: str, label: str, known: Mapping[str, object]) -> Look:
    try:
        text = playbooks.render(step[name], known)
    except WordingError as error:
        return Look(label, "", trouble=str(error))
    return Look(label, text, measure(repair(text)) if step["kind"] == "sms" else None)
