"""Saved replies, labels and forms of a playbook: no trade has them, and a client's own is known by its name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select

from groundwork.database import Json, ScopedSession
from hallway import forms, playbooks
from hallway.agencies.shelf import Bodies, RefusedError, Shelf
from hallway.conversations import ConversationLabel, Label, labels
from hallway.forms import BadFormError, FormSubmission, WebForm
from hallway.forms.words import FIELDS, KINDS, LANGUAGES
from hallway.playbooks import saved_replies
from hallway.playbooks.keys import SAVED_REPLY
from hallway.playbooks.models import SavedReply
from tenants.models import Tenant

Named = type[SavedReply] | type[Label] | type[WebForm]
OF_A_FORM = ("kind", "language", "title", "intro", "thanks", "ask_marketing", "monthly_texts", "active")
OWN_OF_A_FORM = ("privacy_url", "terms_url")  # where it stands and what it links is each client's own


def _none_of_a_trade(_trade: str, _key: str) -> Json:
    return {}


def _rows(session: ScopedSession, table: Named, key: str, clients: Collection[UUID]) -> Any:
    """The rows of that name, the oldest last: where several have it, that one counts."""
    mine = (func.lower(table.name) == key.lower(), table.tenant_id.in_(clients))
    return session.scalars(select(table).where(*mine).order_by(table.id.desc()))


def _mine(session: ScopedSession, table: Named, key: str) -> Any:
    return next(iter(reversed(_rows(session, table, key, [session.tenant_id]).all())), None)


def _listed(table: Named) -> Any:
    def names(session: ScopedSession, client: UUID) -> list[str]:
        return sorted(session.scalars(select(table.name).where(table.tenant_id == client)), key=str.lower)

    return names


def _read_replies(session: ScopedSession, key: str, clients: Collection[UUID]) -> Bodies:
    return {row.tenant_id: {"source": row.source} for row in _rows(session, SavedReply, key, clients)}


def _check_reply(key: str, body: Json) -> None:
    if not 1 <= len(key) <= saved_replies.LONGEST_NAME:
        raise RefusedError([f"Give it a name of up to {saved_replies.LONGEST_NAME} characters."])
    wrong = [one.message for one in playbooks.lint(body["source"], SAVED_REPLY.name) if one.level == "error"]
    if wrong:
        raise RefusedError(wrong)


def _put_reply(session: ScopedSession, _tenant: Tenant, key: str, body: Json, author: str, _moves: bool) -> None:
    row = _mine(session, SavedReply, key)
    if not body:
        if row:
            session.delete(row)
        return
    try:
        saved_replies.keep(session, row, row.name if row else key, body["source"], author)
    except saved_replies.ReplyError as error:
        raise RefusedError([str(error)]) from error


def _read_labels(session: ScopedSession, key: str, clients: Collection[UUID]) -> Bodies:
    return {row.tenant_id: {"color": row.color} for row in _rows(session, Label, key, clients)}


def _check_label(key: str, body: Json) -> None:
    if not 1 <= len(key) <= labels.LONGEST:
        raise RefusedError([f"Give it a name of up to {labels.LONGEST} characters."])
    if body["color"] not in labels.COLORS:
        raise RefusedError(["Choose one of the colours."])


def _put_label(session: ScopedSession, _tenant: Tenant, key: str, body: Json, _author: str, _moves: bool) -> None:
    row = _mine(session, Label, key)
    if not body:
        _remove_label(session, row)
        return
    try:
        labels.keep(session, row, row.name if row else key, body["color"])
    except labels.LabelError as error:
        raise RefusedError([str(error)]) from error


def _remove_label(session: ScopedSession, row: Label | None) -> None:
    if row is None:
        return
    if session.scalar(select(exists().where(ConversationLabel.label_id == row.id))):
        raise RefusedError(["Conversations carry it. Remove it in their account, where one sees how many."])
    labels.remove(session, row)


def _read_forms(session: ScopedSession, key: str, clients: Collection[UUID]) -> Bodies:
    return {row.tenant_id: _body_of(row) for row in _rows(session, WebForm, key, clients)}


def _body_of(row: WebForm) -> Json:
    body: Json = {name: getattr(row, name) for name in OF_A_FORM}
    return body | {f"asks_{name}": how for name, how in forms.asked(row).items()}


def _check_form(key: str, body: Json) -> None:
    _amend(WebForm(name=key, sites=[], fields={}), body)


def _amend(row: WebForm, body: Json) -> None:
    if body["kind"] not in KINDS or body["language"] not in LANGUAGES:
        raise RefusedError(["Choose what the form is for, and its language."])
    wanted: Json = {name: body[name] for name in OF_A_FORM} | {name: getattr(row, name) for name in OWN_OF_A_FORM}
    wanted |= {"name": row.name, "sites": "\n".join(row.sites)}
    wanted["fields"] = {name: body[f"asks_{name}"] for name in FIELDS}
    try:
        forms.amend(row, wanted)
    except BadFormError as error:
        raise RefusedError(list(error.errors.values())) from error


def _put_form(session: ScopedSession, _tenant: Tenant, key: str, body: Json, _author: str, _moves: bool) -> None:
    row = _mine(session, WebForm, key)
    if not body:
        _remove_form(session, row)
        return
    try:
        row = row or forms.make_form(session, key, body["kind"], body["language"])
    except BadFormError as error:
        raise RefusedError(list(error.errors.values())) from error
    _amend(row, body)
    session.flush()


def _remove_form(session: ScopedSession, row: WebForm | None) -> None:
    """What came in by it stays: such a form is switched off instead."""
    if row is None:
        return
    if session.scalar(select(exists().where(FormSubmission.form_id == row.id))):
        row.active = False
    else:
        session.delete(row)


NAMED: dict[str, Shelf] = {
    "reply": Shelf(
        "Saved reply", {}, _none_of_a_trade, _read_replies, _listed(SavedReply), _check_reply, _put_reply
    ),
    "label": Shelf("Label", {}, _none_of_a_trade, _read_labels, _listed(Label), _check_label, _put_label),
    "form": Shelf("Form", {}, _none_of_a_trade, _read_forms, _listed(WebForm), _check_form, _put_form),
}  # fmt: skip
