"""Mail that belongs to nobody we can name for sure: kept, and a person says what it is. Its subject decides nothing."""

from __future__ import annotations

from groundwork.database import ScopedSession
from groundwork.tables import InboundEvent
from hallway.channels import mail_words
from hallway.channels.mail_came import Came
from hallway.conversations import add_task

SHOWN = 280


def set_aside(session: ScopedSession, event: InboundEvent, came: Came) -> None:
    """Ask a person to look at it. The mail itself stays with its event until they do."""
    words = mail_words.new_words(came.words)
    shown = words[:SHOWN] + ("…" if len(words) > SHOWN else "")
    added = add_task(
        session,
        "sort_mail",
        event.id,
        title=f"Sort a mail from {came.sender_name or came.sender}",
        reason=f"It answers nothing of ours. {came.sender} wrote “{came.subject or 'no subject'}”: {shown}",
        rule="mail.unsorted",
    )
    if added:
        event.context = {**event.context, "set_aside": True}
