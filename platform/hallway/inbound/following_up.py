"""What a reply, on whatever channel, means for follow-up."""

from __future__ import annotations

from uuid import UUID

from groundwork.database import ScopedSession
from hallway import followup
from hallway.rulebook.replies import Reply

# A machine's answer is none: "I'm driving", "Liked an image".
NO_ANSWER = frozenset({"ordinary.tapback", "ordinary.auto_reply"})
OVER = frozenset({"opt_out", "wrong_number"})


def heard(session: ScopedSession, conversation_id: UUID, reply: Reply) -> None:
    """They wrote: sequences that wait for a reply go on, those that stop on one stop, and an opt-out stops all."""
    if reply.rule in NO_ANSWER:
        return
    if reply.label in OVER:
        followup.stop(session, conversation_id, "opt_out", "They asked to be left alone.")
        return
    followup.happened(session, conversation_id, "reply")
    followup.stop(session, conversation_id, "reply", "They answered.")
