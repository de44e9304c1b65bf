"""Addresses a tenant may not send to. Kept by address: merging, importing or deleting a contact lifts nothing."""

from __future__ import annotations

import uuid
from typing import Literal

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id
from hallway.consent import ledger
from hallway.consent.facts import Channel
from hallway.consent.models import Suppression

Reason = Literal[
    "opt_out",
    "carrier_block",
    "wrong_number",
    "invalid_number",
    "landline",
    "bounced",
    "complained",
    "staff",
    "doubtful",
    "import",
]
SuppressionScope = Literal["all", "marketing"]

# How consent was taken back, by the reason that stopped us; the others say nothing about consent.
REVOKED_BY: dict[str, str] = {
    "opt_out": "sms_reply",
    "carrier_block": "carrier",
    "wrong_number": "sms_reply",
    "complained": "complaint",
    "staff": "staff",
}
IN_MAIL = {"opt_out": "mail_reply", "wrong_number": "mail_reply"}
SHORTEST_EVIDENCE = 10


def suppress(
    session: ScopedSession,
    address: str,
    reason: Reason,
    scope: SuppressionScope = "all",
    words: str | None = None,
    rule: str | None = None,
    message_id: uuid.UUID | None = None,
    *,
    by: str | None = None,
    channel: Channel = "sms",
    method: str | None = None,
) -> bool:
    """Send nothing more to `address` (or no marketing), and write the revocation down. False when it was so already.

    `words` are the person's own; `by` is the member who did it by hand, `method` how it was told where the
    reason does not say it.
    """
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "channel": channel, "address": address, "scope": scope}
    row |= {"reason": reason, "words": words, "rule": rule, "source_message_id": message_id}
    unique = [Suppression.tenant_id, Suppression.channel, Suppression.address, Suppression.scope]
    active = text("released_at IS NULL")
    statement = insert(Suppression).values(**row).on_conflict_do_nothing(index_elements=unique, index_where=active)
    if session.execute(statement.returning(Suppression.id)).first() is None:
        return False
    if reason in REVOKED_BY:
        source = {"message_id": str(message_id) if message_id else None, "rule": rule, "member": by}
        said = {key: value for key, value in source.items() if value}
        how = method or (IN_MAIL.get(reason) if channel == "email" else None) or REVOKED_BY[reason]
        ledger.record(session, address, "revoked", scope, how, words, said, channel=channel)
    return True


def is_suppressed(
    session: ScopedSession, address: str, scope: SuppressionScope = "all", *, channel: Channel = "sms"
) -> Suppression | None:
    """The suppression in force for `address`, if there is one."""
    return session.scalar(
        select(Suppression).where(
            Suppression.tenant_id == session.tenant_id,
            Suppression.channel == channel,
            Suppression.address == address,
            Suppression.scope == scope,
            Suppression.released_at.is_(None),
        )
    )


def release_by_person(
    session: ScopedSession, address: str, words: str, message_id: uuid.UUID, *, channel: Channel = "sms"
) -> bool:
    """They wrote START: answers and service messages may go again. Marketing needs new written consent."""
    if not _lift(session, address, f"They wrote “{words}”", channel):
        return False
    source, how = {"message_id": str(message_id)}, "sms_keyword" if channel == "sms" else "mail_reply"
    ledger.record(session, address, "granted", "conversational", how, words, source, channel=channel)
    ledger.record(session, address, "granted", "informational", how, words, source, channel=channel)
    return True


def release(
    session: ScopedSession, address: str, evidence: str, by: str | None = None, *, channel: Channel = "sms"
) -> bool:
    """A member lifts a suppression and says how the person asked for it. Marketing stays off.

    Raises ValueError in plain words when the evidence is missing: an opt-out is not undone by a click.
    """
    if len(evidence.strip()) < SHORTEST_EVIDENCE:
        raise ValueError("Say how and when they asked to hear from you again; it is kept as evidence.")
    if not _lift(session, address, evidence.strip(), channel):
        return False
    source = {"evidence": evidence.strip(), "member": by}
    ledger.record(session, address, "granted", "informational", "staff", source=source, channel=channel)
    return True


def _lift(session: ScopedSession, address: str, evidence: str, channel: Channel) -> bool:
    """Only what stops everything is lifted; one for marketing alone stands."""
    active = is_suppressed(session, address, channel=channel)
    if active is None:
        return False
    mine = (Suppression.tenant_id == session.tenant_id, Suppression.id == active.id)
    session.execute(update(Suppression).where(*mine).values(released_at=clock.now(), release_evidence=evidence))
    return True
