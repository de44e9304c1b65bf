"""What a conversation holds at all, told with its head: most hold little, and a page asks only for what is there."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import Text, case, exists, func
from sqlalchemy.dialects.postgresql import ARRAY, array

from hallway.appointments import Appointment, AppointmentEvent
from hallway.calls.models import Alarm, Call
from hallway.conversations import Conversation, Note, Task
from hallway.estimates import Estimate, EstimateEvent
from hallway.followup import Enrollment
from hallway.forms import FormSubmission
from hallway.leads.models import Lead
from hallway.routing import Routed

Holding = Literal[
    "call", "alarm", "task", "note", "form", "price", "news", "lead", "visit", "follow_up", "way", "estimate"
]
TABLES: dict[Holding, Any] = {
    "call": Call,
    "alarm": Alarm,
    "task": Task,
    "note": Note,
    "form": FormSubmission,
    "price": EstimateEvent,
    "news": AppointmentEvent,
    "lead": Lead,
    "visit": Appointment,
    "follow_up": Enrollment,
    "way": Routed,
    "estimate": Estimate,
}


def held() -> Any:
    """A column of a query over Conversation: the names of what it holds, as text[]."""
    names: list[Any] = [
        case((exists().where(kind.tenant_id == Conversation.tenant_id, kind.conversation_id == Conversation.id), name))
        for name, kind in TABLES.items()
    ]
    return func.array_remove(array(names), None, type_=ARRAY(Text()))
