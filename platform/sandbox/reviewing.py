"""Who decides on filings. Refused is what the real reviewers refuse first, and whatever a fault tells them to."""

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.store import Row
from sandbox.world import World

NO_TAX_ID = re.compile(r"0{2}-?0{7}")
SHORTENERS = re.compile(r"\b(bit\.ly|tinyurl\.com|goo\.gl|t\.co)\b", re.IGNORECASE)
REFUSED = ("filing_refused",)


def _judge_brand(here: World, row: Row) -> list[Row]:
    profile = here.core.store.all(
        "SELECT * FROM paper WHERE sid IN (SELECT json_extract(fields, '$.ObjectSid') FROM paper WHERE parent = ?)",
        _told(row)["CustomerProfileBundleSid"],
    )
    said = " ".join(str(_told(piece).get("Attributes", "")) for piece in profile)
    if NO_TAX_ID.search(said) or here.core.faults.strike(REFUSED, f"brand {said}"):
        words = "The tax id does not match the legal name of the business. Check both against the IRS letter CP 575."
        return [{"error_code": "30796", "description": words, "fields": ["tax_id"]}]
    return []


def _judge_campaign(here: World, row: Row) -> list[Row]:
    told = _told(row)
    samples, found = " ".join(told["MessageSamples"]), []
    if "stop" not in (samples + told["MessageFlow"]).lower():
        found.append(("30893", "A sample message has to show how to opt out.", "MESSAGE_SAMPLES"))
    if SHORTENERS.search(samples):
        found.append(("30886", "Sample messages contain a public link shortener.", "MESSAGE_SAMPLES"))
    if len(told["MessageFlow"]) < 40:
        found.append(("30909", "The message flow does not say how people agree to be texted.", "MESSAGE_FLOW"))
    if here.core.faults.strike(REFUSED, f"campaign {told['Description']}"):
        found.append(("30882", "The privacy policy does not say that phone numbers are not shared.", "MESSAGE_FLOW"))
    return [{"error_code": code, "description": words, "fields": [field]} for code, words, field in found]


def _judge_toll_free(here: World, row: Row) -> list[Row]:
    """A toll-free verification, by its reviewer."""
    told = _told(row)
    if "stop" not in str(told["ProductionMessageSample"]).lower():
        return [{"code": 30489, "reason": "The sample message has to show how to opt out.", "field": "sample"}]
    if here.core.faults.strike(REFUSED, f"toll-free {told['BusinessName']}"):
        return [{"code": 30475, "reason": "The opt-in picture does not show how people agree.", "field": "opt_in"}]
    return []


def _accept(_here: World, _row: Row) -> list[Row]:
    return []


def _told(row: Row) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(row["fields"])
    return said


Reviewer = Callable[[World, Row], list[Row]]
REVIEWERS: dict[str, Reviewer] = {
    "CustomerProfiles": _accept,
    "TrustProducts": _accept,
    "brand": _judge_brand,
    "campaign": _judge_campaign,
    "toll_free": _judge_toll_free,
}
