"""Channels: how words reach a person. One file per provider and one line in CHANNELS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from hallway.channels import mail_smtp, sms_twilio
from hallway.channels.addresses import hook_url, hook_urls
from hallway.channels.answers import (
    Accepted,
    Answer,
    CarrierAwayError,
    Later,
    Letter,
    LetterFile,
    Outgoing,
    Refused,
    Sent,
    Unknown,
)
from hallway.channels.errors import Fault, fault
from hallway.channels.lookup import Line, line_type
from hallway.channels.models import Number
from tenants.routing import CarrierLogin


class Channel(NamedTuple):
    """`send` never raises; `sent_to(login, recipient, sender, since)` lists what the provider has.

    A provider that cannot tell what it has (SMTP) has no `sent_to`: what is asked twice of it has the same id.
    """

    send: Callable[[CarrierLogin | None, Outgoing], Answer]
    sent_to: Callable[[CarrierLogin, str, str, datetime], list[Sent]] | None


CHANNELS: Mapping[str, Channel] = {
    "sms": Channel(sms_twilio.send, sms_twilio.sent_to),
    "email": Channel(mail_smtp.send, None),
}

__all__ = [
    "CHANNELS",
    "Accepted",
    "Answer",
    "CarrierAwayError",
    "Channel",
    "Fault",
    "Later",
    "Letter",
    "LetterFile",
    "Line",
    "Number",
    "Outgoing",
    "Refused",
    "Sent",
    "Unknown",
    "fault",
    "hook_url",
    "hook_urls",
    "line_type",
]
