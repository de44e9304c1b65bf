"""What the carriers ask of a business before it may text, prefilled from what is known, in the owner's words."""

from __future__ import annotations

from typing import Any

from groundwork.database import Json, ScopedSession
from hallway import playbooks
from tenants.models import Tenant

KINDS = {"10dlc": "Local numbers (10DLC)", "toll_free": "Toll-free numbers"}
BUSINESS_KINDS = {
    "company": "A company with a tax id (EIN)",
    "sole_proprietor": "Just me, without a tax id",
}
BUSINESS_TYPES = (
    "Limited Liability Corporation",
    "Corporation",
    "Partnership",
    "Co-operative",
    "Non-profit Corporation",
)
DESCRIPTION = (
    "{name} answers people who called and were not picked up, replies to their questions, confirms and reminds of "
    "appointments, and follows up on estimates they asked for. Only people who contacted us first are texted."
)
FLOW = (
    "People call {name} or fill in the form on {website}, which says that we answer by text, that message frequency "
    "varies, that message and data rates may apply, and that they can reply STOP at any time or HELP for help. The box "
    "for offers is not ticked beforehand and is no condition of service."
)
SAMPLE = "{name}: we'll see you tomorrow between 8 and 10 am. Reply C to confirm. Reply STOP to opt out."
FIELDS = (
    "business_kind", "legal_name", "business_type", "ein", "street", "city", "state", "zip", "website", "privacy_url",
    "terms_url", "contact_first", "contact_last", "contact_title", "contact_email", "contact_phone", "description",
    "flow", "sample_1", "sample_2", "opt_in_url",
)  # fmt: skip


def prefilled(session: ScopedSession, tenant: Tenant, name: str, email: str) -> Json:
    """The form with what this business told elsewhere; its samples are the very texts that it sends."""
    first, _, last = name.partition(" ")
    website = tenant.website or ""
    said: dict[str, Any] = dict.fromkeys(FIELDS, "")
    said |= {"business_kind": "company", "business_type": BUSINESS_TYPES[0], "legal_name": tenant.name}
    said |= {"state": tenant.state or "", "zip": tenant.zip or "", "website": website}
    said |= {"privacy_url": f"{website.rstrip('/')}/privacy" if website else "", "contact_first": first}
    said |= {
        "contact_last": last,
        "contact_title": "Owner",
        "contact_email": email,
        "contact_phone": tenant.phone or "",
    }
    said["description"] = DESCRIPTION.format(name=tenant.name)
    said["flow"] = FLOW.format(name=tenant.name, website=website or "our website")
    said["sample_1"] = playbooks.say(session, tenant, "text_back.open")
    said["sample_2"] = SAMPLE.format(name=tenant.name)
    return said
