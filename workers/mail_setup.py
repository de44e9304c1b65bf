"""`hallway inlet`: addresses at which a mail provider posts inbound mail and news to us."""

from __future__ import annotations

import os

import click

from groundwork import config
from hallway.channels.mail_inlets import INLETS
from tenants import mail_routes
from workers import surroundings

SIGNS = ("mailgun",)


@click.command()
@click.argument("provider", type=click.Choice(sorted(INLETS)))
@click.option("--business", help="The subdomain of the one business it is for; without it, every business.")
@click.option("--signing-key", default="", help="Mailgun's HTTP webhook signing key.")
def inlet(provider: str, business: str | None, signing_key: str) -> None:
    """Make the addresses to give to PROVIDER, and print them once: they hold a secret."""
    surroundings.adopt_running(os.environ)
    if provider in SIGNS and not signing_key:
        raise click.ClickException("Mailgun signs what it posts: give its HTTP webhook signing key in --signing-key.")
    tenant_id = mail_routes.tenant_of_slug(business) if business else None
    if business and tenant_id is None:
        raise click.ClickException(f"There is no business at “{business}”.")
    made = mail_routes.open_inlet(provider, tenant_id, signing_key or None)
    tail = "" if provider in SIGNS else f"/{made.secret}"
    address = f"{config.settings().hooks_url}/hooks/mail/{provider}/{made.id}"
    click.echo(f"Inbound mail:  {address}/in{tail}")
    click.echo(f"Events:        {address}/news{tail}")
