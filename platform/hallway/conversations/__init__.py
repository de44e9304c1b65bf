"""The inbox: one conversation per person, its messages, tasks and attachments."""

from hallway.conversations.models import (
    Attachment,
    Conversation,
    ConversationLabel,
    Label,
    Mail,
    Mention,
    Message,
    Note,
    Task,
)
from hallway.conversations.snoozing import wake
from hallway.conversations.tasks import add_task, finish_task
from hallway.conversations.threads import note_answered_by_person, note_event, note_sent_all, open_for

__all__ = [
    "Attachment",
    "Conversation",
    "ConversationLabel",
    "Label",
    "Mail",
    "Mention",
    "Message",
    "Note",
    "Task",
    "add_task",
    "finish_task",
    "note_answered_by_person",
    "note_event",
    "note_sent_all",
    "open_for",
    "wake",
]
