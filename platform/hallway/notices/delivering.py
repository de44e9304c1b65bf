"""Take a notice out by its ways: network first with no transaction open, then the row of each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, config, live, timers
from groundwork.database import ScopedSession
from groundwork.tables import Timer
from hallway import conversations
from hallway.conversations import Conversation
from hallway.notices import plans, slack, texting, web_push
from hallway.notices.answers import Dead, Failed, Later, Sent, WayAnswer
from hallway.notices.models import Notice, NoticeDelivery, PushDevice
from hallway.notices.telling import tell, tell_managers
from tenants.models import Tenant

MOST_TRIES = 5


class NotYetError(Exception):
    """A way that may work later: its timer tries again with growing waits."""


def deliver(session: ScopedSession, timer: Timer) -> None:
    """Handler of `notice`: every way that still waits, each recorded by itself, so that none goes twice."""
    notice = session.get(Notice, (session.tenant_id, UUID(timer.key)))
    if notice is None:
        return
    later = [one for one in _waiting(session, notice) if not _try(session, notice, one, timer.attempts)]
    if later:
        raise NotYetError(later[0].reason or "")


def text_if_unopened(session: ScopedSession, timer: Timer) -> None:
    """Handler of `notice_unopened`: nobody opened the push and somebody still waits, so the member is texted."""
    notice = session.get(Notice, (session.tenant_id, UUID(timer.key)))
    if notice is None or notice.opened_at or not _still_waits(session, notice):
        return
    session.add(NoticeDelivery(notice_id=notice.id, way="sms", reason="The push was not opened."))
    timers.put(session, "notice", notice.id, clock.now(), move=True)


def _waiting(session: ScopedSession, notice: Notice) -> Sequence[NoticeDelivery]:
    mine = (NoticeDelivery.notice_id == notice.id, NoticeDelivery.state == "waiting")
    return session.scalars(select(NoticeDelivery).where(*mine).order_by(NoticeDelivery.id)).all()


def _still_waits(session: ScopedSession, notice: Notice) -> bool:
    if notice.conversation_id is None:
        return True
    conversation = session.get_one(Conversation, (session.tenant_id, notice.conversation_id))
    return conversation.waiting_since is not None and conversation.status == "open"


def _try(session: ScopedSession, notice: Notice, delivery: NoticeDelivery, attempts: int) -> bool:
    """False when it should be tried again."""
    answer = WAYS_OUT[delivery.way](session, notice, delivery)
    if isinstance(answer, Later) and attempts < MOST_TRIES:
        delivery.reason = answer.reason
        session.commit()
        return False
    _settle(session, notice, delivery, answer)
    session.commit()
    return True


def _settle(session: ScopedSession, notice: Notice, delivery: NoticeDelivery, answer: WayAnswer) -> None:
    delivery.settled_at = clock.now()
    delivery.state = "sent" if isinstance(answer, Sent) else "failed"
    if not isinstance(answer, Sent):
        delivery.reason = answer.reason
    if isinstance(answer, Dead):
        delivery.state = "off"
        _switch_off(session, notice, delivery, answer.reason)
    live.tell(session, "notices")


def _switch_off(session: ScopedSession, notice: Notice, delivery: NoticeDelivery, reason: str) -> None:
    """A dead way takes nothing any more, and those who can mend it hear of it once."""
    if delivery.way == "slack":
        label = slack.switch_off(session, reason)
        if label:
            _trouble(session, f"The Slack channel {label} is switched off", reason, "/settings/notices")
    elif delivery.device_id:
        device = session.get(PushDevice, (session.tenant_id, delivery.device_id))
        if device and device.off_at is None and notice.member_id:
            device.off_at, device.off_reason = clock.now(), reason
            tell(
                session,
                "trouble",
                member_ids=[notice.member_id],
                title=f"Push to {device.label} is switched off",
                body=reason,
                url_path="/settings/notices",
            )


def _trouble(session: ScopedSession, title: str, reason: str, url_path: str) -> None:
    conversations.add_task(
        session, "fix_sending", f"notices:{title}:{clock.now().date()}", title=title, reason=reason, rule="notices.dead"
    )
    tell_managers(session, title=title, body=reason, url_path=url_path)


def _slack(session: ScopedSession, notice: Notice, _delivery: NoticeDelivery) -> WayAnswer:
    url, link = slack.address(session), link_to(session, notice)
    if url is None:
        return Failed("The Slack channel is switched off.")
    session.commit()
    return slack.post(url, notice, link)


def _push(session: ScopedSession, notice: Notice, delivery: NoticeDelivery) -> WayAnswer:
    device = session.get(PushDevice, (session.tenant_id, delivery.device_id)) if delivery.device_id else None
    if device is None or device.off_at or notice.member_id is None:
        return Failed("This browser takes no push any more.")
    words = plans.plan_of(session, notice.member_id).words_in_push
    session.commit()
    return web_push.post(device, notice, with_words=words)


def _text(session: ScopedSession, notice: Notice, delivery: NoticeDelivery) -> WayAnswer:
    return texting.text(session, notice, delivery, link_to(session, notice))


def _mail(session: ScopedSession, notice: Notice, delivery: NoticeDelivery) -> WayAnswer:
    return texting.mail(session, notice, delivery, link_to(session, notice))


def link_to(session: ScopedSession, notice: Notice) -> str:
    """The address that marks the notice opened and leads on."""
    slug = session.get_one(Tenant, session.tenant_id).slug
    base = config.settings().tenant_url(slug)
    return f"{base}/notices/{notice.id}" if notice.member_id else base + notice.url_path


WAYS_OUT: Mapping[str, Callable[[ScopedSession, Notice, NoticeDelivery], WayAnswer]] = {
    "slack": _slack,
    "push": _push,
    "sms": _text,
    "email": _mail,
}
