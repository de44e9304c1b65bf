"""Papers filed with the carrier, with the vendor's own client: who the business is, its brand, campaign, verification.

Each function is one step. What has an own list at the carrier is looked for there first, for brands and campaigns cost
money each time. Steps and identifiers: https://www.twilio.com/docs/messaging/compliance/a2p-10dlc/onboarding-isv-api
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from twilio.base.exceptions import TwilioRestException

from hallway.channels import carrier
from tenants.routing import CarrierLogin

SECONDARY_PROFILE, STARTER_PROFILE = "RNdfbf3fae0e1107f8aded0e7cead80bf5", "RN806dd6cd175f314e1f96a9727ee271f4"
MESSAGING_PROFILE, STARTER_MESSAGING = "RNb0d4771c2c98518d916a3d4cd70a8f8b", "RN670d5d2e282a6130ae063b234b6019c8"
Said = Mapping[str, Any]


class Verdict(NamedTuple):
    """How a filing stands: pending, approved or refused, with the carrier's reasons [{"field", "words"}]."""

    state: str
    reasons: list[dict[str, str]]


class PapersRefusedError(Exception):
    """The carrier does not take a paper at all; the message is its own."""


def refused(error: TwilioRestException) -> PapersRefusedError:
    return PapersRefusedError(str(error.msg or "The carrier did not take it."))


def make_profile(login: CarrierLogin, said: Said) -> str:
    """The bundle that says who the business is: made, filled and handed in. Returns its SID."""
    hub = carrier.client_of(login).trusthub.v1
    sole = said["business_kind"] == "sole_proprietor"
    with carrier.errors():
        profile = hub.customer_profiles.create(
            friendly_name=said["legal_name"],
            email=said["contact_email"],
            policy_sid=STARTER_PROFILE if sole else SECONDARY_PROFILE,
        )
        pieces = [
            hub.end_users.create(friendly_name=kind, type=kind, attributes=json.dumps(attributes)).sid
            for kind, attributes in _people(said, sole=sole)
        ]
        for piece in (*pieces, _address(login, said)):
            hub.customer_profiles(profile.sid).customer_profiles_entity_assignments.create(object_sid=piece)
        hub.customer_profiles(profile.sid).update(status="pending-review")
    return str(profile.sid)


def _people(said: Said, *, sole: bool) -> list[tuple[str, dict[str, str]]]:
    contact = {
        "first_name": said["contact_first"],
        "last_name": said["contact_last"],
        "email": said["contact_email"],
        "phone_number": said["contact_phone"],
    }
    if sole:
        return [("starter_customer_profile_information", contact)]
    business = {
        "business_name": said["legal_name"],
        "business_identity": "direct_customer",
        "business_type": said["business_type"],
        "business_industry": "CONSTRUCTION",
        "business_registration_identifier": "EIN",
        "business_registration_number": said["ein"],
        "business_regions_of_operation": "USA_AND_CANADA",
        "website_url": said["website"],
        "social_media_profile_urls": "",
    }
    representative = contact | {"business_title": said["contact_title"], "job_position": "Director"}
    return [("customer_profile_business_information", business), ("authorized_representative_1", representative)]


def _address(login: CarrierLogin, said: Said) -> str:
    """The supporting document that holds the business's address."""
    client = carrier.client_of(login)
    address = client.api.v2010.accounts(login.account_sid).addresses.create(
        customer_name=said["legal_name"],
        street=said["street"],
        city=said["city"],
        region=said["state"],
        postal_code=said["zip"],
        iso_country="US",
    )
    attributes = json.dumps({"address_sids": address.sid})
    document = client.trusthub.v1.supporting_documents.create(
        friendly_name="Address", type="customer_profile_address", attributes=attributes
    )
    return str(document.sid)


def make_messaging_profile(login: CarrierLogin, said: Said, profile_sid: str) -> str:
    """The bundle that says what kind of company texts; returns its SID."""
    hub = carrier.client_of(login).trusthub.v1
    sole = said["business_kind"] == "sole_proprietor"
    with carrier.errors():
        product = hub.trust_products.create(
            friendly_name=said["legal_name"],
            email=said["contact_email"],
            policy_sid=STARTER_MESSAGING if sole else MESSAGING_PROFILE,
        )
        kind = "sole_proprietor_information" if sole else "us_a2p_messaging_profile_information"
        attributes = {"brand_name": said["legal_name"], "vertical": "CONSTRUCTION"} if sole else {}
        attributes |= {"mobile_phone_number": said["contact_phone"]} if sole else {"company_type": "private"}
        piece = hub.end_users.create(friendly_name=kind, type=kind, attributes=json.dumps(attributes))
        for sid in (piece.sid, profile_sid):
            hub.trust_products(product.sid).trust_products_entity_assignments.create(object_sid=sid)
        hub.trust_products(product.sid).update(status="pending-review")
    return str(product.sid)


def make_brand(login: CarrierLogin, said: Said, profile_sid: str, messaging_sid: str) -> str:
    """Register the brand, once for each profile; returns its SID."""
    brands = carrier.client_of(login).messaging.v1.brand_registrations
    with carrier.errors():
        known = [one for one in brands.list(limit=50) if one.customer_profile_bundle_sid == profile_sid]
        made = (
            known[0]
            if known
            else brands.create(
                customer_profile_bundle_sid=profile_sid,
                a2p_profile_bundle_sid=messaging_sid,
                brand_type="SOLE_PROPRIETOR" if said["business_kind"] == "sole_proprietor" else "STANDARD",
                skip_automatic_sec_vet=True,
            )
        )
    return str(made.sid)


