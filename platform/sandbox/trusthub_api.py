"""TrustHub: bundles that say who a business is, their pieces, and addresses (spec: twilio_trusthub_v1)."""

import json

from aiohttp import web

from sandbox import papers, world_time
from sandbox.api import ACCOUNT, account
from sandbox.store import Row
from sandbox.wire import iso, new_sid, rfc2822
from sandbox.world import World, world

routes = web.RouteTableDef()
PREFIXES = {"EndUsers": "IT", "SupportingDocuments": "RD"}
BUNDLES = "{bundle:CustomerProfiles|TrustProducts}"
STATES = {"waiting": "in-review", "approved": "twilio-approved", "refused": "twilio-rejected"}


@routes.post(f"/v1/{BUNDLES}")
async def make_bundle(request: web.Request) -> web.Response:
    kind, fields = request.match_info["bundle"], await papers.read_form(request, "FriendlyName", "Email", "PolicySid")
    return web.json_response(_bundle(world(request), papers.keep(request, kind, "BU", fields)), status=201)


@routes.get(f"/v1/{BUNDLES}/{{sid}}")
async def show_bundle(request: web.Request) -> web.Response:
    row = papers.find(request, request.match_info["bundle"], request.match_info["sid"])
    return web.json_response(_bundle(world(request), row))


@routes.post(f"/v1/{BUNDLES}/{{sid}}")
async def change_bundle(request: web.Request) -> web.Response:
    """Hand it in; a profile is looked at in a moment, whoever it names."""
    here, form = world(request), await papers.read_form(request)
    row = papers.find(request, request.match_info["bundle"], request.match_info["sid"])
    if form.get("Status") == "pending-review":
        row |= {"status": "waiting", "updated": world_time.now()}
        here.core.store.update("paper", row["sid"], status="waiting", updated=row["updated"])
    return web.json_response(_bundle(here, row))


def _bundle(here: World, row: Row) -> dict[str, object]:
    told, kind = papers.told(row), row["kind"]
    url = f"{here.core.settings.base_url}/v1/{kind}/{row['sid']}"
    return papers.base(row) | {
        "friendly_name": told["FriendlyName"], "email": told["Email"], "policy_sid": told["PolicySid"],
        "status": STATES.get(row["status"], "draft"), "status_callback": told.get("StatusCallback"),
        "valid_until": None, "errors": [], "url": url,
        "links": {
            name: f"{url}/{path}"
            for name, path in (("entity_assignments", "EntityAssignments"), ("evaluations", "Evaluations"))
        },
    }  # fmt: skip


@routes.post("/v1/{piece:EndUsers|SupportingDocuments}")
async def make_piece(request: web.Request) -> web.Response:
    kind, fields = request.match_info["piece"], await papers.read_form(request, "FriendlyName", "Type")
    row = papers.keep(request, kind, PREFIXES[kind], fields)
    shown = papers.base(row) | {"friendly_name": fields["FriendlyName"], "type": fields["Type"]}
    shown |= {"attributes": json.loads(fields.get("Attributes") or "{}")}
    shown |= {"url": f"{world(request).core.settings.base_url}/v1/{kind}/{row['sid']}"}
    if kind == "SupportingDocuments":
        shown |= {"status": "draft", "mime_type": None}
    return web.json_response(shown, status=201)


@routes.post(f"/v1/{BUNDLES}/{{sid}}/EntityAssignments")
async def assign(request: web.Request) -> web.Response:
    fields = await papers.read_form(request, "ObjectSid")
    kind = request.match_info["bundle"]
    bundle = papers.find(request, kind, request.match_info["sid"])
    row = papers.keep(request, "EntityAssignments", "BV", fields, bundle["sid"])
    named = "customer_profile_sid" if kind == "CustomerProfiles" else "trust_product_sid"
    url = f"{world(request).core.settings.base_url}/v1/{kind}/{bundle['sid']}/EntityAssignments/{row['sid']}"
    shown = papers.base(row) | {"object_sid": fields["ObjectSid"], named: bundle["sid"], "url": url}
    return web.json_response({name: value for name, value in shown.items() if name != "date_updated"}, status=201)


@routes.post(f"{ACCOUNT}/Addresses.json")
async def make_address(request: web.Request) -> web.Response:
    fields = await papers.read_form(request, "CustomerName", "Street", "City", "Region", "PostalCode", "IsoCountry")
    row = papers.keep(request, "Addresses", "AD", fields)
    named = {"customer_name": "CustomerName", "street": "Street", "city": "City", "region": "Region"}
    named |= {"postal_code": "PostalCode", "iso_country": "IsoCountry"}
    shown: dict[str, object] = {name: fields[field] for name, field in named.items()}
    shown |= {"sid": row["sid"], "account_sid": account(request)["sid"], "street_secondary": None}
    shown |= {"friendly_name": fields.get("FriendlyName"), "emergency_enabled": False, "validated": True}
    shown |= {"verified": False, "date_created": rfc2822(row["created"]), "date_updated": rfc2822(row["updated"])}
    shown |= {"uri": f"/2010-04-01/Accounts/{account(request)['sid']}/Addresses/{row['sid']}.json"}
    return web.json_response(shown, status=201)


@routes.post(f"/v1/{BUNDLES}/{{sid}}/Evaluations")
async def evaluate(request: web.Request) -> web.Response:
    """Whether the bundle is complete, as far as a machine can tell: it always is."""
    kind, fields = request.match_info["bundle"], await papers.read_form(request, "PolicySid")
    bundle = papers.find(request, kind, request.match_info["sid"])
    sid, named = new_sid("EL"), "customer_profile_sid" if kind == "CustomerProfiles" else "trust_product_sid"
    url = f"{world(request).core.settings.base_url}/v1/{kind}/{bundle['sid']}/Evaluations/{sid}"
    shown = {"sid": sid, "account_sid": bundle["account_sid"], "policy_sid": fields["PolicySid"], "results": []}
    shown |= {named: bundle["sid"], "status": "compliant", "date_created": iso(world_time.now()), "url": url}
    return web.json_response(shown, status=201)
