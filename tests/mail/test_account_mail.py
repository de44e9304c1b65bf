"""Mail of the installation itself: it leaves by the same server, is tried again, and says nothing once it is gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from groundwork import clock, scope
from groundwork.database import open_session
from tenants import post
from tenants.access_models import AccountMail
from tests.mail.post_office import PostOffice
from workers import due, jobs

WORDS = "Hello Alice,\n\nchoose a new password:\n\nhttps://hallway.example/log-in/reset/secret"


def written(**columns: object) -> None:
    with open_session(scope.SYSTEM) as system:
        post.put(system, "alice@example.com", "Choose a new password", WORDS, timedelta(hours=1))
    if columns:
        with open_session(scope.SYSTEM) as system:
            system.execute(update(AccountMail).values(**columns))


def kept() -> AccountMail:
    with open_session(scope.SYSTEM) as system:
        return system.scalars(select(AccountMail)).one()


def work() -> None:
    """What the clock finds due, done as a worker does it."""
    with open_session(scope.SYSTEM) as system:
        found = [bell for tenant_id, bell in due.bells(system) if tenant_id == post.NOBODY]
    for bell in found:
        jobs.answer(str(post.NOBODY), bell)


def test_a_mail_leaves_once_and_its_words_are_forgotten(office: PostOffice) -> None:
    written()
    assert WORDS not in (kept().words_sealed or "")
    work()
    work()
    (came,) = office.came
    assert came.rcpt_tos == ["alice@example.com"]
    assert came.mail["Auto-Submitted"] == "auto-generated"
    assert "https://hallway.example/log-in/reset/secret" in came.part("plain")
    assert (kept().state, kept().words_sealed) == ("sent", None)


def test_a_server_that_asks_for_patience_gets_it_and_one_that_refuses_ends_it(office: PostOffice) -> None:
    written()
    office.answer = "451 later"
    work()
    assert (kept().state, kept().attempts) == ("waiting", 1)
    work()
    assert kept().attempts == 1, "not before its time"
    office.answer = ""
    with open_session(scope.SYSTEM) as system:
        system.execute(update(AccountMail).values(due_at=clock.real()))
    work()
    assert (len(office.came), kept().state) == (1, "sent")


def test_a_mailbox_that_is_not_there_and_a_link_too_old_end_it(office: PostOffice) -> None:
    written(expires_at=clock.real() - timedelta(seconds=1))
    work()
    assert (kept().state, kept().words_sealed, office.came) == ("expired", None, [])
    office.refuse_recipient = "550 5.1.1 nobody here"
    with open_session(scope.SYSTEM) as system:
        system.delete(system.scalars(select(AccountMail)).one())
    written()
    work()
    assert (kept().state, kept().words_sealed) == ("failed", None)
