"""Requests in the middle of a call: the carrier waits for TwiML. A repeat gets the very same answer."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import select, update

from groundwork import clock
from groundwork.database import Json, ScopedSession, new_id
from groundwork.tables import InboundEvent
from hallway import calls
from hallway.calls import twiml
from hallway.setup import watching
from webhooks.asked import Asked

PROVIDER = "twilio"
Answer = Callable[[ScopedSession, Asked], str | None]


# Written out: a statement built anew for each request costs as much as running it.
FIRST = """
INSERT INTO inbound_event
  (tenant_id, id, provider, kind, dedupe_key, params, context, received_at, handled_at, state, attempts)
VALUES (%(tenant_id)s, %(id)s, %(provider)s, %(kind)s, %(key)s, cast(%(params)s AS jsonb), '{}', %(now)s, %(now)s,
  'done', 1)
ON CONFLICT (tenant_id, provider, dedupe_key) DO NOTHING RETURNING id
"""


def _once(key_of: Callable[[Asked], str], answer: Answer) -> Answer:
    """`answer`, remembered under its key in the very transaction of its effect.

    A repeat that comes while the first is still at work waits for it at the unique key.
    """

    def answered(session: ScopedSession, asked: Asked) -> str | None:
        key = f"{asked.kind}:{key_of(asked)}"
        if not _is_first(session, asked, key):
            return _remembered(session, key)
        document = answer(session, asked)
        if document:
            _remember(session, asked, key, document)
        return document

    return answered


def _is_first(session: ScopedSession, asked: Asked, key: str) -> bool:
    row: Json = {"tenant_id": session.tenant_id, "id": new_id(), "provider": PROVIDER, "kind": asked.kind, "key": key}
    row |= {"params": json.dumps(asked.params), "now": clock.now()}
    return session.run(FIRST, row).first() is not None


def _remember(session: ScopedSession, asked: Asked, key: str, document: str) -> None:
    mine = (InboundEvent.provider == PROVIDER, InboundEvent.dedupe_key == key)
    context = dict(asked.query) | {"answer": document}
    session.execute(update(InboundEvent).where(*mine).values(context=context))


def _remembered(session: ScopedSession, key: str) -> str | None:
    mine = (InboundEvent.provider == PROVIDER, InboundEvent.dedupe_key == key)
    return session.scalar(select(InboundEvent.context["answer"].astext).where(*mine))


def _call_sid(asked: Asked) -> str:
    return asked.param("CallSid")


def _call_and_turn(asked: Asked) -> str:
    return f"{asked.param('CallSid')}:{asked.count('n')}"


def _call_and_status(asked: Asked) -> str:
    return f"{asked.param('CallSid')}:{asked.params.get('CallStatus', '')}"


def _voice(session: ScopedSession, asked: Asked) -> str:
    return calls.arrive(session, asked.account_id, asked.params)


def _dial(session: ScopedSession, asked: Asked) -> str:
    return calls.dial_done(session, asked.account_id, asked.id("call"), asked.count("n"), asked.params)


def _screen(session: ScopedSession, asked: Asked) -> str:
    return calls.screen(session, asked.account_id, asked.id("call"), asked.id("phone"), asked.params)


def _screen_result(session: ScopedSession, asked: Asked) -> str:
    return calls.screened(session, asked.id("call"), asked.params)


def _voicemail(_session: ScopedSession, _asked: Asked) -> str:
    return calls.thank()


def _call_status(session: ScopedSession, asked: Asked) -> None:
    calls.call_status(session, asked.params)


def _leg_status(session: ScopedSession, asked: Asked) -> None:
    calls.leg_status(session, asked.id("call"), asked.params)


def _bridge(session: ScopedSession, asked: Asked) -> str:
    return calls.whisper(session, asked.account_id, asked.id("call"), asked.params)


def _bridge_accepted(session: ScopedSession, asked: Asked) -> str:
    return calls.bridge(session, asked.account_id, asked.id("call"), asked.params)


def _bridge_done(session: ScopedSession, asked: Asked) -> str:
    return calls.bridged(session, asked.id("call"), asked.params)


def _call_back_wanted(session: ScopedSession, asked: Asked) -> str:
    return calls.take_wanted(session, asked.id("call"), asked.params)


def _test_call(session: ScopedSession, asked: Asked) -> str:
    watching.answered(session, asked.id("test"))
    return twiml.hang_up("This is Hallway, testing whether your calls are forwarded. Please let it ring next time.")


def _test_call_ended(session: ScopedSession, asked: Asked) -> None:
    watching.ended(session, asked.id("test"))


ANSWERS: dict[str, Answer] = {
    "voice": _once(_call_sid, _voice),
    "dial": _once(_call_and_turn, _dial),
    "screen": _once(_call_sid, _screen),
    "screen-result": _once(_call_sid, _screen_result),
    "voicemail": _once(_call_sid, _voicemail),
    "call-status": _once(_call_and_status, _call_status),
    "leg-status": _once(_call_and_status, _leg_status),
    "bridge": _once(_call_sid, _bridge),
    "bridge-accepted": _once(_call_sid, _bridge_accepted),
    "bridge-done": _once(_call_sid, _bridge_done),
    "call-back-wanted": _once(_call_sid, _call_back_wanted),
    "test-call": _once(_call_sid, _test_call),
    "test-call-ended": _once(_call_and_status, _test_call_ended),
}
