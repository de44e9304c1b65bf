"""The addresses at which the carrier tells us of texts and calls."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from groundwork import config

# By default the carrier repeats nothing after a 500; this asks for three more tries on any failure
# (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
TRY_AGAIN = "#rc=3&rp=all"
NUMBER_HOOKS = ("voice", "message", "call-status")


def hook_url(account_id: UUID, kind: str, **query: object) -> str:
    """The address for requests of one kind about one carrier account of ours."""
    asked = "?" + urlencode(query) if query else ""
    return f"{config.settings().hooks_url}/hooks/twilio/{account_id}/{kind}{asked}{TRY_AGAIN}"


def hook_urls(account_id: UUID) -> dict[str, str]:
    """What a number must be set to: {"voice", "message", "call-status"} → address."""
    return {kind: hook_url(account_id, kind) for kind in NUMBER_HOOKS}
