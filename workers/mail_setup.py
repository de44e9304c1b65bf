"""`hallway inlet`: addresses at which a mail provider posts inbound mail and news to us."""

from __future__ import annotations

import os

import click

from groundwork import config
from hallway.channels import mail_sendgrid
from hallway.channels.mail_inlets import INLETS
from tenants import mail_routes
from workers import surroundings

SIGNS = ("mailgun",)


@click.command()
@click.argument("provider", type=click.Choice(sorted(INLETS)))
@click.option("--business", help="The subdomain of the one business it is for; without it, every business.")
@click.option(
    "--signing-key", multiple=True,
    help="Mailgun's HTTP webhook signing key; or SendGrid's verification keys, of the Event Webhook and of a security "
    "policy of Inbound Parse (give both). Then only what they signed is taken.",
)  # fmt: skip
def inlet(provider: str, business: str | None, signing_key: tuple[str, ...]) -> None:
    """Make the addresses to give to PROVIDER, and print them once: they hold a secret."""
    surroundings.adopt_running(os.environ)
    if provider in SIGNS and not signing_key:
        raise click.ClickException("Mailgun signs what it posts: give its HTTP webhook signing key in --signing-key.")
    tenant_id = mail_routes.tenant_of_slug(business) if business else None
    if business and tenant_id is None:
        raise click.ClickException(f"There is no business at “{business}”.")
    made = mail_routes.open_inlet(provider, tenant_id, _secret(provider, signing_key))
    tail = "" if signing_key else f"/{made.secret}"
    address = f"{config.settings().hooks_url}/hooks/mail/{provider}/{made.id}"
    click.echo(f"Inbound mail:  {address}/in{tail}")
    click.echo(f"Events:        {address}/news{tail}")


def _secret(provider: str, keys: tuple[str, ...]) -> str | None:
    """What the inlet checks requests by; None: a secret of our own, in the address."""
    if not keys:
        return None
    if provider == "sendgrid":
        try:
            return mail_sendgrid.sealed_keys(keys)
        except mail_sendgrid.BadKeyError as error:
            raise click.ClickException(str(error)) from error
    if provider not in SIGNS or len(keys) > 1:
        raise click.ClickException(
            "Mailgun has one signing key, SendGrid may have several, and Postmark signs nothing."
        )
    return keys[0]
