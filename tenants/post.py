"""Mail of the installation itself to one person: invitations, resets, news of their own log-in; a worker sends it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from groundwork import clock, config, jobs, keys
from groundwork.database import ScopedSession, new_id
from tenants import branding
from tenants.access_models import AccountMail

NOBODY = UUID(int=0)  # the bell of work that belongs to no tenant
BELL = "account_mail"


def put(
    system: ScopedSession,
    recipient: str,
    subject: str,
    words: str,
    lasts: timedelta,
    sender_name: str | None = None,
) -> None:
    """Queue a mail once this SYSTEM session commits; past `lasts` it is not sent any more.

    Clients of an agency get it in the agency's name, with its support address.
    """
    now, id_ = clock.real(), new_id()
    look = branding.for_mailbox(system, recipient)
    sender_name = sender_name or (look.product if look else branding.OURS)
    if look and look.support:
        words += f"\n\nQuestions? Write to {look.support}."
    sealed = keys.seal(config.settings().seal_keys, words, _bound(id_))
    mail = AccountMail(id=id_, recipient=recipient, subject=subject, words_sealed=sealed, sender_name=sender_name)
    mail.due_at, mail.expires_at = now, now + lasts
    system.add(mail)
    system.after_commit(lambda: jobs.ring_now(NOBODY, BELL), once=BELL)


def words_of(mail: AccountMail) -> str:
    """What it says. Raises UnsealError for another row's words, or with another installation's keys."""
    return keys.unseal(config.settings().seal_keys, mail.words_sealed or "", _bound(mail.id))


def _bound(id_: UUID) -> str:
    return f"{id_}/account_mail.words"
