"""Settings → Notices: by which ways one wants to be told; the business's Slack channel; what went out."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from blueprints_ui import guard
from blueprints_ui.guard import MANAGERS, page
from groundwork import clock
from groundwork.database import new_id
from hallway.calls import phones
from hallway.channels import numbers
from hallway.notices import EVENTS, WAYS, Notice, NoticeDelivery, PushDevice, plans, slack, telling, web_push
from tenants.models import ROLES, Member

notice_page = Blueprint("notice_page", __name__)
WAITS = {0: "Never", 3: "3 minutes", 5: "5 minutes", 10: "10 minutes", 20: "20 minutes"}
SHOWN = 30


@notice_page.get("/settings/notices")
@page()
def show() -> ResponseReturnValue:
    return _page()


@notice_page.post("/settings/notices")
@page(writes=ROLES)
def save() -> ResponseReturnValue:
    member, session = _me(), guard.tenant_session()
    ways = {event: request.form.getlist(f"ways_{event}") for event in EVENTS}
    minutes = request.form.get("fallback_minutes", "5")
    plans.change(
        session,
        member.id,
        ways,
        off_shift_too="off_shift_too" in request.form,
        words_in_push="words_in_push" in request.form,
        fallback_minutes=int(minutes) if minutes.isdigit() and int(minutes) in WAITS else 5,
    )
    if g.who.role in guard.WRITERS and not _carry(member):
        return _page(phone_error="Somebody else has this phone. Choose another one."), 422
    flash("Saved.", "good")
    return _back()


@notice_page.post("/settings/notices/devices")
@page(writes=ROLES)
def add_device() -> ResponseReturnValue:
    """What the browser's push manager gave, as JSON."""
    member = _me()
    given = request.get_json(silent=True)
    label = _browser_name(request.user_agent.string or "")
    try:
        web_push.subscribe(guard.tenant_session(), member.id, given, label)
    except web_push.PushError as error:
        return {"error": str(error)}, 422
    return {"label": label}


@notice_page.post("/settings/notices/devices/<uuid:device_id>/remove")
@page(writes=ROLES)
def remove_device(device_id: UUID) -> ResponseReturnValue:
    session = guard.tenant_session()
    device = session.get(PushDevice, (session.tenant_id, device_id))
    if device is None or device.member_id != g.who.member_id:
        abort(404)
    session.delete(device)
    flash(f"{device.label} gets no push any more.", "good")
    return _back()


@notice_page.post("/settings/notices/slack")
@page(writes=MANAGERS)
def connect_slack() -> ResponseReturnValue:
    url, label = request.form.get("url", "").strip(), request.form.get("label", "").strip()[:60]
    events = [event for event in EVENTS if event in request.form.getlist("events")]
    session = guard.tenant_session()
    try:
        slack.connect(session, url or slack.address(session) or "", label or "Slack", events)
    except slack.SlackError as error:
        return _page(slack_error=str(error)), 422
    guard.note("Connected a Slack channel", {"channel": label})
    notice = Notice(id=new_id(), event="trouble", title="Hallway is connected", times=1, urgent=False, quiet=False)
    notice.body, notice.url_path, notice.told_at = "News you chose are posted here.", "/inbox", clock.now()
    slack.post_now(session, notice)
    flash("Connected. A first message is on its way to the channel.", "good")
    return _back()


@notice_page.post("/settings/notices/slack/remove")
@page(writes=MANAGERS)
def remove_slack() -> ResponseReturnValue:
    slack.disconnect(guard.tenant_session())
    guard.note("Disconnected the Slack channel")
    flash("Nothing is posted to Slack any more.", "good")
    return _back()


@notice_page.get("/notices/<uuid:notice_id>")
@page()
def follow(notice_id: UUID) -> ResponseReturnValue:
    """Where a notice leads; it counts as opened, so no text follows it."""
    session = guard.tenant_session()
    notice = session.get(Notice, (session.tenant_id, notice_id))
    if notice is None:
        abort(404)
    if notice.member_id == g.who.member_id:
        notice.opened_at = notice.opened_at or clock.now()
        if notice.conversation_id and notice.member_id:
            telling.opened(session, notice.member_id, conversation_id=notice.conversation_id)
        session.commit()
    return redirect(notice.url_path, 303)


@notice_page.get("/push-worker.js")
@guard.open_page
def worker() -> Response:
    """The browser's background part; at the root, for its folder is how far it reaches."""
    answer = send_from_directory(str(notice_page.root_path) + "/../static", "push-worker.js", max_age=0)
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return answer


def _me() -> Member:
    """The member who is here; agency staff are told in their own accounts, not in a client's."""
    if g.member is None:
        abort(403, "Notices are for members of this business.")
    member: Member = g.member
    return member


def _carry(member: Member) -> bool:
    chosen = request.form.get("phone", "")
    session = guard.tenant_session()
    known = {str(cell.id): cell.id for cell in plans.cells_for(session, member.id)}
    if chosen and chosen not in known:
        return False
    return plans.carry(session, member.id, known.get(chosen))


def _back() -> ResponseReturnValue:
    return redirect(url_for("notice_page.show"), 303)


def _browser_name(agent: str) -> str:
    kinds = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Mac", "Mac"),
        ("Windows", "Windows"),
        ("Linux", "Linux"),
    )
    kind = next((name for mark, name in kinds if mark in agent), "Browser")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{kind} on {system}" if system else kind


def _page(*, phone_error: str | None = None, slack_error: str | None = None) -> str:
    session = guard.tenant_session()
    member = g.member
    plan = plans.plan_of(session, member.id) if member else None
    return render_template(
        "settings/notices.html",
        plan=plan,
        chosen={event: plans.ways_of(plan, event) for event in EVENTS} if plan else {},
        events=EVENTS,
        ways=WAYS,
        waits=WAITS,
        cell=plans.cell_of(session, member.id) if member else None,
        cells=plans.cells_for(session, member.id) if member else [],
        devices=_devices(member.id) if member else [],
        log=_log(member.id) if member else [],
        hook=slack.hook(session),
        posted=[event for event in EVENTS if slack.takes(slack.hook(session), event)],
        push_key=web_push.public_key(),
        phone_error=phone_error,
        unreachable=phones.unreachable(session),
        start_to=next((one.e164 for one in numbers.numbers(session) if one.active), None),
        slack_error=slack_error,
    )


def _devices(member_id: UUID) -> list[PushDevice]:
    mine = select(PushDevice).where(PushDevice.member_id == member_id)
    return list(guard.tenant_session().scalars(mine.order_by(PushDevice.id)))


def _log(member_id: UUID) -> list[tuple[Notice, list[NoticeDelivery]]]:
    """The member's latest notices, each with the ways it went."""
    session = guard.tenant_session()
    latest = select(Notice).where(Notice.member_id == member_id).order_by(Notice.told_at.desc(), Notice.id.desc())
    found = list(session.scalars(latest.limit(SHOWN)))
    ids = [notice.id for notice in found]
    ways = session.scalars(select(NoticeDelivery).where(NoticeDelivery.notice_id.in_(ids)).order_by(NoticeDelivery.id))
    by_notice: dict[UUID, list[NoticeDelivery]] = {}
    for way in ways:
        by_notice.setdefault(way.notice_id, []).append(way)
    return [(notice, by_notice.get(notice.id, [])) for notice in found]
