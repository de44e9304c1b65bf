"""Sending: the one way out. `queue` asks the gate, `deliver` claims, calls the carrier and records."""

from hallway.sending.account_mail import deliver_account_mail
from hallway.sending.consequences import stop_tenant
from hallway.sending.delivery import deliver, send_at_once
from hallway.sending.drafts import Author, Draft, Lane
from hallway.sending.later import answered
from hallway.sending.our_numbers import our_number
from hallway.sending.queueing import (
    Queued,
    cancel_messages,
    cancel_queued,
    queue,
    queue_all,
    retry,
    stop_texting,
)
from hallway.sending.reconciling import reconcile
from hallway.sending.resuming import put_back, release, resume
from hallway.sending.states import FAILED, SETTLED, UNDER_WAY, may_follow
from hallway.sending.statuses import apply_status

__all__ = [
    "FAILED",
    "SETTLED",
    "UNDER_WAY",
    "Author",
    "Draft",
    "Lane",
    "Queued",
    "answered",
    "apply_status",
    "cancel_messages",
    "cancel_queued",
    "deliver",
    "deliver_account_mail",
    "may_follow",
    "our_number",
    "put_back",
    "queue",
    "queue_all",
    "reconcile",
    "release",
    "resume",
    "retry",
    "send_at_once",
    "stop_tenant",
    "stop_texting",
]
