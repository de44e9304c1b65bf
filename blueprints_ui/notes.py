"""Notes in a thread: write one, hand the thread over with one, take one back."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import Forbidden

from blueprints_ui import reading, regions
from blueprints_ui.guard import MANAGERS, page, tenant_session
from hallway import notices
from hallway.conversations import Note, handling
from hallway.conversations import notes as deeds

notes = Blueprint("notes", __name__)


@notes.post("/inbox/<uuid:conversation_id>/notes")
@page()
def add(conversation_id: UUID) -> ResponseReturnValue:
    """A note for the crew. The form's token becomes its id, so that sent twice it is one note."""
    head, token, session = reading.find(conversation_id), regions.token(), tenant_session()
    typed = request.form.get("note", "")
    if session.get(Note, (session.tenant_id, token)) is None:
        try:
            note = deeds.write(session, head.conversation, typed, g.who, id=token)
            notices.tell_of_note(session, head.conversation, note)
        except deeds.NoteError as error:
            return regions.again(conversation_id, str(error), typed=typed)
        except IntegrityError:
            session.rollback()  # the same form came twice at once; the other one keeps it
    return regions.again(conversation_id)


@notes.post("/inbox/<uuid:conversation_id>/hand-over")
@page()
def hand_over(conversation_id: UUID) -> ResponseReturnValue:
    """Assign it, and say to them what they have to know."""
    head, chosen = reading.find(conversation_id), request.form.get("member", type=UUID)
    if chosen is None:
        return regions.again(conversation_id, "Choose who takes over.")
    try:
        words = request.form.get("note", "")
        note = handling.hand_over(tenant_session(), head.conversation, chosen, words, g.who)
    except (handling.NobodyThereError, deeds.NoteError) as error:
        tenant_session().rollback()
        return regions.again(conversation_id, str(error))
    notices.tell_of_note(tenant_session(), head.conversation, note)
    return regions.again(conversation_id)


@notes.post("/notes/<uuid:note_id>/take-back")
@page()
def take_back(note_id: UUID) -> ResponseReturnValue:
    """Remove one's own note; owners and managers may remove any."""
    note = regions.mine(Note, note_id)
    if note.author_id != g.who.user_id and g.who.role not in MANAGERS:
        raise Forbidden("Only whoever wrote a note, a manager or an owner may remove it.")
    conversation_id = note.conversation_id
    deeds.take_back(tenant_session(), note)
    return regions.again(conversation_id)
