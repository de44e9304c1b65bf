"""Fill an empty installation with the demo world; an installation that has a business is left alone."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import func, select

from groundwork import clock, config, scope
from groundwork.database import ScopedSession, new_id, open_session
from hallway.calls.models import Phone
from hallway.channels import carrier
from hallway.channels.models import Number
from hallway.forms import WebForm
from tenants import accounts, routing
from tenants.models import Agency, AgencyMember, Member, Tenant
from tenants.routing import CarrierLogin
from workers.demo import crew, follow_ups, mails, month, plans, requests, visits, world
from workers.demo.rings import Business
from workers.demo.world import Shop

log = structlog.get_logger(__name__)


def seed() -> None:
    """Make the demo world if there is no business yet, and leave its log-ins in var/demo.json."""
    if not _empty():
        log.info("there are businesses already; the demo world is not made")
        plans.put_on_sale()
        return
    agency_id = _agency()
    shops = {_open_shop(shop, agency_id if shop.by_agency else None): shop for shop in world.SHOPS}
    if plans.put_on_sale():
        plans.buy(shops)
    _write_log_ins()


def _empty() -> bool:
    with open_session(scope.SYSTEM) as session:
        return session.scalar(select(func.count()).select_from(Tenant)) == 0


def _agency() -> UUID:
    with open_session(scope.SYSTEM) as session:
        agency = Agency(id=new_id(), **world.AGENCY)
        nora = accounts.create_account(session, world.NORA.email, world.NORA.name, world.PASSWORD)
        session.add(agency)
        session.flush()
        session.add(AgencyMember(agency_id=agency.id, user_id=nora.id, role=world.NORA.role))
        return agency.id


def _open_shop(shop: Shop, agency_id: UUID | None) -> UUID:
    """The business, its people, its account and number at the carrier, and the month behind it."""
    tenant = Tenant(id=new_id(), slug=shop.slug, agency_id=agency_id, hours=shop.hours, **shop.columns)
    with open_session(scope.SYSTEM) as session:
        session.add(tenant)
        session.flush()
        users = [accounts.create_account(session, one.email, one.name, world.PASSWORD) for one in shop.people]
        login = _connect(session, tenant)
    with open_session(scope.tenant(tenant.id)) as session:
        for user, person in zip(users, shop.people, strict=True):
            session.add(Member(id=new_id(), user_id=user.id, name=user.name, email=user.email, role=person.role))
        for place, cell in enumerate(shop.cells):
            phone = Phone(id=new_id(), label=cell.label, e164=cell.e164, position=place, rings=True, on_call=place == 0)
            session.add(phone)
        session.flush()
    _buy_number(str(shop.columns["name"]), shop.area_code, login)
    _live_through_a_month(tenant.id)
    with open_session(scope.tenant(tenant.id)) as session:
        requests.put_up(session, shop)
    return tenant.id


def _connect(session: ScopedSession, tenant: Tenant) -> CarrierLogin:
    sid, token = carrier.make_account(f"{tenant.name[:40]} {str(tenant.id)[:8]}")
    account_id = routing.connect_account(session, tenant.id, sid, token)
    login = routing.carrier_account(session, account_id)
    if login is None:
        raise RuntimeError("The account that was just connected is not there.")
    return login


def connect_and_buy(tenant: Tenant, area_code: str) -> None:
    """An account at the carrier and a number in it, for a business that is there."""
    with open_session(scope.SYSTEM) as session:
        login = _connect(session, tenant)
    _buy_number(tenant.name, area_code, login)


def _buy_number(name: str, area_code: str, login: CarrierLogin) -> None:
    e164 = carrier.numbers_for_sale(login, area_code, limit=1)[0]
    number_sid = carrier.buy_number(login, e164, name)
    with open_session(scope.SYSTEM) as session:
        routing.route_number(session, e164, login.tenant_id)
    with open_session(scope.tenant(login.tenant_id)) as session:
        session.add(Number(id=new_id(), e164=e164, provider_sid=number_sid, label="Main line"))


def _live_through_a_month(tenant_id: UUID) -> None:
    now = clock.now()
    with open_session(scope.tenant(tenant_id)) as session:
        business = Business(
            tenant=session.scalars(select(Tenant)).one(),
            number=session.scalars(select(Number)).one(),
            phone=session.scalars(select(Phone).order_by(Phone.position).limit(1)).one(),
            members=list(session.scalars(select(Member).order_by(Member.id))),
        )
        for story in sorted(month.stories(business.tenant.trade), key=lambda one: (-one.day, one.hour)):
            month.tell(session, business, story, now)
        session.flush()
        follow_ups.set_going(session, business, now)
        crew.work(session, business, now)
        session.flush()
        visits.book(session, business, now)
        if business.tenant.trade == "plumbing":
            mails.write(session, business.tenant)


def _write_log_ins() -> None:
    """For whoever starts the demo: who can log in, and which phones ring."""
    settings = config.settings()
    cells = [{"number": cell.e164, "name": cell.label} for shop in world.SHOPS for cell in shop.cells]
    Path(settings.var, "demo_phones.json").write_text(json.dumps(cells, indent=2) + "\n")
    sites = [{"slug": shop.slug, "name": shop.columns["name"], "line": shop.line} for shop in world.SHOPS]
    for site, shop in zip(sites, world.SHOPS, strict=True):
        site["form"] = _form_of(shop)
    Path(settings.var, "demo_sites.json").write_text(json.dumps(sites, indent=2) + "\n")
    rows = [
        _log_in(f"{person.name}, {person.role} of {shop.columns['name']}", person.email, settings.tenant_url(shop.slug))
        for shop in world.SHOPS
        for person in shop.people
    ]
    rows.append(_log_in(f"{world.NORA.name}, {world.AGENCY['name']}", world.NORA.email, settings.public_url))
    Path(settings.var, "demo.json").write_text(json.dumps(rows, indent=2) + "\n")


def _form_of(shop: Shop) -> str:
    """The key of the form that stands on the shop's web site."""
    with open_session(scope.SYSTEM) as session:
        mine = select(WebForm.key).join(Tenant, Tenant.id == WebForm.tenant_id).where(Tenant.slug == shop.slug)
        return session.scalars(mine.order_by(WebForm.id).limit(1)).one()


def _log_in(who: str, email: str, url: str) -> dict[str, str]:
    return {"who": who, "email": email, "password": world.PASSWORD, "url": url}
