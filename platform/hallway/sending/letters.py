"""An e-mail as it is to go out: who writes, where answers go, which thread it belongs to, how it looks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import RowMapping, Select, select

from groundwork import config, many, phones
from groundwork.database import Json, ScopedSession
from hallway.channels import Letter, LetterFile, mail_addresses, mail_layout
from hallway.conversations import Attachment, Mail, Message
from hallway.sending.claims import attachments
from tenants import branding
from tenants.models import Tenant

MOST_REFERENCES = 20
SAME_SUBJECT = "Re: "
# Whoever asked for the mail or works here has nothing to unsubscribe from.
NOT_A_LIST = ("staff", "compliance")
MAILS = Mail.metadata.tables["mail"]


def of(session: ScopedSession, row: RowMapping) -> Letter:
    """The letter of a claimed message; the same Message-ID however often it is made."""
    tenant = session.get_one(Tenant, session.tenant_id)
    brand = brand_of(tenant)
    leave = _ways_to_leave(tenant, row)
    address = leave[0] if leave else None
    return Letter(
        subject=row["subject"] or f"A message from {tenant.name}",
        sender_name=f"{tenant.name} via {branding.product_of(tenant.agency_id)}" if leave else tenant.name,
        reply_to=mail_addresses.reply_address(tenant.mail_key, row["conversation_id"]),
        return_path=mail_addresses.bounce_address(tenant.mail_key, row["id"]),
        header_id=mail_addresses.header_id(tenant.mail_key, row["id"]),
        references=_references(session, row["conversation_id"], row["id"]),
        text=mail_layout.text(brand, row["body"], address),
        html=mail_layout.html(brand, row["body"], address),
        automatic=row["author_name"] is None,
        unsubscribe=leave,
        calendar=session.scalar(select(Mail.calendar).where(Mail.id == row["id"])),
        files=_files(session, row),
    )


def _files(session: ScopedSession, row: RowMapping) -> tuple[LetterFile, ...]:
    ids = attachments(row["media"])
    if not ids:
        return ()
    columns = (Attachment.name, Attachment.content_type, Attachment.data)
    found = session.execute(select(*columns).where(Attachment.id.in_(ids)).order_by(Attachment.id))
    return tuple(LetterFile(name or "file", kind, data) for name, kind, data in found if data)


def brand_of(tenant: Tenant) -> mail_layout.Brand:
    return mail_layout.Brand(
        name=tenant.name,
        color=tenant.brand_color,
        logo_url=tenant.logo_url,
        postal_address=tenant.postal_address,
        phone=phones.pretty(tenant.phone) if tenant.phone else None,
    )


def subject_for(session: ScopedSession, conversation_id: uuid.UUID, given: str | None) -> str:
    """What was given, else the thread's own subject with Re: before it, else who writes."""
    if given and given.strip():
        return " ".join(given.split())
    last = session.scalar(_mails(conversation_id).with_only_columns(Message.subject).limit(1))
    if last:
        return last if last.lower().startswith(SAME_SUBJECT.strip().lower()) else f"{SAME_SUBJECT}{last}"
    return f"A message from {session.get_one(Tenant, session.tenant_id).name}"


def begin(session: ScopedSession, mails: Sequence[tuple[uuid.UUID, str | None]]) -> None:
    """Give new outbound e-mails, by their ids, their Message-ID and calendar entry. Their messages are written."""
    if not mails:
        return
    key = session.get_one(Tenant, session.tenant_id).mail_key
    rows: list[Json] = [
        {"id": id_, "message_id": mail_addresses.header_id(key, id_), "calendar": calendar} for id_, calendar in mails
    ]
    many.insert(session, MAILS, [{**row, "references": "", "unverified": False} for row in rows])


def _ways_to_leave(tenant: Tenant, row: RowMapping) -> tuple[str, str] | None:
    if row["author_name"] is not None or row["purpose"] in NOT_A_LIST:
        return None
    token = mail_addresses.token("unsub", tenant.mail_key, row["id"])
    click = f"{config.settings().tenant_url(tenant.slug)}/unsubscribe/{token}"
    return click, mail_addresses.unsubscribe_address(tenant.mail_key, row["id"])


def _references(session: ScopedSession, conversation_id: uuid.UUID, mine: uuid.UUID) -> tuple[str, ...]:
    """The ids of the thread, oldest first: those of the newest mail, then its own; of many the first and the last."""
    last = session.scalars(_mails(conversation_id).where(Mail.id != mine, SENT).limit(1)).first()
    if last is None:
        return ()
    chain = [*last.references.split(), last.message_id]
    return tuple(_shortened(list(dict.fromkeys(chain))))


def _shortened(chain: Sequence[str]) -> Sequence[str]:
    return chain if len(chain) <= MOST_REFERENCES else [chain[0], *chain[1 - MOST_REFERENCES :]]


SENT = Message.state.in_(("received", "accepted", "sent", "delivered"))


def _mails(conversation_id: uuid.UUID) -> Select[Mail]:
    """E-mails of one conversation, the newest first; what the customer wrote goes before what we wrote at once."""
    mine = (Message.conversation_id == conversation_id, Message.channel == "email", Message.purpose != "staff")
    return (
        select(Mail)
        .join(Message, (Message.tenant_id == Mail.tenant_id) & (Message.id == Mail.id))
        .where(*mine)
        .order_by(Message.at.desc(), Message.id.desc())
    )
