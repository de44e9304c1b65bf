"""Take the photos of a text from the carrier into our keeping."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from groundwork import live
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway.channels import CarrierAwayError, media
from hallway.conversations import Attachment, Message
from tenants import routing

FETCH_WITHIN = timedelta(days=1)
MOST_TRIES = 7  # timers wait longer each time; one more and the timer itself is given up


def fetch_media(session: ScopedSession, timer: Timer) -> None:
    """Handler of `fetch_media`: network with no transaction open, then the row. Away carriers are asked again."""
    key = (session.tenant_id, UUID(timer.key))
    attachment = session.get(Attachment, key)
    if attachment is None or attachment.state != "pending":
        return
    url = attachment.source_url
    session.commit()
    found, error = _fetch(session.tenant_id, url, last_try=timer.attempts >= MOST_TRIES)
    attachment = session.get_one(Attachment, key, with_for_update=True, populate_existing=True)
    if found:
        attachment.content_type, attachment.data, attachment.size = found.content_type, found.data, len(found.data)
        attachment.state = "stored"
    else:
        attachment.state, attachment.error = "failed", error
    _tell(session, attachment)


def _fetch(tenant_id: UUID, url: str, *, last_try: bool) -> tuple[media.Media | None, str | None]:
    login = routing.carrier_login_of(tenant_id)
    if login is None:
        return None, "No carrier account is connected."
    try:
        return media.fetch(login, url), None
    except media.MediaRefusedError as error:
        return None, str(error)
    except CarrierAwayError:
        if last_try:
            return None, "The carrier did not hand out this photo."
        raise


def _tell(session: ScopedSession, attachment: Attachment) -> None:
    if attachment.message_id:
        message = session.get_one(Message, (session.tenant_id, attachment.message_id))
        live.tell(session, "conversation", message.conversation_id)
