"""What the installation itself wrote to somebody, before a worker takes it out."""

from __future__ import annotations

import re

from sqlalchemy import select

from groundwork import scope
from groundwork.database import open_session
from tenants import post
from tenants.access_models import AccountMail

LINK = re.compile(r"http://[^/\s]+(/\S+)")


class Mailbox:
    """Mails by address, the newest last."""

    def of(self, email: str) -> list[tuple[str, str]]:
        """[(subject, words)]"""
        with open_session(scope.SYSTEM) as system:
            theirs = select(AccountMail).where(AccountMail.recipient == email).order_by(AccountMail.id)
            return [(mail.subject, post.words_of(mail)) for mail in system.scalars(theirs)]

    def link(self, email: str) -> str:
        """The path of the link in the newest mail that has one."""
        found = [link[1] for _subject, words in self.of(email) if (link := LINK.search(words))]
        assert found
        return found[-1]