def brand_stands(login: CarrierLogin, sid: str) -> Verdict:
    with carrier.errors():
        brand = carrier.client_of(login).messaging.v1.brand_registrations(sid).fetch()
    if brand.status == "APPROVED":
        return Verdict("approved", [])
    told = _reasons(brand.errors or []) or (
        [{"field": "", "words": brand.failure_reason}] if brand.failure_reason else []
    )
    return Verdict("refused" if brand.status in ("FAILED", "SUSPENDED") else "pending", told)


def make_campaign(login: CarrierLogin, said: Said, service_sid: str, brand_sid: str) -> str:
    """Register the campaign of the account's service, once; a failed one is taken away first. Returns its SID."""
    campaigns = carrier.client_of(login).messaging.v1.services(service_sid).us_app_to_person
    samples = [said["sample_1"], said["sample_2"]]
    with carrier.errors():
        for one in campaigns.list(limit=20):
            if one.campaign_status != "FAILED" and one.brand_registration_sid == brand_sid:
                return str(one.sid)
            carrier.client_of(login).messaging.v1.services(service_sid).us_app_to_person(one.sid).delete()
        made = campaigns.create(
            brand_registration_sid=brand_sid,
            description=said["description"],
            message_flow=said["flow"],
            message_samples=samples,
            us_app_to_person_usecase="SOLE_PROPRIETOR" if said["business_kind"] == "sole_proprietor" else "LOW_VOLUME",
            has_embedded_links=any("http" in sample for sample in samples),
            has_embedded_phone=any(sum(char.isdigit() for char in sample) >= 10 for sample in samples),
            privacy_policy_url=said["privacy_url"],
            terms_and_conditions_url=said["terms_url"] or said["privacy_url"],
        )
    return str(made.sid)


def campaign_stands(login: CarrierLogin, service_sid: str, sid: str) -> Verdict:
    with carrier.errors():
        found = carrier.client_of(login).messaging.v1.services(service_sid).us_app_to_person(sid).fetch()
    if found.campaign_status == "VERIFIED":
        return Verdict("approved", [])
    return Verdict("refused" if found.campaign_status in ("FAILED", "SUSPENDED") else "pending", _reasons(found.errors))


def verify_toll_free(login: CarrierLogin, said: Said, number_sid: str, known: str | None) -> str:
    """Hand the verification of a toll-free number in, or the corrected one again; returns its SID."""
    window = carrier.client_of(login).messaging.v1
    fields = _verification(said)
    with carrier.errors():
        theirs = [
            one for one in window.tollfree_verifications.list(limit=50) if one.tollfree_phone_number_sid == number_sid
        ]
        if theirs and (known or theirs[0].status != "TWILIO_REJECTED"):
            if theirs[0].status == "TWILIO_REJECTED":
                window.tollfree_verifications(theirs[0].sid).update(**fields)
            return str(theirs[0].sid)
        return str(window.tollfree_verifications.create(tollfree_phone_number_sid=number_sid, **fields).sid)


def _verification(said: Said) -> dict[str, Any]:
    sole = said["business_kind"] == "sole_proprietor"
    registered = (
        {}
        if sole
        else {
            "business_registration_number": said["ein"],
            "business_registration_authority": "EIN",
            "business_registration_country": "US",
        }
    )
    return registered | {
        "business_name": said["legal_name"],
        "business_website": said["website"],
        "business_type": "SOLE_PROPRIETOR" if sole else "PRIVATE_PROFIT",
        "notification_email": said["contact_email"],
        "use_case_categories": ["CUSTOMER_CARE"],
        "use_case_summary": said["description"],
        "production_message_sample": said["sample_1"],
        "opt_in_image_urls": [said["opt_in_url"] or said["website"]],
        "opt_in_type": "WEB_FORM",
        "message_volume": "1,000",
        "additional_information": said["flow"],
        "business_street_address": said["street"],
        "business_city": said["city"],
        "business_state_province_region": said["state"],
        "business_postal_code": said["zip"],
        "business_country": "US",
        "business_contact_first_name": said["contact_first"],
        "business_contact_last_name": said["contact_last"],
        "business_contact_email": said["contact_email"],
        "business_contact_phone": said["contact_phone"],
        "privacy_policy_url": said["privacy_url"],
        "terms_and_conditions_url": said["terms_url"] or said["privacy_url"],
    }


def verification_stands(login: CarrierLogin, sid: str) -> Verdict:
    with carrier.errors():
        found = carrier.client_of(login).messaging.v1.tollfree_verifications(sid).fetch()
    if found.status == "TWILIO_APPROVED":
        return Verdict("approved", [])
    return Verdict(
        "refused" if found.status == "TWILIO_REJECTED" else "pending", _reasons(found.rejection_reasons or [])
    )


def _reasons(errors: Sequence[Mapping[str, Any]] | None) -> list[dict[str, str]]:
    """The carrier's list of faults, whichever of its words it uses for them."""
    told = []
    for one in errors or []:
        fields = one.get("fields") or [one.get("field") or ""]
        words = one.get("description") or one.get("reason") or one.get("message") or "No reason was given."
        told.append({"field": ", ".join(map(str, fields)).lower(), "words": str(words)})
    return told
