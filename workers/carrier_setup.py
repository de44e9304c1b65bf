"""Set-up at the carrier: an account per business, and a number whose calls and texts come here (Twilio's REST API)."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import click

from groundwork import config
from hallway import calls
from tenants.routing import CarrierLogin

SECONDS = 20.0


@dataclass(frozen=True)
class Account:
    """An account at the carrier and its token."""

    sid: str
    token: str = field(repr=False)


class CarrierRefusal(click.ClickException):
    """The carrier says no, or nothing; the message is its own."""


def main_account() -> Account:
    """The installation's own account. Raises CarrierRefusal when none is set."""
    settings = config.settings()
    if not (settings.carrier_account_sid and settings.carrier_auth_token):
        raise CarrierRefusal("Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN first (docs/deploy.md, step 7).")
    return Account(settings.carrier_account_sid, settings.carrier_auth_token)


def account_for(name: str) -> Account:
    """The sub-account with this name, made when there is none: own token, own limits, own bill.

    https://www.twilio.com/docs/iam/api/subaccounts
    """
    main = main_account()
    found = _ask(main, "GET", f"/Accounts.json?FriendlyName={quote(name)}&Status=active")["accounts"]
    made = next((one for one in found if one["sid"] != main.sid), None)
    made = made or _ask(main, "POST", "/Accounts.json", {"FriendlyName": name})
    return Account(made["sid"], made["auth_token"])


def find_number(account: Account, e164: str) -> str:
    """The sid of `e164` in `account`, moved there from the main account when it lies there.

    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
    """
    main = main_account()
    sid = _number_in(account, e164)
    if sid is None and account.sid != main.sid:
        sid = _number_in(main, e164)
        if sid:
            _ask(main, "POST", f"/Accounts/{main.sid}/IncomingPhoneNumbers/{sid}.json", {"AccountSid": account.sid})
    if sid is None:
        raise CarrierRefusal(f"{e164} is not among the numbers of your Twilio account. Buy it there first.")
    return sid


def point_here(login: CarrierLogin, number_sid: str) -> None:
    """Have the carrier report calls and texts of a number to this installation."""
    hooks = calls.Hooks(login.id)
    fields = {
        "VoiceUrl": hooks.url("voice"),
        "VoiceMethod": "POST",
        "StatusCallback": hooks.url("call-status"),
        "StatusCallbackMethod": "POST",
        "SmsUrl": hooks.url("message"),
        "SmsMethod": "POST",
        # An application or trunk set on the number would take precedence over the addresses.
        "VoiceApplicationSid": "",
        "SmsApplicationSid": "",
        "TrunkSid": "",
    }
    account = Account(login.account_sid, login.auth_token)
    _ask(account, "POST", f"/Accounts/{account.sid}/IncomingPhoneNumbers/{number_sid}.json", fields)


def _number_in(account: Account, e164: str) -> str | None:
    found = _ask(account, "GET", f"/Accounts/{account.sid}/IncomingPhoneNumbers.json?PhoneNumber={quote(e164)}")
    exact = (one["sid"] for one in found["incoming_phone_numbers"] if one["phone_number"] == e164)
    return next(exact, None)


def _ask(account: Account, method: str, path: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
    request = urllib.request.Request(  # noqa: S310
        f"{config.settings().carrier_api_url}/2010-04-01{path}",
        data=urlencode(fields).encode() if fields is not None else None,
        headers=authorization(account),
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            told: dict[str, Any] = json.loads(answer.read())
            return told
    except urllib.error.HTTPError as error:
        raise CarrierRefusal(f"The carrier refuses: {_words(error)}") from error
    except OSError as error:
        raise CarrierRefusal(f"The carrier does not answer: {error}") from error


def authorization(account: Account) -> dict[str, str]:
    basic = base64.b64encode(f"{account.sid}:{account.token}".encode()).decode()
    return {"Authorization": f"Basic {basic}"}


def _words(error: urllib.error.HTTPError) -> str:
    try:
        told = json.loads(error.read())
        return f"{told['message']} (code {told['code']})"
    except (ValueError, KeyError):
        return f"status {error.code}"


def known_as(tenant_id: UUID, name: str) -> str:
    """How a business's sub-account is called: by its name for people, by its id for us. At most 64 characters."""
    return f"{name[:40]} {str(tenant_id)[:8]}"
