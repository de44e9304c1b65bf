"""The one door to every page: which host, who, in which role; and the database session with its scope."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from uuid import UUID

import structlog
from flask import Response, after_this_request, flash, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import and_, select
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import Forbidden, NotFound

from blueprints_ui import hosts
from blueprints_ui.deeds import DEEDS
from blueprints_ui.security import csrf
from groundwork import scope
from groundwork.database import Json, ScopedSession, db, open_session
from tenants import audit, signin
from tenants.models import ROLES, Member, Tenant
from tenants.signin import Browser, SignedIn

View = Callable[..., ResponseReturnValue]
SAFE = ("GET", "HEAD", "OPTIONS")
WRITERS = ("owner", "manager", "agent")
MANAGERS = ("owner", "manager")
OWNERS = ("owner",)
# Pages about one's own log-in, and the way out: open also to whoever still owes this business a second factor.
OWN_LOG_IN = ("security_page", "two_factor", "proving", "own_address", "agency")
ASKED_BY_PAGES = ("live.ticket", "live.counts")  # an open page asks by itself: that is nobody's activity
# What a member who sees only some conversations meets: a key is taken, and by what is not for them to know.
NOT_YOURS = "Somebody else here works on this already. Ask an owner or a manager to assign the conversation to you."
login_manager = LoginManager()


class OutOfSight(Exception):
    """A deed put its own conversation where this member does not see it: it is done, and there is nothing to show."""


class Visitor(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """Who Flask-Login remembers; its id is the token in the signed cookie."""

    def __init__(self, token: str, who: SignedIn | None = None) -> None:
        self.token, self.who = token, who

    def get_id(self) -> str:
        return self.token


def page(*, roles: tuple[str, ...] = ROLES, writes: tuple[str, ...] = WRITERS) -> Callable[[View], View]:
    """A business's page: `g.tenant`, `g.who`, `g.member` are set and `db.session` serves this tenant alone.

    `roles` may see it, `writes` may send forms to it. What the view wrote is committed when its answer is below 400.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(**ids: Any) -> ResponseReturnValue:
            place = hosts.here()
            hosts.refuse_own_domain()
            if place.tenant_id is None:
                raise NotFound("This page belongs to a business; open it at the business's own address.")
            who = signed_in()
            if who is None:
                return ask_to_log_in()
            _refuse_other_roles(who, roles, writes)
            if who.lacks_factor and request.blueprint not in OWN_LOG_IN:
                return _go_to("security_page.show")
            _open_tenant(place.tenant_id, who)
            return _commit(view, who, ids)

        guarded.guard = "page"  # type: ignore[attr-defined]  # tests ask every route for these
        guarded.roles, guarded.writes = roles, tuple(role for role in writes if role in roles)  # type: ignore[attr-defined]
        return guarded

    return wrap


def account_page(view: View) -> View:
    """A page of the base domain for a person who is logged in there; `g.who` is set, no scope is open."""

    @wraps(view)
    def guarded(**ids: Any) -> ResponseReturnValue:
        if hosts.here().tenant_id is not None:
            raise NotFound("This page is not part of a business's own address.")
        who = signed_in()
        if who is None:
            return ask_to_log_in()
        g.who = who
        csrf.protect()
        return view(**ids)

    guarded.guard = "account_page"  # type: ignore[attr-defined]
    return guarded


def own_log_in(view: View) -> View:
    """Staff of an agency change their own log-in under their own address, never in a client's account."""

    @wraps(view)
    def guarded(**ids: Any) -> ResponseReturnValue:
        if g.who.agency:
            raise Forbidden(f"You act for {g.tenant.name} here. Change your own log-in at Hallway's own address.")
        return view(**ids)

    return guarded


def own_page(view: View) -> View:
    """A person's own log-in, on a business's host as on the base domain; `g.who` is set. Every role may change it."""
    at_business, at_base = page(writes=ROLES)(view), account_page(view)

    @wraps(view)
    def guarded(**ids: Any) -> ResponseReturnValue:
        return (at_business if hosts.here().tenant_id else at_base)(**ids)

    guarded.guard = "own_page"  # type: ignore[attr-defined]
    return guarded


def open_page(view: View) -> View:
    """A page for anybody, on any host of ours; forms are still protected against forgery."""

    @wraps(view)
    def guarded(**ids: Any) -> ResponseReturnValue:
        hosts.refuse_own_domain()
        csrf.protect()
        return view(**ids)

    guarded.guard = "open_page"  # type: ignore[attr-defined]
    return guarded


def token_page(view: View) -> View:
    """A business's page for whoever holds a link of ours: no log-in, no cookie, no forgery token; the link is proof.

    `db.session` serves this tenant alone, and what the view wrote is committed when its answer is below 400.
    """
    return _for_strangers(view, "token_page")


def public_page(view: View) -> View:
    """A business's page for anybody: `g.tenant` is set and `db.session` serves this tenant alone; nobody is known.

    It asks for no forgery token, for it does nothing in a signed-in person's name and sets no cookie.
    """
    return _for_strangers(view, "public_page")


