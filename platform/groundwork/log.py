"""Structured logs: JSON lines in production, readable lines elsewhere. No message bodies, no full phone numbers."""

from __future__ import annotations

import logging
import re
from typing import Any

import structlog

PHONE = re.compile(r"\+\d{6,14}(?=\d{4}\b)|(?<![\w-])\d{6}(?=\d{4}(?![\w-]))")
FAILING_ROW = re.compile(r"Failing row contains \(.*?\)\.?$", re.DOTALL | re.MULTILINE)


def _mask(_logger: Any, _name: str, event: structlog.types.EventDict) -> structlog.types.EventDict:
    """The last line of defence: any phone number that slipped into a line keeps its last four digits only."""
    return {key: _masked(value) if isinstance(value, str) else value for key, value in event.items()}


def _masked(words: str) -> str:
    """PostgreSQL quotes the whole row that broke a rule, message bodies too."""
    return PHONE.sub("…", FAILING_ROW.sub("Failing row contains …", words))


SHARED: list[structlog.types.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
    _mask,
]


def configure(*, json: bool, level: str = "INFO") -> None:
    """Send every logger of this process, ours and the libraries', through one formatter to standard error."""
    final = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=SHARED, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, final]
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    # The vendor's SDK logs whole addresses, phone numbers included; urllib3 and RQ log every request and job.
    for noisy in ("twilio.http_client", "urllib3", "rq.worker", "rq", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
