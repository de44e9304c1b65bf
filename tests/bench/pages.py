"""(c) Pages of the busiest tenant, and the tower of an agency, in a small crowd and in a large one."""

from __future__ import annotations

import asyncio
import re
import sys
import time
from dataclasses import dataclass

import aiohttp
from sqlalchemy import select, update

from groundwork import scope
from groundwork.database import new_id, open_session
from groundwork.tables import Timer
from hallway.insight import measuring
from tenants.models import AgencyMember, Member, Tenant
from tests.bench.crowd import Crowd
from tests.bench.load import Times, times
from tests.bench.report import Row
from tests.bench.stack import Stack, wait_for
from tests.makers import PASSWORD, Person, make_agency, make_user

TIMES = 150
CLIENTS = 40  # of the agency whose tower is asked for
CSRF = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Measured:
    """Answer times of each page among this many messages."""

    messages: int
    pages: dict[str, Times]


def measure(stack: Stack, crowd: Crowd) -> Measured:
    """One browser that asks for each page again and again; milliseconds as the browser sees them."""
    person = make_user("Alice Romero", f"alice-{crowd.messages}@example.com")
    with open_session(scope.tenant(crowd.tenant_id)) as session:
        session.add(Member(id=new_id(), user_id=person.id, name=person.name, email=person.email, role="owner"))
    chief = _agency(crowd)
    with stack.processes([sys.executable, "-m", "workers.cli", "web"]):
        wait_for(stack.web + "/healthz")
        time.sleep(1)
        return Measured(crowd.messages, asyncio.run(_browse(stack, crowd, person, chief)))


def rows(small: Measured, large: Measured) -> list[Row]:
    return [
        Row(
            f"(c) {page}, p50 / p99 ms",
            f"{big} at {large.messages:,} messages",
            f"{small.pages[page]} at {small.messages:,}",
            f"{big.p50 / small.pages[page].p50:.2f}× / {big.p99 / small.pages[page].p99:.2f}×",
            "p99 < 100 ms, flat",
        )
        for page, big in large.pages.items()
    ]


def _agency(crowd: Crowd) -> Person:
    """The owner of an agency that has forty of the crowd as its clients, the leaks of each measured."""
    agency_id = make_agency(f"Northstar {crowd.messages}", f"northstar-{crowd.messages}")
    with open_session(scope.SYSTEM) as session:
        some = select(Tenant.id).where(Tenant.slug.like("business-%")).order_by(Tenant.slug).limit(CLIENTS)
        clients = session.scalars(some).all()
        session.execute(update(Tenant).where(Tenant.id.in_(clients)).values(agency_id=agency_id))
        chief = make_user("Nora Lindqvist", f"nora-{crowd.messages}@example.com")
        session.add(AgencyMember(agency_id=agency_id, user_id=chief.id, role="owner"))
    for tenant_id in clients:
        with open_session(scope.tenant(tenant_id)) as session:
            measuring.measure(session, Timer(tenant_id=tenant_id, kind=measuring.MEASURE, key="all"))
    return chief


async def _browse(stack: Stack, crowd: Crowd, person: Person, chief: Person) -> dict[str, Times]:
    port = stack.web.rsplit(":", 1)[1]
    jar = aiohttp.CookieJar(unsafe=True)
    headers = {"Host": f"{crowd.slug}.localhost:{port}"}
    pages = {
        "inbox page": "/inbox",
        "waiting view": "/inbox?view=waiting",
        "thread page": f"/inbox/{crowd.conversation}",
    }
    pages["search “water heater”"] = "/search?q=water+heater"
    async with aiohttp.ClientSession(stack.web, headers=headers, cookie_jar=jar) as session:
        await _log_in(session, person)
        found = {name: await _ask(session, path) for name, path in pages.items()}
    base, own = {"Host": f"localhost:{port}"}, aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(stack.web, headers=base, cookie_jar=own) as session:
        await _log_in(session, chief)
        return found | {f"tower of {CLIENTS} clients": await _ask(session, "/businesses")}


async def _log_in(session: aiohttp.ClientSession, person: Person) -> None:
    async with session.get("/log-in") as page:
        found = CSRF.search(await page.text())
    form = {"email": person.email, "password": PASSWORD, "csrf_token": found.group(1) if found else ""}
    async with session.post("/log-in", data=form, allow_redirects=False) as answer:
        if answer.status != 303:
            raise RuntimeError(f"Logging in answered {answer.status}.")


async def _ask(session: aiohttp.ClientSession, path: str) -> Times:
    taken = []
    for number in range(TIMES + 10):
        begin = time.perf_counter()
        async with session.get(path, allow_redirects=False) as answer:
            body = await answer.text()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:200]}")
        if number >= 10:
            taken.append(time.perf_counter() - begin)
    return times(taken)