def _for_strangers(view: View, name: str) -> View:
    @wraps(view)
    def guarded(**ids: Any) -> ResponseReturnValue:
        place = hosts.here()
        if place.tenant_id is None:
            raise NotFound("This page belongs to a business; open it at the business's own address.")
        structlog.contextvars.bind_contextvars(tenant_id=str(place.tenant_id))
        db.session(scope=scope.tenant(place.tenant_id))
        g.tenant = tenant_session().get_one(Tenant, place.tenant_id)
        answer = make_response(view(**ids))
        (db.session.commit if answer.status_code < 400 else db.session.rollback)()
        return answer

    guarded.guard = name  # type: ignore[attr-defined]
    return guarded


def signed_in() -> SignedIn | None:
    """Who sent this request; None for a stranger."""
    who: SignedIn | None = getattr(current_user, "who", None)
    return who


def sign_in(token: str, *, remember: bool = False) -> None:
    """Give this browser its token in a fresh cookie, so that nothing planted before the log-in survives it."""
    session.clear()
    session.permanent = remember
    login_user(Visitor(token))


def is_remembered() -> bool:
    """Whether this browser's cookie outlives it."""
    return bool(session.permanent)


def sign_out() -> None:
    """Forget who this is; the browser forgets the pictures it kept for a day, for the next person at it."""
    logout_user()
    session.clear()
    after_this_request(_clear_cache)


def _clear_cache(answer: Response) -> Response:
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def browser() -> Browser:
    return Browser(request.remote_addr, request.user_agent.string or None)


def ask_to_log_in() -> ResponseReturnValue:
    """To the log-in page, and back to this page afterwards; a fragment asks the whole page to go there."""
    return _go_to("auth.log_in", next=this_page())


def this_page() -> str | None:
    """The address to come back to; None for forms and fragments, which are no pages."""
    fragment = request.headers.get("HX-Request") == "true"
    return request.full_path.rstrip("?") if request.method == "GET" and not fragment else None


def _go_to(endpoint: str, fragment_status: int = 401, **values: Any) -> ResponseReturnValue:
    where = url_for(endpoint, **values)
    if request.headers.get("HX-Request") == "true":
        return Response(status=fragment_status, headers={"HX-Redirect": where})
    return redirect(where)


def _find_visitor(token: str) -> Visitor | None:
    place = hosts.here()
    with open_session(scope.SYSTEM) as system:
        who = signin.find(system, token, place.tenant_id, active=request.endpoint not in ASKED_BY_PAGES)
    return Visitor(token, who) if who else None


def _refuse_other_roles(who: SignedIn, roles: tuple[str, ...], writes: tuple[str, ...]) -> None:
    if who.role not in roles:
        raise Forbidden("Your role in this business does not include this page.")
    if request.method in SAFE:
        return
    csrf.protect()
    if who.role not in writes:
        raise Forbidden("Your role in this business does not include making this change.")


def _open_tenant(tenant_id: UUID, who: SignedIn) -> None:
    structlog.contextvars.bind_contextvars(tenant_id=str(tenant_id), user_id=str(who.user_id))
    db.session(scope=scope.tenant(tenant_id, who.viewer))
    mine = and_(Member.tenant_id == Tenant.id, Member.id == who.member_id)
    row = db.session.execute(select(Tenant, Member).join(Member, mine, isouter=True).where(Tenant.id == tenant_id))
    g.tenant, g.member = row.one()
    g.who = who


def _commit(view: View, who: SignedIn, ids: dict[str, Any]) -> ResponseReturnValue:
    try:
        answer = make_response(view(**ids))
    except OutOfSight:
        flash("It is in other hands now, so it left your inbox.", "good")
        answer = make_response(_go_to("inbox.show_list", fragment_status=200))
    except IntegrityError:
        if not who.viewer:
            raise
        db.session.rollback()
        raise Forbidden(NOT_YOURS) from None
    if answer.status_code >= 400:
        db.session.rollback()
        return answer
    if who.agency and request.method not in SAFE:
        _note_deed_of_agency()
    db.session.commit()
    return answer


def tenant_session() -> ScopedSession:
    """The session of this request, as deeds want it."""
    return cast(ScopedSession, db.session())


def note(action: str, detail: Json | None = None) -> None:
    """Write down for the business to read what this person did, in plain words."""
    g.noted = True
    audit.note(tenant_session(), g.who, action, detail, request.remote_addr)


def note_own(action: str, detail: Json | None = None) -> None:
    """Write down a change of this person's own log-in, for each business they work at to read."""
    g.noted = True
    with open_session(scope.SYSTEM) as system:
        audit.note_everywhere(system, g.who, action, detail, request.remote_addr)


def _note_deed_of_agency() -> None:
    """What agency staff change in a client's account is written down even where the page itself notes nothing."""
    words = DEEDS.get(request.endpoint or "")
    if words and "noted" not in g:
        note(words, {"page": request.path})


def set_up_log_in(app: Any) -> None:
    login_manager.session_protection = None
    login_manager.user_loader(_find_visitor)
    login_manager.init_app(app, add_context_processor=False)  # a page of a failure must not look anybody up
