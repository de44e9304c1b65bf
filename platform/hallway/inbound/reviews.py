"""A person has read a doubtful reply and decides."""

from __future__ import annotations

from groundwork import live
from groundwork.database import ScopedSession
from hallway.conversations import Conversation, Task, finish_task
from hallway.inbound.stops import stop_by_staff


def decide_review(session: ScopedSession, task: Task, *, opted_out: bool, by: str) -> None:
    """End a `review_reply` task: either they did ask to stop, or automatic texts may go on."""
    if opted_out and task.phone:
        stop_by_staff(session, task.phone, by=by, rule=task.rule)
    if task.conversation_id:
        conversation = session.get_one(Conversation, (session.tenant_id, task.conversation_id))
        conversation.automation_paused_reason = None
        live.tell(session, "conversation", conversation.id)
    finish_task(session, task, by)
