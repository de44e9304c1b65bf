"""Take out the installation's own mail: claimed with a lease, sent with no transaction open, then recorded."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select, update

from groundwork import clock, config, jobs, scope
from groundwork.database import open_session
from hallway.channels import CHANNELS, Accepted, Answer, Later, Letter, Outgoing, Unknown, mail_layout
from tenants import post
from tenants.access_models import AccountMail

LEASE = timedelta(minutes=2)
BATCH = 20
MOST_TRIES = 8
log = structlog.get_logger(__name__)


def deliver_account_mail(_nobody: UUID) -> None:
    """Send what is due, a bounded slice of it; what is left rings again."""
    claimed = _claim()
    for mail in claimed:
        _record(mail, _send(mail))
    if len(claimed) == BATCH:
        jobs.ring_now(post.NOBODY, post.BELL)


def _claim() -> list[AccountMail]:
    now = clock.real()
    due = select(AccountMail).where(AccountMail.state == "waiting", AccountMail.due_at <= now)
    with open_session(scope.SYSTEM) as system:
        found = system.scalars(due.order_by(AccountMail.due_at).limit(BATCH).with_for_update(skip_locked=True)).all()
        for mail in found:
            if mail.expires_at <= now:
                mail.state, mail.settled_at, mail.words_sealed = "expired", now, None
            else:
                mail.due_at, mail.attempts = now + LEASE, mail.attempts + 1
    return [mail for mail in found if mail.state == "waiting"]


def _send(mail: AccountMail) -> Answer:
    words, brand = post.words_of(mail), mail_layout.Brand(mail.sender_name)
    sender = config.settings().mail_from
    letter = Letter(
        subject=mail.subject,
        sender_name=mail.sender_name,
        reply_to=sender,
        return_path=sender,
        header_id=f"<account-{mail.id}@{sender.partition('@')[2]}>",
        references=(),
        text=mail_layout.text(brand, words),
        html=mail_layout.html(brand, words),
        automatic=True,
        unsubscribe=None,
    )
    left = int((mail.expires_at - clock.real()).total_seconds())
    return CHANNELS["email"].send(None, Outgoing(mail.id, sender, mail.recipient, words, left, letter))


def _record(mail: AccountMail, answer: Answer) -> None:
    """A second try is harmless: the Message-ID stays the same, and a link in it works once."""
    now = clock.real()
    values: dict[str, object] = {"state": "sent", "settled_at": now, "words_sealed": None}
    if isinstance(answer, Later | Unknown) and mail.attempts < MOST_TRIES:
        values = {"due_at": now + timedelta(seconds=min(2**mail.attempts * 5, 600)), "error": answer.reason}
    elif not isinstance(answer, Accepted):
        values |= {"state": "failed", "error": answer.reason}
        log.warning("account mail failed", mail_id=str(mail.id), reason=answer.reason[:200])
    with open_session(scope.SYSTEM) as system:
        system.execute(update(AccountMail).where(AccountMail.id == mail.id).values(**values))
