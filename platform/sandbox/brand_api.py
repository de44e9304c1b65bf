"""A2P 10DLC: brands and their campaigns (spec: twilio_messaging_v1)."""

from aiohttp import web

from sandbox import papers
from sandbox.api import owned
from sandbox.errors import Refused
from sandbox.store import Row
from sandbox.wire import truth
from sandbox.world import world

routes = web.RouteTableDef()
CAMPAIGN = "/v1/Services/{service}/Compliance/Usa2p"


@routes.post("/v1/a2p/BrandRegistrations")
async def make_brand(request: web.Request) -> web.Response:
    fields = await papers.read_form(request, "CustomerProfileBundleSid", "A2PProfileBundleSid")
    for kind, name in (("CustomerProfiles", "CustomerProfileBundleSid"), ("TrustProducts", "A2PProfileBundleSid")):
        if papers.find(request, kind, str(fields[name]))["status"] == "draft":
            raise Refused(20001, detail=f"{name} has not been submitted")
    return web.json_response(
        _brand(request, papers.wait(request, papers.keep(request, "brand", "BN", fields))), status=201
    )


@routes.get("/v1/a2p/BrandRegistrations")
async def list_brands(request: web.Request) -> web.Response:
    return papers.listed(request, "data", "brand", _brand)


@routes.get("/v1/a2p/BrandRegistrations/{sid}")
async def show_brand(request: web.Request) -> web.Response:
    return web.json_response(_brand(request, papers.find(request, "brand", request.match_info["sid"])))


@routes.post("/v1/a2p/BrandRegistrations/{sid}")
async def file_brand_again(request: web.Request) -> web.Response:
    return web.json_response(
        _brand(request, papers.wait(request, papers.find(request, "brand", request.match_info["sid"])))
    )


def _brand(request: web.Request, row: Row) -> dict[str, object]:
    told, url = papers.told(row), f"{world(request).core.settings.base_url}/v1/a2p/BrandRegistrations/{row['sid']}"
    fine, reasons = row["status"] == "approved", papers.reasons(row)
    return papers.base(row) | {
        "customer_profile_bundle_sid": told["CustomerProfileBundleSid"],
        "a2p_profile_bundle_sid": told["A2PProfileBundleSid"], "brand_type": told.get("BrandType", "STANDARD"),
        "status": {"approved": "APPROVED", "refused": "FAILED"}.get(row["status"], "PENDING"),
        "tcr_id": f"B{row['sid'][2:8].upper()}" if fine else None, "brand_score": 62 if fine else None,
        "failure_reason": "; ".join(one["description"] for one in reasons) or None, "errors": reasons,
        "brand_feedback": ["TAX_ID"] if reasons else [],
        "identity_status": "VERIFIED" if fine else "SELF_DECLARED",
        "russell_3000": False, "government_entity": False, "tax_exempt_status": None,
        "skip_automatic_sec_vet": truth(told.get("SkipAutomaticSecVet")), "mock": truth(told.get("Mock")), "url": url,
        "links": {"brand_vettings": f"{url}/Vettings", "brand_registration_otps": f"{url}/SmsOtp"},
    }  # fmt: skip


@routes.post(CAMPAIGN)
async def make_campaign(request: web.Request) -> web.Response:
    fields = await papers.read_form(
        request, "BrandRegistrationSid", "Description", "MessageFlow", "MessageSamples", "UsAppToPersonUsecase",
        "HasEmbeddedLinks", "HasEmbeddedPhone",
    )  # fmt: skip
    service = owned(request, "service", request.match_info["service"])
    if papers.find(request, "brand", str(fields["BrandRegistrationSid"]))["status"] != "approved":
        raise Refused(20001, detail="The brand is not approved")
    row = papers.wait(request, papers.keep(request, "campaign", "QE", fields, service["sid"]))
    return web.json_response(_campaign(request, row), status=201)


@routes.get(CAMPAIGN)
async def list_campaigns(request: web.Request) -> web.Response:
    return papers.listed(
        request, "compliance", "campaign", _campaign, owned(request, "service", request.match_info["service"])
    )


@routes.get(f"{CAMPAIGN}/{{sid}}")
async def show_campaign(request: web.Request) -> web.Response:
    return web.json_response(_campaign(request, papers.find(request, "campaign", request.match_info["sid"])))


@routes.delete(f"{CAMPAIGN}/{{sid}}")
async def remove_campaign(request: web.Request) -> web.Response:
    row = papers.find(request, "campaign", request.match_info["sid"])
    world(request).core.store.run("DELETE FROM paper WHERE sid = ?", row["sid"])
    return web.Response(status=204)


def _campaign(request: web.Request, row: Row) -> dict[str, object]:
    told, fine = papers.told(row), row["status"] == "approved"
    url = f"{world(request).core.settings.base_url}/v1/Services/{row['parent']}/Compliance/Usa2p/{row['sid']}"
    switches = {"has_embedded_links": "HasEmbeddedLinks", "has_embedded_phone": "HasEmbeddedPhone"}
    switches |= {"subscriber_opt_in": "SubscriberOptIn", "age_gated": "AgeGated", "direct_lending": "DirectLending"}
    texts = {"opt_in_message": "OptInMessage", "opt_out_message": "OptOutMessage", "help_message": "HelpMessage"}
    words = {"opt_in_keywords": "OptInKeywords", "opt_out_keywords": "OptOutKeywords", "help_keywords": "HelpKeywords"}
    return papers.base(row) | {
        "brand_registration_sid": told["BrandRegistrationSid"], "messaging_service_sid": row["parent"],
        "description": told["Description"], "message_flow": told["MessageFlow"],
        "message_samples": told["MessageSamples"], "us_app_to_person_usecase": told["UsAppToPersonUsecase"],
        "campaign_status": {"approved": "VERIFIED", "refused": "FAILED"}.get(row["status"], "IN_PROGRESS"),
        "campaign_id": f"C{row['sid'][2:8].upper()}" if fine else None, "is_externally_registered": False,
        "rate_limits": {"att": {"mps": 240}} if fine else {}, "errors": papers.reasons(row), "mock": False, "url": url,
        **{name: truth(told.get(field)) for name, field in switches.items()},
        **{name: told.get(field, "") for name, field in texts.items()},
        **{name: told.get(field, []) for name, field in words.items()},
    }  # fmt: skip
