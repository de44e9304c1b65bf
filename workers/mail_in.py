"""`hallway mail-in`: takes mail for our own domain by SMTP, keeps it, and lets a worker read it.

It takes nothing for anybody else, so it is no open relay; what it has said 250 to is in the database.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import Any

import psycopg
import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.exc import SQLAlchemyError

from groundwork import config, intake, metrics
from hallway.channels import mail_inlets

LARGEST = 30 * 1024 * 1024
LATER = "451 4.3.0 Please try again later"
log = structlog.get_logger(__name__)


class Door:
    """What the server asks at each step of a mail; answers are SMTP replies."""

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Only addresses that are ours."""
        try:
            owner = await asyncio.to_thread(mail_inlets.tenant_for, address)
        except SQLAlchemyError:
            return LATER
        if owner is None:
            metrics.webhooks.labels("mail-smtp", "in", "550").inc()
            return "550 5.1.1 Nobody here has this address"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """250 only once it is kept for every business it is for."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        try:
            await asyncio.to_thread(_keep, raw, list(envelope.rcpt_tos), envelope.mail_from or "")
        except (SQLAlchemyError, psycopg.Error) as error:
            log.warning("a mail could not be kept; its sender tries again", error=type(error).__name__)
            metrics.webhooks.labels("mail-smtp", "in", "451").inc()
            return LATER
        metrics.webhooks.labels("mail-smtp", "in", "taken").inc()
        return "250 2.0.0 Kept"


def _keep(raw: bytes, recipients: list[str], sender: str) -> None:
    owners: dict[Any, list[str]] = {}
    for address in recipients:
        owners.setdefault(mail_inlets.tenant_for(address), []).append(address)
    for owner, addresses in owners.items():
        key, stored = mail_inlets.by_smtp(raw, addresses, sender)
        intake.keep(owner, mail_inlets.SMTP, "mail_in", f"mail_in:{key}", stored, {})


def serve() -> None:
    """Take mail at MAIL_IN_BIND until SIGTERM or SIGINT."""
    asyncio.run(_serve())


async def _serve() -> None:
    logging.getLogger("mail.log").setLevel(logging.WARNING)  # the library would log every address
    host, _, port = config.settings().mail_in_bind.rpartition(":")
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    server = await loop.create_server(_session, host or "127.0.0.1", int(port))
    async with server:
        await stop.wait()


def _session() -> SMTP:
    return SMTP(Door(), data_size_limit=LARGEST, hostname=config.settings().mail_in_domain, enable_SMTPUTF8=True)
