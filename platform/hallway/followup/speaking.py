"""What the words of a step may name when they are said to one person."""

from __future__ import annotations

from groundwork import clock, phones
from groundwork.database import Json
from hallway.contacts import Contact
from tenants import hours
from tenants.models import Tenant


def variables(tenant: Tenant, contact: Contact, phone: str | None, facts: Json) -> dict[str, Json]:
    """{"business": ..., "contact": ..., "moment": ...}; `phone` is the person's (E.164), `facts` the moment's own."""
    return {"business": about_business(tenant), **about_person(contact, phone, facts)}


def about_business(tenant: Tenant) -> Json:
    """What is the same for everybody who is written to now."""
    reopens = hours.reopens_in_words(tenant, clock.now())
    return {"name": tenant.name, "phone": phones.pretty(tenant.phone or ""), "reopens": reopens}


def about_person(contact: Contact, phone: str | None, facts: Json) -> dict[str, Json]:
    """{"contact": ..., "moment": ...}"""
    number = phones.pretty(phone) if phone else None
    first_name = contact.name.split()[0] if contact.name else None
    return {
        "contact": {"name": contact.name, "first_name": first_name, "phone": number, "address": contact.address},
        "moment": {name: value for name, value in facts.items() if isinstance(value, str | int | float | bool | None)},
    }
