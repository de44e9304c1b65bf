"""The tenant's Slack channel: its incoming webhook, sealed, and what is posted there."""

from __future__ import annotations

import json
from uuid import UUID

from sqlalchemy import select

from groundwork import clock, config, keys, outward, timers
from groundwork.database import ScopedSession, new_id
from hallway.notices.answers import Dead, Later, Sent, WayAnswer
from hallway.notices.events import EVENTS
from hallway.notices.models import Notice, NoticeDelivery, SlackHook

HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
# https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: these will not get better by trying again.
DEAD = (403, 404, 410)
# The kinds there were when the first channels were connected: what those have not chosen, they leave out.
FIRST_KINDS = frozenset(
    "new_lead missed_call reply escalation handed_over mention follow_up booking trouble".split()  # noqa: SIM905
)
LONGEST = 2900  # Slack takes 3,000 characters in a block


class SlackError(ValueError):
    """An address that is no Slack webhook; the message says why."""


def hook(session: ScopedSession) -> SlackHook | None:
    return session.scalar(select(SlackHook))


def connect(session: ScopedSession, url: str, label: str, events: list[str]) -> SlackHook:
    """Post to this channel from now on. Raises SlackError for an address that is no Slack webhook."""
    try:
        parts = outward.check(url)
    except outward.ForbiddenAddressError as error:
        raise SlackError(str(error)) from error
    if parts.hostname not in HOSTS and not config.settings().private_endpoints:
        raise SlackError("A Slack webhook begins with https://hooks.slack.com/services/.")
    found = hook(session) or SlackHook(id=new_id())
    found.label, found.events, found.off_at, found.off_reason = label, events, None, None
    found.left_out = [event for event in EVENTS if event not in events]
    found.url_sealed = keys.seal(config.settings().seal_keys, url, _bound(session.tenant_id))
    session.add(found)
    session.flush()
    return found


def disconnect(session: ScopedSession) -> None:
    found = hook(session)
    if found:
        session.delete(found)
        session.flush()


def address(session: ScopedSession) -> str | None:
    """Where to post; None while there is no channel, or it is switched off."""
    found = hook(session)
    if found is None or found.off_at:
        return None
    return keys.unseal(config.settings().seal_keys, found.url_sealed, _bound(session.tenant_id))


def post_later(session: ScopedSession, notice: Notice) -> None:
    """Write the notice down for the channel, if it takes this event."""
    found = hook(session)
    if found and not found.off_at and takes(found, notice.event):
        post_now(session, notice)


def takes(hook: SlackHook | None, event: str) -> bool:
    """Whether this kind of news is posted: as was chosen, and by what is usual for a kind nobody was asked about."""
    left_out = FIRST_KINDS if hook is None or hook.left_out is None else hook.left_out
    if hook and (event in hook.events or event in left_out):
        return event in hook.events
    return EVENTS[event].channel


def post_now(session: ScopedSession, notice: Notice) -> None:
    """The same whatever events the channel takes: a first message, to see that it arrives."""
    notice.id = new_id()
    session.add(notice)
    session.flush()
    session.add(NoticeDelivery(notice_id=notice.id, way="slack"))
    timers.put(session, "notice", notice.id, notice.told_at)


def post(url: str, notice: Notice, link: str) -> WayAnswer:
    """One post to Slack; its answers are plain words."""
    try:
        reply = outward.post(url, json.dumps(_payload(notice, link)).encode(), {"Content-Type": "application/json"})
    except outward.ForbiddenAddressError as error:
        return Dead(str(error))
    except outward.AwayError as error:
        return Later(f"Slack could not be reached ({error}).")
    if reply.status == 200:
        return Sent()
    if reply.status in DEAD:
        return Dead(f"Slack says: {reply.text.strip()[:80] or reply.status}")
    return Later(f"Slack answered {reply.status}.", reply.retry_after)


def switch_off(session: ScopedSession, reason: str) -> str | None:
    """The channel takes nothing any more. Returns its name the first time, None when it was off."""
    found = hook(session)
    if found is None or found.off_at:
        return None
    found.off_at, found.off_reason = clock.now(), reason
    return found.label


def _payload(notice: Notice, link: str) -> dict[str, object]:
    words = f"*<{link}|{escaped(notice.title)}>*\n{escaped(notice.body)}"[:LONGEST]
    block = {"type": "section", "text": {"type": "mrkdwn", "text": words}}
    return {"text": escaped(f"{notice.title}: {notice.body}")[:LONGEST], "blocks": [block]}


def escaped(words: str) -> str:
    """A customer's words as Slack shows them, so that nobody can write <!channel> and ring everyone."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _bound(tenant_id: UUID) -> str:
    return f"{tenant_id}:slack_hook"
