"""Write an inbound e-mail down: their own words in the thread, the whole of it beside, files that may be shown."""

from __future__ import annotations

from groundwork.database import ScopedSession, new_id
from groundwork.tables import InboundEvent
from hallway.channels import mail_words, media
from hallway.channels.mail_came import Came, File
from hallway.conversations import Attachment, Conversation, Mail, Message
from hallway.inbound.told import Told

MOST_FILES = 10
SMALLEST_PICTURE = 512  # bytes; smaller ones count who opened the mail
ALSO_KEPT = frozenset({"text/plain", "text/calendar"})


def told_of(event: InboundEvent, came: Came) -> Told:
    """The mail as the rules for texts read one: what they wrote, without what they quoted."""
    to = came.envelope[0] if came.envelope else ""
    words = mail_words.new_words(came.words)
    return Told(f"mail:{event.id}", came.sender, to, words, (), None, event.received_at, "email")


def keep_mail(
    session: ScopedSession,
    conversation: Conversation,
    text: Told,
    came: Came,
    *,
    unverified: bool,
    label: str | None,
    rule: str | None,
) -> Message:
    """The mail as a row of `conversation`."""
    kept, left_out = _sorted(came.files)
    message = Message(
        id=new_id(),
        conversation_id=conversation.id,
        at=text.at,
        direction="in",
        channel="email",
        kind="auto_reply" if came.automatic else "inbound",
        purpose="reply",
        state="received",
        from_address=came.sender,
        to_address=text.number,
        subject=came.subject or None,
        body=text.body or ("" if kept else "(no words)"),
        provider_sid=text.sid,
        label=label,
        label_rule=rule,
        media=[],
    )
    session.add(message)
    session.flush()
    session.add(_mail(message, text, came, unverified, left_out))
    session.add_all(_attachment(message, place, one) for place, one in enumerate(kept))
    session.flush()
    return message


def _mail(message: Message, text: Told, came: Came, unverified: bool, left_out: list[str]) -> Mail:
    notes = [came.automatic] if came.automatic else []
    notes += [f"Left out: {', '.join(left_out)}"] if left_out else []
    return Mail(
        id=message.id,
        message_id=came.header_id or f"<{message.id}@unknown.invalid>",
        references=" ".join(reversed(came.references)),
        whole=came.words if came.words.strip() != text.body.strip() else None,
        sender_name=came.sender_name or None,
        unverified=unverified,
        notes=". ".join(note for note in notes if note) or None,
    )


def _sorted(files: tuple[File, ...]) -> tuple[list[File], list[str]]:
    """What may be kept and shown, and what was left out with the reason."""
    kept: list[File] = []
    left_out: list[str] = []
    for one in files:
        name = " ".join(one.name.split())[:80]
        if one.content_type.startswith("image/") and len(one.data) < SMALLEST_PICTURE:
            continue
        if one.content_type not in media.KINDS | ALSO_KEPT:
            left_out.append(f"{name} (files of this kind are not kept)")
        elif len(one.data) > media.LARGEST:
            left_out.append(f"{name} (larger than 10 MB)")
        elif len(kept) >= MOST_FILES:
            left_out.append(f"{name} (more than {MOST_FILES} files)")
        else:
            kept.append(one)
    return kept, left_out


def _attachment(message: Message, place: int, one: File) -> Attachment:
    return Attachment(
        id=new_id(),
        message_id=message.id,
        source_url=f"mail:{message.id}/{place}",
        content_type=one.content_type,
        size=len(one.data),
        state="stored",
        data=one.data,
    )
