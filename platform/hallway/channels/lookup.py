"""What kind of line a number is: mobile, landline, ... Asked of the carrier, who bills each question."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

import urllib3
from urllib3.exceptions import HTTPError

from groundwork import config, metrics
from groundwork.http import pool
from tenants import routing


@dataclass(frozen=True)
class Line:
    """`line_type` is the carrier's word, None when it does not know. `answered` False: ask again another time."""

    answered: bool
    line_type: str | None = None
    valid: bool = True


NO_ANSWER = Line(answered=False)


def line_type(tenant_id: UUID, address: str, seconds: float = 1.5) -> Line:
    """Ask for the line type of an E.164 number, with no transaction open; waits `seconds` at most. Never raises."""
    login = routing.carrier_login_of(tenant_id)
    if login is None:
        return NO_ANSWER
    url = f"{config.settings().carrier_lookups_url}/v2/PhoneNumbers/{address}?Fields=line_type_intelligence"
    headers = urllib3.make_headers(basic_auth=f"{login.account_sid}:{login.auth_token}")
    try:
        with metrics.provider_call.labels("twilio-lookup").time():
            response = pool.urlopen("GET", url, headers=headers, timeout=urllib3.Timeout(total=seconds), redirect=False)
            answer = json.loads(response.data) if response.status == 200 else None
    except (HTTPError, ValueError):
        return NO_ANSWER
    if not isinstance(answer, dict):
        return NO_ANSWER
    found = answer.get("line_type_intelligence")
    kind = found.get("type") if isinstance(found, dict) else None
    return Line(answered=True, line_type=kind, valid=bool(answer.get("valid", True)))
