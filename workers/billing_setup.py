"""`hallway billing`: make the catalogue at Stripe, have events sent here, read subscriptions anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select

from billing import catalog
from billing.models import Payer
from billing.stripe_api import StripeAwayError, StripeRefusedError
from groundwork import config, scope
from groundwork.database import open_session
from hallway import account
from workers import surroundings


@click.group()
def billing() -> None:
    """Plans, prices and subscriptions at Stripe."""


@billing.command("sync-plans")
def sync_plans() -> None:
    """Make products, prices and meters of billing/plans.toml at Stripe. Run again after it changed."""
    with _at_stripe():
        for line in catalog.sync():
            click.echo(line)


@billing.command("webhook")
def webhook() -> None:
    """Have Stripe send its events to HOOKS_URL, and print the secret they will be signed with."""
    with _at_stripe():
        secret = catalog.make_endpoint(config.settings().hooks_url)
        click.echo(f"Put this into the environment of every process, now, for Stripe shows it this once:\n"
                   f"STRIPE_WEBHOOK_SECRET={secret}")  # fmt: skip


@billing.command("reconcile")
def reconcile() -> None:
    """Read every subscription from Stripe now, whatever was heard of it."""
    with _at_stripe():
        with open_session(scope.SYSTEM) as session:
            payers = session.scalars(select(Payer.id).where(Payer.customer.is_not(None))).all()
        for payer_id in payers:
            account.follow(payer_id)
        click.echo(f"{len(payers)} read.")


@contextmanager
def _at_stripe() -> Iterator[None]:
    surroundings.adopt_running(os.environ)
    if not config.settings().stripe_key:
        raise click.ClickException("STRIPE_SECRET_KEY is not set, so nothing is sold here and everything is allowed.")
    try:
        yield
    except (StripeAwayError, StripeRefusedError) as error:
        raise click.ClickException(str(error)) from error
