"""Set-up work at the carrier, with the vendor's own client: accounts, numbers, where the carrier calls us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import urllib3
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import HTTPError

from groundwork import config
from groundwork.http import pool
from hallway.channels.addresses import hook_urls
from hallway.channels.answers import CarrierAwayError
from tenants.routing import CarrierLogin

SECONDS = 20
WRONG_CREDENTIALS = 20003
# Left from earlier use: an application or trunk makes the carrier ignore our addresses, a fallback leads to strangers
# (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
AHEAD_OF_US = (
    "voice_application_sid", "sms_application_sid", "trunk_sid", "voice_fallback_url", "sms_fallback_url",
)  # fmt: skip
TAKEN = (21421, 21422, 21452)  # sold to somebody else meanwhile, not sellable, none left there


class NoCarrierError(ValueError):
    """This installation has no account at a carrier yet."""


class NumberTakenError(Exception):
    """Somebody else has this number now; offer another."""


def client(account_sid: str = "", auth_token: str = "") -> Client:
    """The vendor's client for one account; the installation's main account when none is named."""
    known = config.settings()
    sid, token = account_sid or known.carrier_account_sid, auth_token or known.carrier_auth_token
    if not sid or not token:
        raise NoCarrierError("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set.")
    # Every argument is given: left out, the vendor's client would read the environment.
    return Client(sid, token, account_sid=sid, http_client=_Transport(), environment={"TWILIO": ""})


def make_account(name: str) -> tuple[str, str]:
    """The sub-account of this name, made if there is none: (sid, auth token). Asked twice it is one account."""
    with errors():
        main = client()
        known = main.api.v2010.accounts.list(friendly_name=name[:64], status="active", limit=20)
        found = next((one for one in known if one.sid != main.username), None)
        account = found or main.api.v2010.accounts.create(friendly_name=name[:64])
        return account.sid, account.auth_token


def numbers_for_sale(login: CarrierLogin, area_code: str, limit: int = 10) -> list[str]:
    """E.164 numbers one could buy in an area code, for calls and texts."""
    with errors():
        window = client_of(login).available_phone_numbers("US").local
        found = window.list(area_code=int(area_code), sms_enabled=True, voice_enabled=True, limit=limit)
        return [one.phone_number for one in found]


def buy_number(login: CarrierLogin, e164: str, label: str = "") -> str:
    """Buy a number and lead its calls and texts to us; returns its SID. One that is ours already is only led to us.

    Raises NumberTakenError, or CarrierAwayError (asked again, it looks before it buys: no second purchase).
    """
    with errors():
        ours = _own(login, e164)
        if ours:
            return lead_to_us(login, ours)
        made = client_of(login).incoming_phone_numbers.create(
            phone_number=e164, friendly_name=(label or e164)[:64], **_led(login.id)
        )
        return str(made.sid)


def lead_to_us(login: CarrierLogin, number_sid: str) -> str:
    """Set every address of a number we own, and take away what goes before them; returns its SID."""
    with errors():
        client_of(login).incoming_phone_numbers(number_sid).update(**_led(login.id), **dict.fromkeys(AHEAD_OF_US, ""))
        return number_sid


def own_numbers(login: CarrierLogin) -> dict[str, str]:
    """Numbers this account has at the carrier: {E.164: SID}."""
    with errors():
        owned = client_of(login).incoming_phone_numbers.list(limit=1000)
        return {one.phone_number: one.sid for one in owned}


def wrong_with(account_sid: str, auth_token: str) -> str | None:
    """What is wrong with these credentials, in plain words; None when they work. Raises CarrierAwayError."""
    try:
        with errors():
            account = client(account_sid, auth_token).api.v2010.accounts(account_sid).fetch()
    except TwilioRestException as error:
        if error.status in (401, 403, 404):
            return "The carrier does not accept this account and token."
        raise
    return None if account.status == "active" else f"The account is {account.status} at the carrier."


def _own(login: CarrierLogin, e164: str) -> str | None:
    found = client_of(login).incoming_phone_numbers.list(phone_number=e164, limit=5)
    return next((one.sid for one in found if one.phone_number == e164), None)


def _led(account_id: UUID) -> dict[str, str]:
    """Calls, texts and the end of calls, each to its address."""
    hooks = hook_urls(account_id)
    post = dict.fromkeys(("voice_method", "sms_method", "status_callback_method"), "POST")
    return {"voice_url": hooks["voice"], "sms_url": hooks["message"], "status_callback": hooks["call-status"], **post}


def client_of(login: CarrierLogin) -> Client:
    """The vendor's client for a tenant's own account."""
    return client(login.account_sid, login.auth_token)


@contextmanager
def errors() -> Iterator[None]:
    """The vendor's exceptions as ours."""
    try:
        yield
    except TwilioRestException as error:
        if error.code in TAKEN:
            raise NumberTakenError("This number is not for sale any more.") from error
        if error.status >= 500 or error.status == 429:
            raise CarrierAwayError(f"answered {error.status}") from error
        raise
    except TwilioException as error:
        # A page of a list that failed tells its status only by the answer it carries.
        status = getattr(error.args[-1], "status_code", 0) if error.args else 0
        if status >= 500 or status == 429:
            raise CarrierAwayError(f"answered {status}") from error
        raise


class _Transport(HttpClient):  # type: ignore[misc]  # the vendor ships no types
    """The vendor's client on our pooled one: always a time-out, and no host but those we are configured for."""

    def __init__(self) -> None:
        super().__init__(None, False, SECONDS)

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,  # noqa: ARG002 - the vendor's signature
    ) -> Response:
        target = _target(url, urlencode(list(_pairs(params))))
        given = dict(headers or {}) | (urllib3.make_headers(basic_auth=":".join(auth)) if auth else {})
        body = urlencode(list(_pairs(data))) if data else None
        limit = urllib3.Timeout(total=timeout or SECONDS)
        try:
            answer = pool.urlopen(method, target, body=body, headers=given, timeout=limit, redirect=False)
        except HTTPError as error:
            raise CarrierAwayError(type(error).__name__) from error
        return Response(answer.status, answer.data.decode(), answer.headers)


def _target(url: str, query: str) -> str:
    """The vendor's address on the host we are configured for. Raises TwilioException for any other host."""
    known = config.settings()
    bases = {
        "api.twilio.com": known.carrier_api_url,
        "messaging.twilio.com": known.carrier_messaging_url,
        "lookups.twilio.com": known.carrier_lookups_url,
        "trusthub.twilio.com": known.carrier_trusthub_url,
        "pricing.twilio.com": known.carrier_pricing_url,
    }
    where = urlsplit(url)
    if where.hostname not in bases:
        raise TwilioException(f"{where.hostname} is not an address of the carrier we are configured for")
    asked = "&".join(part for part in (where.query, query) if part)
    return f"{bases[where.hostname]}{where.path}" + (f"?{asked}" if asked else "")


def _pairs(fields: Mapping[str, object] | None) -> Iterator[tuple[str, str]]:
    """Lists become repeated fields, true and false small words, as the vendor's own transport writes them."""
    for name, value in (fields or {}).items():
        for item in value if isinstance(value, list) else [value]:
            yield name, str(item).lower() if isinstance(item, bool) else str(item)
