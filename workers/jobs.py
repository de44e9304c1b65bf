"""What each bell, event and timer means: plain tables from kind to the deed of the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

import structlog

from groundwork import intake, jobs, timers
from hallway import (
    account,
    appointments,
    calls,
    conversations,
    followup,
    forms,
    inbound,
    lists,
    notices,
    routing,
    sending,
)
from hallway.agencies import carrying, pushing
from hallway.channels import buying, comparing, releasing
from hallway.insight import measuring
from hallway.registration import filing
from hallway.setup import watching
from tenants import domains, post

EVENTS: Mapping[str, intake.Handler] = {
    "mail_in": inbound.receive_mail,
    "mail_news": inbound.receive_mail_news,
    "form_in": forms.receive_event,
    "text_in": inbound.receive_text,
    "text_status": inbound.receive_status,
    "recording": calls.receive_recording,
    "transcription": calls.receive_transcription,
}
TIMERS: Mapping[str, timers.Handler] = {
    "appointment_reminder": appointments.remind,
    "call_deadline": calls.close_overdue,
    "catch_up": inbound.catch_up,
    "compare_numbers": comparing.compare_numbers,
    "escalate": routing.escalate,
    "fetch_media": inbound.fetch_media,
    "fetch_recording": calls.fetch_recording,
    "finish_purchase": buying.finish_purchase,
    followup.MOVE: followup.move_people,
    "follow_registration": filing.follow,
    "follow_missed_call": calls.follow_missed_call,
    "form_reply": forms.reply_when_known,
    "lookup_caller": calls.look_up_caller,
    "missed_call": calls.take_up_missed_call,
    "notice": notices.deliver,
    "notice_unopened": notices.text_if_unopened,
    "page_on_call": calls.page_on_call,
    "place_call": calls.place,
    "raise_alarm": calls.raise_when_due,
    "release_number": releasing.release_number,
    "route": routing.route_when_due,
    "text_back": calls.text_back_when_known,
    "wake": conversations.wake,
    domains.CHECK: domains.check_again,
    watching.TEST: watching.place_test_call,
    watching.WATCH: watching.watch,
    lists.RUN: lists.run,
    lists.UNDO: lists.take_back,
    lists.FORGET: lists.forget,
    lists.EXPORT: lists.write_on,
    lists.DROP: lists.drop,
    measuring.MEASURE: measuring.measure,
    pushing.TAKE: carrying.take,
    pushing.GIVE_BACK: carrying.give_back,
}


def _events(tenant_id: UUID) -> None:
    intake.handle_new(tenant_id, EVENTS)


# Timers handled many at once; they make no network calls.
MANY: Mapping[str, timers.ManyHandler] = {followup.STEP: followup.run_steps}


def _timers(tenant_id: UUID) -> None:
    if timers.run_due(tenant_id, TIMERS) == timers.BATCH:
        jobs.ring_now(tenant_id, "timers")


def _timers_soon(tenant_id: UUID) -> None:
    """A bounded slice of what may wait; the rest goes to the back of the queue, behind other tenants."""
    turn = jobs.Turn(tenant_id, "timers:soon", "soon")
    many = timers.run_many(tenant_id, MANY)
    while many == timers.SLICE and not turn.over():
        many = timers.run_many(tenant_id, MANY)
    if timers.run_due(tenant_id, TIMERS, "soon") == timers.BATCH or many == timers.SLICE:
        jobs.ring_now(tenant_id, "timers:soon", "soon")


def _timers_bulk(tenant_id: UUID) -> None:
    """Each handler does a slice of some seconds and goes to the back of the queue by itself."""
    timers.run_due(tenant_id, TIMERS, "bulk")


BELLS: Mapping[str, Callable[[UUID], object]] = {
    "events": _events,
    "timers": _timers,
    "timers:soon": _timers_soon,
    "timers:bulk": _timers_bulk,
    "deliver:now": partial(sending.deliver, lane="now"),
    "deliver:soon": partial(sending.deliver, lane="soon"),
    "deliver:bulk": partial(sending.deliver, lane="bulk"),
    post.BELL: sending.deliver_account_mail,
    "billing": account.follow,  # the one bell whose id is a payer's, not a tenant's
    "usage": account.watch,
}
QUEUES: Mapping[str, jobs.QueueName] = {
    "timers:soon": "soon",
    "timers:bulk": "bulk",
    "deliver:soon": "soon",
    "deliver:bulk": "bulk",
    "billing": "soon",
    "usage": "soon",
}  # all others: now


def answer(tenant_id: str, kind: str) -> None:
    """Do this tenant's waiting work of `kind`, a bounded slice of it; what is left rings again by itself."""
    tenant = UUID(tenant_id)
    with structlog.contextvars.bound_contextvars(tenant_id=tenant_id, bell=kind):
        jobs.answered(tenant, kind)
        BELLS[kind](tenant)
