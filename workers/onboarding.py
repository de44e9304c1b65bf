"""`hallway tenant add` and `hallway number connect`: the first business of an installation, from the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from twilio.base.exceptions import TwilioException

from groundwork import config, phones, scope
from groundwork.database import new_id, open_session
from hallway.channels import carrier
from hallway.channels.answers import CarrierAwayError
from hallway.channels.models import Number
from tenants import businesses, invitations, routing
from tenants.models import Tenant
from tenants.routing import CarrierLogin
from workers import surroundings

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
USUAL_HOURS = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@click.group()
def tenant() -> None:
    """Businesses of this installation."""


@click.group()
def number() -> None:
    """Phone numbers that customers call."""


@tenant.command("add")
@click.argument("name")
@click.option("--slug", required=True, help='Its name in addresses, such as "bluff-creek".')
@click.option("--trade", type=click.Choice(sorted(businesses.TRADES)), default="general", show_default=True)
@click.option("--timezone", type=click.Choice(sorted(businesses.ZONES)), required=True)
@click.option("--state", type=click.Choice(businesses.STATES), required=True)
@click.option("--owner", nargs=2, required=True, metavar="NAME EMAIL", help="Who gets the first log-in.")
def add(name: str, slug: str, trade: str, timezone: str, state: str, owner: tuple[str, str]) -> None:
    """Add a business and print the link with which its owner joins."""
    surroundings.adopt_running(os.environ)
    if not SLUG.fullmatch(slug):
        raise click.ClickException("The slug may hold small letters, digits and hyphens between them.")
    tenant_id = _create(name=name, slug=slug, trade=trade, timezone=timezone, state=state)
    with open_session(scope.tenant(tenant_id)) as session:
        token = invitations.invite(session, owner[1], owner[0], "owner")
    url = config.settings().tenant_url(slug)
    click.echo(f"{name} is at {url}\n{owner[0]} joins, within three days, at:\n  {url}/join/{token}")


def _create(**columns: Any) -> UUID:
    tenant_id = new_id()
    try:
        with open_session(scope.SYSTEM) as session:
            session.add(Tenant(id=tenant_id, hours=USUAL_HOURS, **columns))
    except IntegrityError as error:
        raise click.ClickException(f"There is already a business called “{columns['slug']}” in addresses.") from error
    return tenant_id


@number.command("connect")
@click.argument("slug")
@click.argument("phone")
@click.option("--label", default="Main line", show_default=True)
@click.option("--forwarded", is_flag=True, help="The business keeps its old number and forwards unanswered calls.")
@click.option("--account-sid", help="A Twilio account of its own; its token in the variable ACCOUNT_AUTH_TOKEN.")
def connect(slug: str, phone: str, label: str, forwarded: bool, account_sid: str | None) -> None:
    """Point a number of your Twilio account at this installation. Run again after HOOKS_URL or a token changed."""
    surroundings.adopt_running(os.environ)
    try:
        e164 = phones.e164(phone)
    except phones.NotAPhoneNumberError as error:
        raise click.ClickException(str(error)) from error
    business = _find(slug)
    with _plain_errors():
        asked = _account(business, account_sid)
        sid = _number_sid(asked, e164)
        login = _keep(business, asked, e164)
        carrier.lead_to_us(login, sid)
    _list(business, e164, sid, label, "forwarded" if forwarded else "direct")
    click.echo(f"Calls and texts to {e164} now reach {business.name}.")


@number.command("point")
def point() -> None:
    """Point every number at this installation again, after HOOKS_URL changed."""
    surroundings.adopt_running(os.environ)
    with open_session(scope.SYSTEM) as session:
        lines = session.execute(select(Number.tenant_id, Number.e164, Number.provider_sid).where(Number.active)).all()
    for tenant_id, e164, sid in lines:
        login = routing.carrier_login_of(tenant_id)
        if login:
            with _plain_errors():
                carrier.lead_to_us(login, sid)
            click.echo(f"Calls and texts to {e164} reach {config.settings().hooks_url}.")


def _find(slug: str) -> Tenant:
    with open_session(scope.SYSTEM) as session:
        found = session.scalar(select(Tenant).where(Tenant.slug == slug))
    if found is None:
        raise click.ClickException(f"There is no business called “{slug}”. `hallway tenant add` makes one.")
    return found


def _account(business: Tenant, account_sid: str | None) -> CarrierLogin:
    """The account that is named, the one it has, or a new sub-account: own token, own limits, own bill."""
    if account_sid:
        token = os.environ.get("ACCOUNT_AUTH_TOKEN", "")
        if not token:
            raise click.ClickException(f"Put the token of {account_sid} into the variable ACCOUNT_AUTH_TOKEN.")
        return CarrierLogin(new_id(), business.id, account_sid, token)
    known = routing.carrier_login_of(business.id)
    return known or CarrierLogin(new_id(), business.id, *carrier.make_account(f"{business.name[:40]} {business.slug}"))


def _number_sid(login: CarrierLogin, e164: str) -> str:
    """The carrier's id of a number we own, taken over from the main account when it lies there.

    https://www.twilio.com/docs/iam/api/subaccounts#exchanging-numbers
    """
    owned = carrier.own_numbers(login).get(e164)
    if owned:
        return owned
    main = carrier.client()
    there = main.incoming_phone_numbers.list(phone_number=e164, limit=5)
    sid = next((one.sid for one in there if one.phone_number == e164), None)
    if sid is None:
        raise click.ClickException(f"{e164} is not among the numbers of your Twilio account. Buy it there first.")
    main.incoming_phone_numbers(sid).update(account_sid=login.account_sid)
    return str(sid)


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except TwilioException as error:
        # The vendor's client tells a refused page of a list only by the answer's text.
        told = re.search(r'"message": ?"([^"]*)"', str(error))
        raise click.ClickException(f"The carrier refuses: {told[1] if told else error}") from error
    except CarrierAwayError as error:
        raise click.ClickException(f"The carrier does not answer as it should: {error}.") from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _keep(business: Tenant, asked: CarrierLogin, e164: str) -> CarrierLogin:
    with open_session(scope.SYSTEM) as session:
        routing.route_number(session, e164, business.id)
        account_id = routing.connect_account(session, business.id, asked.account_sid, asked.auth_token)
        login = routing.carrier_account(session, account_id)
        if login is None or login.tenant_id != business.id:
            raise click.ClickException("That Twilio account serves another business. Each needs an account of its own.")
    return login


def _list(business: Tenant, e164: str, sid: str, label: str, mode: str) -> None:
    with open_session(scope.tenant(business.id)) as session:
        line = session.scalar(select(Number).where(Number.e164 == e164))
        if line is None:
            line = Number(id=new_id(), e164=e164, provider_sid=sid, label=label)
            session.add(line)
        line.provider_sid, line.label, line.mode, line.active = sid, label, mode, True
