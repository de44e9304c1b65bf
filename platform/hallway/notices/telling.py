"""Tell members: rows now, in the transaction of what happened; the ways out follow after its commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from groundwork import clock, live, timers
from groundwork.database import ScopedSession, new_id
from hallway.conversations import Conversation
from hallway.notices import plans, slack
from hallway.notices.events import EVENTS, event_of
from hallway.notices.models import Notice, NoticeDelivery, NoticePlan, PushDevice
from tenants import shifts
from tenants.models import Member, Tenant

BURST = timedelta(minutes=5)  # news of one conversation within it are one notice
GOOD_FOR = timedelta(hours=2)  # what could not be told by then is only shown in the app
TITLE, BODY = 120, 600


def tell(
    session: ScopedSession,
    event: str,
    *,
    conversation: Conversation | None = None,
    member_ids: Iterable[UUID] | None = None,
    title: str,
    body: str,
    url_path: str,
    urgent: bool = False,
) -> int:
    """Tell members of `event` (see `EVENTS`) by the ways they chose; returns how many are told, off shift included.

    `member_ids` None is everybody on shift. `url_path` is where the notice leads, such as "/inbox/<id>". Several of one
    conversation within five minutes are one notice with the newest words. `urgent` also reaches those off shift.
    Raises KeyError for an event that does not exist.
    """
    event_of(event)
    told = {"event": event, "title": title[:TITLE], "body": body[:BODY], "url_path": url_path, "urgent": urgent}
    conversation_id = conversation.id if conversation else None
    business, now = session.get_one(Tenant, session.tenant_id), clock.now()
    members = _members(session, business, member_ids, now)
    for member in members:
        _tell_one(session, business, member, Notice(**told, conversation_id=conversation_id, told_at=now))
    slack.post_later(session, Notice(**told, conversation_id=conversation_id, told_at=now))
    live.tell(session, "notices")
    return len(members)


def tell_managers(session: ScopedSession, *, title: str, body: str, url_path: str, urgent: bool = False) -> int:
    """Something of the business's own needs mending: owners and managers hear of it, on shift or not."""
    who = select(Member.id).where(Member.role.in_(("owner", "manager")), Member.removed_at.is_(None))
    ids = session.scalars(who).all()
    return tell(session, "trouble", member_ids=ids, title=title, body=body, url_path=url_path, urgent=urgent)


def opened(session: ScopedSession, member_id: UUID, *, conversation_id: UUID) -> None:
    """The member looked at the conversation: its notices are read, and no text follows them."""
    mine = (Notice.tenant_id == session.tenant_id, Notice.member_id == member_id, Notice.opened_at.is_(None))
    statement = update(Notice).where(*mine, Notice.conversation_id == conversation_id).values(opened_at=clock.now())
    session.execute(statement.execution_options(synchronize_session=False))


def _members(session: ScopedSession, business: Tenant, ids: Iterable[UUID] | None, now: datetime) -> Sequence[Member]:
    if ids is None:
        return shifts.on_shift(session, business, now)
    here = select(Member).where(Member.id.in_(set(ids)), Member.removed_at.is_(None)).order_by(Member.id)
    return session.scalars(here).all()


def _tell_one(session: ScopedSession, business: Tenant, member: Member, notice: Notice) -> None:
    if _joins_a_burst(session, member, notice):
        return
    plan = plans.plan_of(session, member.id)
    working = shifts.is_on_shift(session, business, member.id, notice.told_at)
    notice.id, notice.member_id = new_id(), member.id
    notice.quiet = not (working or plan.off_shift_too or notice.urgent)
    session.add(notice)
    session.flush()
    if notice.quiet:
        return
    ways = _deliveries(session, notice, plan)
    session.add_all(ways)
    session.flush()
    if ways:
        timers.put(session, "notice", notice.id, notice.told_at, expires_at=notice.told_at + GOOD_FOR)
    if any(one.way == "push" for one in ways) and not any(one.way == "sms" for one in ways):
        _text_if_unopened(session, notice, plan)


def _joins_a_burst(session: ScopedSession, member: Member, notice: Notice) -> bool:
    """Somebody who was told a moment ago and has not looked is not told again; the words become the newest ones."""
    if notice.conversation_id is None:
        return False
    same = (Notice.member_id == member.id, Notice.conversation_id == notice.conversation_id)
    fresh = (Notice.event == notice.event, Notice.opened_at.is_(None), Notice.told_at > notice.told_at - BURST)
    earlier = session.scalar(select(Notice).where(*same, *fresh).order_by(Notice.id.desc()).limit(1).with_for_update())
    if earlier is None or (notice.urgent and not earlier.urgent):
        return False
    earlier.title, earlier.body, earlier.times = notice.title, notice.body, earlier.times + 1
    return True


def _deliveries(session: ScopedSession, notice: Notice, plan: NoticePlan) -> list[NoticeDelivery]:
    """A row for each way out; push is one for each browser of theirs."""
    chosen = plans.ways_of(plan, notice.event)
    rows = [NoticeDelivery(notice_id=notice.id, way=way) for way in chosen if way != "push"]
    if "push" not in chosen:
        return rows
    mine = (PushDevice.member_id == notice.member_id, PushDevice.off_at.is_(None))
    devices = session.scalars(select(PushDevice.id).where(*mine)).all()
    return rows + [NoticeDelivery(notice_id=notice.id, way="push", device_id=device) for device in devices]


def _text_if_unopened(session: ScopedSession, notice: Notice, plan: NoticePlan) -> None:
    if plan.fallback_minutes and EVENTS[notice.event].needs_person:
        due = notice.told_at + timedelta(minutes=plan.fallback_minutes)
        timers.put(session, "notice_unopened", notice.id, due, expires_at=due + GOOD_FOR)
