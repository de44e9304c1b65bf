"""The addresses at which the carrier asks what to do with a call and tells how it went."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from groundwork import config

# Try again three times on any failure: by default the carrier repeats nothing after a 500
# (https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides).
TRY_AGAIN = "#rc=3&rp=all"


@dataclass(frozen=True)
class Hooks:
    """The addresses of one carrier account of ours."""

    account_id: UUID

    def url(self, kind: str, **query: object) -> str:
        asked = "?" + urlencode(query) if query else ""
        return f"{config.settings().hooks_url}/hooks/twilio/{self.account_id}/{kind}{asked}{TRY_AGAIN}"
