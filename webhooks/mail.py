"""Mail providers' requests: POST /hooks/mail/<provider>/<our inlet>/<in or news>[/<secret>].

Checked, kept under the mail's own id for the business whose address it came to, and answered; a worker reads it.
"""

from __future__ import annotations

import base64
import json
from uuid import UUID

import psycopg
import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from groundwork import intake, metrics
from groundwork.database import Json
from hallway.channels.mail_inlets import INLETS, Posted, Vendor, tenant_for
from tenants import mail_routes
from tenants.mail_routes import Inlet

LARGEST = 35 * 1024 * 1024  # SendGrid posts up to 30 MB, Postmark 35
AWAY = (OperationalError, InterfaceError, PoolTimeoutError, psycopg.OperationalError)
NOT_OURS = 406  # Mailgun asks no second time after it; the others take any answer but 200 as a wish for more
door = Blueprint("mail", __name__, url_prefix="/mail")
log = structlog.get_logger(__name__)


@door.post("/<provider>/<uuid:inlet>/<kind>", strict_slashes=False)
@door.post("/<provider>/<uuid:inlet>/<kind>/<secret>", strict_slashes=False)
def hook(provider: str, inlet: UUID, kind: str, secret: str = "") -> Response:
    """One request of a mail provider."""
    structlog.contextvars.clear_contextvars()
    known = provider if provider in INLETS else "unknown"
    try:
        status, words = _answer(provider, inlet, kind, secret)
    except RequestEntityTooLarge:
        status, words = 413, "This mail is too large."
    except (BadRequest, ValueError):
        status, words = 400, "This request cannot be read."
    except AWAY as error:
        status, words = 503, f"The database does not answer ({type(error).__name__}). Please try again."
    metrics.webhooks.labels(f"mail-{known}", kind if kind in KINDS else "unknown", str(status)).inc()
    if status != 200:
        log.warning("hook refused", provider=known, status=status, why=words)
    return Response(words, status, mimetype="text/plain")


def _answer(provider: str, inlet_id: UUID, kind: str, secret: str) -> tuple[int, str]:
    vendor = INLETS.get(provider)
    inlet = mail_routes.inlet(inlet_id, provider) if vendor and kind in KINDS else None
    if vendor is None or inlet is None:
        return 404, "There is no such address here."
    posted = _posted(secret)
    if not vendor.genuine(posted, inlet.secret):
        return 403, "The secret or signature does not match."
    return KINDS[kind](vendor, inlet, posted)


def _posted(secret: str) -> Posted:
    request.max_content_length = LARGEST
    request.max_form_memory_size = LARGEST
    password = (request.authorization.password or "") if request.authorization else ""
    whole: Json = {"raw": request.get_data(), "headers": {name.lower(): value for name, value in request.headers}}
    if request.is_json:
        told = request.get_json()
        params: Json = {"events": told} if isinstance(told, list) else dict(told)
        return Posted(secret, password, params, [], **whole)
    return Posted(secret, password, request.form.to_dict(), [*_files()], **whole)


def _files() -> list[dict[str, str]]:
    files = request.files.items(multi=True)
    return [
        {"field": field, "name": one.filename or "", "type": one.mimetype, "data": _data(one)} for field, one in files
    ]


def _data(one: FileStorage) -> str:
    return base64.b64encode(one.read()).decode()


def _mail(vendor: Vendor, inlet: Inlet, posted: Posted) -> tuple[int, str]:
    key = vendor.key(posted)
    if not key:
        return 400, "This request names no mail."
    owner = inlet.tenant_id or next(filter(None, map(tenant_for, vendor.recipients(posted))), None)
    if owner is None:
        return (NOT_OURS if inlet.provider == "mailgun" else 200), "Nobody here has this address."
    intake.keep(owner, inlet.provider, "mail_in", f"mail_in:{key}", posted.as_json(), {})
    return 200, "Kept."


def _news(vendor: Vendor, inlet: Inlet, posted: Posted) -> tuple[int, str]:
    """Each item for the business it is about; what is about no mail of ours is not kept."""
    for item in vendor.news(posted):
        owner = mail_routes.tenant_of_mail_key(item.about.mail_key)
        if owner and inlet.tenant_id in (None, owner):
            key = f"mail_news:{item.key or json.dumps([item.kind, str(item.about.id)])}"
            intake.keep(owner, inlet.provider, "mail_news", key, posted.as_json(), {"key": item.key})
    return 200, "Kept."


KINDS = {"in": _mail, "news": _news}
