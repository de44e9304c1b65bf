"""Find or make the person behind an address; block and unblock them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway.contacts.models import Contact, ContactMerge, ContactPoint


class HiddenPersonError(ValueError):
    """An address of somebody whose conversation is another member's, where members are kept apart."""

    def __init__(self) -> None:
        super().__init__("Somebody else here talks with this person already. Ask an owner to assign that to you.")


def find(session: ScopedSession, address: str, kind: str = "phone") -> Contact | None:
    """The contact reached at `address` (E.164, or a lower-case e-mail address), if there is one."""
    return session.scalar(
        select(Contact)
        .join(ContactPoint, ContactPoint.contact_id == Contact.id)
        .where(ContactPoint.kind == kind, ContactPoint.value == address)
    )


def may_see(session: ScopedSession, address: str) -> bool:
    """Whether whoever looks may know of the person at `address`; they may of a stranger, and everybody may of all.

    Members are kept apart by the database alone, which hides people; it is asked for what it hides.
    """
    return bool(session.scalar(select(func.see_address(address))))


def reach(session: ScopedSession, address: str, kind: str = "phone") -> Contact:
    """The contact reached at `address`, made now if nobody is. Two callers at once get the same one.

    Raises HiddenPersonError for a member who may not see them.
    """
    return find(session, address, kind) or _make(session, address, kind)


def reach_by(session: ScopedSession, phone: str | None, email: str | None) -> Contact:
    """The contact reached at either address, made now if nobody is; an address new to us becomes theirs.

    When both are known and belong to two people, the phone decides and the e-mail stays where it is. Raises ValueError
    without any address.
    """
    known = [(kind, value) for kind, value in (("phone", phone), ("email", email)) if value]
    if not known:
        raise ValueError("Nobody can be reached without an address.")
    found = next((contact for kind, value in known if (contact := find(session, value, kind))), None)
    contact = found or reach(session, known[0][1], known[0][0])
    for kind, value in known:
        point = {"tenant_id": session.tenant_id, "id": new_id(), "contact_id": contact.id, "kind": kind, "value": value}
        unique = [ContactPoint.tenant_id, ContactPoint.kind, ContactPoint.value]
        session.execute(insert(ContactPoint).values(**point).on_conflict_do_nothing(index_elements=unique))
    return contact


def _make(session: ScopedSession, address: str, kind: str) -> Contact:
    contact = Contact(tenant_id=session.tenant_id, id=new_id(), language="en")
    session.add(contact)
    session.flush()
    point = {"tenant_id": session.tenant_id, "id": new_id(), "contact_id": contact.id, "kind": kind, "value": address}
    unique = [ContactPoint.tenant_id, ContactPoint.kind, ContactPoint.value]
    added = session.execute(
        insert(ContactPoint).values(**point).on_conflict_do_nothing(index_elements=unique).returning(ContactPoint.id)
    )
    if added.first():
        return contact
    # Somebody else made them between our look and our insert; theirs stands.
    session.delete(contact)
    session.flush()
    found = find(session, address, kind)
    if found is None:  # and the unique key just told us that there is one
        raise HiddenPersonError
    return found


def now_in(session: ScopedSession, conversation_id: UUID) -> UUID:
    """The conversation that stands in for this one since two people were made one; else itself."""
    seen: set[UUID] = set()
    while conversation_id not in seen:
        seen.add(conversation_id)
        merged = (ContactMerge.gone_conversation_id == conversation_id, ContactMerge.split_at.is_(None))
        conversation_id = session.scalar(select(ContactMerge.kept_conversation_id).where(*merged)) or conversation_id
    return conversation_id


def block(contact: Contact, reason: str) -> None:
    """Take no more calls from them and never text them."""
    contact.blocked_at, contact.blocked_reason = clock.now(), reason


def unblock(contact: Contact) -> None:
    contact.blocked_at = contact.blocked_reason = None
