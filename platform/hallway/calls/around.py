"""What bears on a missed call, read in one round trip: the caller waits for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from groundwork import clock
from groundwork.database import NAMES_TENANT, Json, ScopedSession
from hallway.calls.models import Call
from hallway.channels import Number
from hallway.contacts import Contact, ContactPoint
from hallway.conversations import Conversation
from hallway.playbooks import Wording
from tenants.models import Tenant

REPEAT_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Around:
    """`own_words` is the tenant's own wording for this situation, `missed_lately` how many other calls of theirs were
    missed within ten minutes. Nobody is known of a hidden number, then `conversation` and `person` are None."""

    tenant: Tenant
    conversation: Conversation | None
    person: Contact | None
    line_type: str | None
    line_checked_at: datetime | None
    own_words: str | None
    missed_lately: int
    waits_for_carrier: bool | None  # the number they called may not text before its papers are approved


def _ours(table: type[Conversation | Contact | ContactPoint]) -> ColumnElement[bool]:
    return table.tenant_id == Tenant.id


# Built once: they run while the caller waits.
LATELY = (
    select(func.count())
    .where(Call.tenant_id == bindparam("tenant"), Call.conversation_id == bindparam("conversation"))
    .where(Call.direction == "in", Call.id != bindparam("call"))
    .where(Call.missed_at >= bindparam("since"))
    .scalar_subquery()
)
WAITS = select(Number.waits_for_carrier).where(Number.tenant_id == Tenant.id, Number.id == bindparam("number"))
OWN_WORDS = select(Wording.source).where(Wording.tenant_id == Tenant.id, Wording.key == bindparam("wording"))
LOOK = (
    select(
        Tenant,
        Conversation,
        Contact,
        ContactPoint.line_type,
        ContactPoint.line_checked_at,
        OWN_WORDS.scalar_subquery(),
        LATELY,
        WAITS.scalar_subquery(),
    )
    .select_from(Tenant)
    .outerjoin(Conversation, and_(_ours(Conversation), Conversation.id == bindparam("conversation")))
    .outerjoin(Contact, and_(_ours(Contact), Contact.id == Conversation.contact_id))
    .outerjoin(
        ContactPoint,
        and_(_ours(ContactPoint), ContactPoint.kind == "phone", ContactPoint.value == bindparam("address")),
    )
    .where(Tenant.id == bindparam("tenant"))
    .execution_options(**NAMES_TENANT)
)


def look(session: ScopedSession, call: Call) -> Around:
    """Everything about the business and the caller that decides what becomes of this call."""
    asked: Json = {"conversation": call.conversation_id, "call": call.id, "address": call.from_address}
    asked |= {"since": clock.now() - REPEAT_WITHIN, "tenant": session.tenant_id, "wording": wording_of(call)}
    asked["number"] = call.number_id
    return Around(*session.execute(LOOK, asked).one())


def wording_of(call: Call) -> str:
    """The key of the words for this call's situation."""
    return f"text_back.{call.situation or 'open'}"
