"""Toll-free verification: who texts from an 8xx number, and why (spec: twilio_messaging_v1)."""

from aiohttp import web

from sandbox import papers
from sandbox.api import owned
from sandbox.store import Row
from sandbox.wire import truth
from sandbox.world import world

routes = web.RouteTableDef()
HERE = "/v1/Tollfree/Verifications"
REQUIRED = (
    "BusinessName", "BusinessWebsite", "NotificationEmail", "UseCaseCategories", "UseCaseSummary",
    "ProductionMessageSample", "OptInImageUrls", "OptInType", "MessageVolume", "TollfreePhoneNumberSid",
)  # fmt: skip
STATES = {"approved": "TWILIO_APPROVED", "refused": "TWILIO_REJECTED"}
SHOWN = {
    "business_name": "BusinessName", "business_street_address": "BusinessStreetAddress",
    "business_street_address2": "BusinessStreetAddress2", "business_city": "BusinessCity",
    "business_state_province_region": "BusinessStateProvinceRegion", "business_postal_code": "BusinessPostalCode",
    "business_country": "BusinessCountry", "business_website": "BusinessWebsite",
    "business_contact_first_name": "BusinessContactFirstName", "business_contact_last_name": "BusinessContactLastName",
    "business_contact_email": "BusinessContactEmail", "business_contact_phone": "BusinessContactPhone",
    "notification_email": "NotificationEmail", "use_case_categories": "UseCaseCategories",
    "use_case_summary": "UseCaseSummary", "production_message_sample": "ProductionMessageSample",
    "opt_in_image_urls": "OptInImageUrls", "opt_in_type": "OptInType", "message_volume": "MessageVolume",
    "additional_information": "AdditionalInformation", "business_registration_number": "BusinessRegistrationNumber",
    "business_registration_authority": "BusinessRegistrationAuthority",
    "business_registration_country": "BusinessRegistrationCountry", "business_type": "BusinessType",
    "business_registration_phone_number": "BusinessRegistrationPhoneNumber", "doing_business_as": "DoingBusinessAs",
    "opt_in_confirmation_message": "OptInConfirmationMessage", "help_message_sample": "HelpMessageSample",
    "privacy_policy_url": "PrivacyPolicyUrl", "terms_and_conditions_url": "TermsAndConditionsUrl",
    "external_reference_id": "ExternalReferenceId", "customer_profile_sid": "CustomerProfileSid",
    "vetting_id": "VettingId", "vetting_provider": "VettingProvider", "opt_in_keywords": "OptInKeywords",
}  # fmt: skip


@routes.post(HERE)
async def make(request: web.Request) -> web.Response:
    fields = await papers.read_form(request, *REQUIRED)
    owned(request, "number", str(fields["TollfreePhoneNumberSid"]))
    row = papers.wait(request, papers.keep(request, "toll_free", "HH", fields))
    return web.json_response(_shown(request, row), status=201)


@routes.get(HERE)
async def index(request: web.Request) -> web.Response:
    return papers.listed(request, "verifications", "toll_free", _shown)


@routes.get(f"{HERE}/{{sid}}")
async def show(request: web.Request) -> web.Response:
    return web.json_response(_shown(request, papers.find(request, "toll_free", request.match_info["sid"])))


@routes.post(f"{HERE}/{{sid}}")
async def file_again(request: web.Request) -> web.Response:
    """A refused one, corrected."""
    row, fields = papers.find(request, "toll_free", request.match_info["sid"]), await papers.read_form(request)
    row = papers.amend(row, fields)
    return web.json_response(_shown(request, papers.wait(request, row)), status=202)


def _shown(request: web.Request, row: Row) -> dict[str, object]:
    told, reasons = papers.told(row), papers.reasons(row)
    number = owned(request, "number", str(told["TollfreePhoneNumberSid"]))
    refused = row["status"] == "refused"
    return papers.base(row) | {
        **{name: told.get(field) for name, field in SHOWN.items()},
        "tollfree_phone_number_sid": number["sid"], "tollfree_phone_number": number["phone_number"],
        "status": STATES.get(row["status"], "IN_REVIEW"), "age_gated_content": truth(told.get("AgeGatedContent")),
        "rejection_reason": "; ".join(str(one["reason"]) for one in reasons) or None, "rejection_reasons": reasons,
        "error_code": reasons[0]["code"] if reasons else None, "edit_allowed": refused, "edit_expiration": None,
        "trust_product_sid": None, "regulated_item_sid": None, "resource_links": None, "vetting_id_expiration": None,
        "url": f"{world(request).core.settings.base_url}{HERE}/{row['sid']}",
    }  # fmt: skip
