"""Two entries that are one person: who it may be, what a merge would do, the merge, and the way back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints_ui import guard, regions
from blueprints_ui.guard import page, tenant_session
from hallway.contacts import Contact, ContactMerge
from hallway.tidying import duplicates, splitting
from hallway.tidying import merging as deeds

merging = Blueprint("merging", __name__)


@merging.get("/contacts/<uuid:contact_id>/alike")
@page()
def hint(contact_id: UUID) -> ResponseReturnValue:
    """The fragment in the panel that says who may be the same person; empty for nobody."""
    contact = regions.mine(Contact, contact_id)
    found = duplicates.alike(tenant_session(), contact)
    return render_template("contacts/alike.html", contact=contact, found=found)


@merging.get("/contacts/<uuid:contact_id>/merge")
@page()
def choose(contact_id: UUID) -> ResponseReturnValue:
    """Whom to merge them with: those who are alike, and those found by `q`."""
    contact, words = regions.mine(Contact, contact_id), request.args.get("q", "")[:100]
    found = duplicates.sought(tenant_session(), contact, words)
    alike = duplicates.alike(tenant_session(), contact)
    merges = deeds.merges_of(tenant_session(), contact_id)
    return render_template("contacts/merge.html", contact=contact, alike=alike, found=found, words=words, merges=merges)


@merging.get("/contacts/<uuid:contact_id>/merge/<uuid:other_id>")
@page()
def preview(contact_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """What would happen, before it does."""
    sides = [duplicates.side(tenant_session(), regions.mine(Contact, id_)) for id_ in (contact_id, other_id)]
    return render_template("contacts/merge_preview.html", kept=sides[0], gone=sides[1])


@merging.post("/contacts/<uuid:contact_id>/merge/<uuid:other_id>")
@page()
def merge(contact_id: UUID, other_id: UUID) -> ResponseReturnValue:
    kept, gone = regions.mine(Contact, contact_id), regions.mine(Contact, other_id)
    names = {"kept": kept.name, "merged": gone.name}
    try:
        record = deeds.merge(tenant_session(), kept, gone, g.who)
    except deeds.MergeError as error:
        flash(str(error), "error")
        return redirect(url_for("merging.choose", contact_id=contact_id), 303)
    guard.note("Merged two entries of a person", {**names, "contact": str(contact_id), "merge": str(record.id)})
    flash("They are one person now. You can split them again here.", "good")
    return redirect(url_for("contacts.show", contact_id=contact_id), 303)


@merging.post("/merges/<uuid:merge_id>/split")
@page()
def split(merge_id: UUID) -> ResponseReturnValue:
    record = regions.mine(ContactMerge, merge_id)
    kept_id = record.kept_id
    try:
        gone = splitting.split(tenant_session(), record, g.who)
    except deeds.MergeError as error:
        flash(str(error), "error")
        return redirect(url_for("contacts.show", contact_id=kept_id), 303)
    guard.note("Split two entries of a person", {"contact": str(kept_id), "merge": str(merge_id)})
    flash(f"{gone.name or 'The other entry'} is apart again, with everything that came from there.", "good")
    return redirect(url_for("contacts.show", contact_id=gone.id), 303)
