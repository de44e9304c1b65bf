"""What the carrier sells: numbers by place, what they cost, the service they join, and giving them back."""

from __future__ import annotations

from dataclasses import dataclass

from twilio.base.exceptions import TwilioRestException

from groundwork import phones
from hallway.channels import carrier, prices
from hallway.channels.prices import Kind, Price
from tenants.routing import CarrierLogin

KINDS: dict[str, Kind] = {"local": "local", "toll_free": "toll_free"}
TOLL_FREE = ("+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888")
ALREADY_IN = (21710, 21712)
GONE = 404


@dataclass(frozen=True)
class Offer:
    """A number for sale. `place` is "Austin, TX" where the carrier says one; `price` is what the carrier takes."""

    e164: str
    kind: Kind
    place: str
    price: Price


def kind_of(e164: str) -> Kind:
    return "toll_free" if e164.startswith(TOLL_FREE) else "local"


def offers(*, area_code: str = "", zip_code: str = "", toll_free: bool = False, limit: int = 6) -> list[Offer]:
    """Numbers for calls and texts near an area code or ZIP, or toll-free. Raises CarrierAwayError."""
    wanted: dict[str, object] = {"sms_enabled": True, "voice_enabled": True, "limit": limit, "page_size": limit}
    if area_code:
        wanted["area_code"] = int(area_code)
    elif zip_code and not toll_free:
        wanted["in_postal_code"] = zip_code
    with carrier.errors():
        window = carrier.client().available_phone_numbers("US")
        found = (window.toll_free if toll_free else window.local).list(**wanted)
    kind: Kind = "toll_free" if toll_free else "local"
    price = prices.monthly(kind)
    return [Offer(one.phone_number, kind, _place(one), price) for one in found]


def service_of(login: CarrierLogin, words: str) -> str:
    """The account's messaging service, made if there is none: its SID. Asked twice it is one service.

    Texts that come in go to the number's own address: without that word the service would swallow them.
    """
    with carrier.errors():
        services = carrier.client_of(login).messaging.v1.services
        known = services.list(limit=20)
        found = (
            known[0]
            if known
            else services.create(friendly_name=words[:64], use_inbound_webhook_on_number=True, sticky_sender=True)
        )
        return str(found.sid)


def join_service(login: CarrierLogin, service_sid: str, number_sid: str) -> None:
    """Put a number of the account into its service; one that is in already stays."""
    with carrier.errors():
        try:
            carrier.client_of(login).messaging.v1.services(service_sid).phone_numbers.create(
                phone_number_sid=number_sid
            )
        except TwilioRestException as error:
            if error.code not in ALREADY_IN:
                raise


def name(login: CarrierLogin, number_sid: str, words: str) -> None:
    """What the carrier's own pages call this number, up to 64 characters."""
    with carrier.errors():
        carrier.client_of(login).incoming_phone_numbers(number_sid).update(friendly_name=words[:64])


def give_back(login: CarrierLogin, number_sid: str) -> None:
    """Release a number for good: the carrier has no way back. One that is gone already is fine."""
    with carrier.errors():
        try:
            carrier.client_of(login).incoming_phone_numbers(number_sid).delete()
        except TwilioRestException as error:
            if error.status != GONE:
                raise


def billed(login: CarrierLogin) -> dict[str, tuple[str, str]]:
    """The carrier's own list of this account's numbers: {E.164: (SID, name)}. Raises CarrierAwayError."""
    with carrier.errors():
        owned = carrier.client_of(login).incoming_phone_numbers.list(limit=1000)
        return {one.phone_number: (one.sid, one.friendly_name or phones.pretty(one.phone_number)) for one in owned}


def _place(one: object) -> str:
    locality, region = getattr(one, "locality", None), getattr(one, "region", None)
    return ", ".join(part for part in (locality, region) if part)
