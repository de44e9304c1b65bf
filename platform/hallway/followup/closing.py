"""Close a conversation: it leaves the lists of work, and the sequences that end with it end."""

from __future__ import annotations

from groundwork.database import ScopedSession
from hallway.conversations import Conversation, handling
from hallway.followup.stopping import stop


def close(session: ScopedSession, conversation: Conversation) -> None:
    """Nothing more to do here; the next text or call from them opens it again."""
    handling.close(session, conversation)
    stop(session, conversation.id, "closed", "The conversation was closed.")
