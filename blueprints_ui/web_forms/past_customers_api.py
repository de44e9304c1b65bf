"""Past customers as JSON, from the business's own server: one gone quiet begins its sequence, where the plan has it."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

import billing
from blueprints_ui.guard import public_page, tenant_session
from blueprints_ui.security import limiter
from blueprints_ui.web_forms import door
from blueprints_ui.web_forms.door import Problem
from groundwork.database import Json
from hallway import estimates, followup

past_customers_api = Blueprint("past_customers_api", __name__, url_prefix="/api/past-customers")
door.tell_problems(past_customers_api)
OFTEN = "1200 per hour"


@past_customers_api.post("")
@limiter.limit(OFTEN, key_func=lambda: f"api past customers {request.remote_addr}")
@public_page
def tell() -> ResponseReturnValue:
    """{"phone", "email", "name", "last_job"}: they were not heard of for long. The same last job is told once."""
    door.needed_key("customers:write")
    billing.require(tenant_session(), "past_customers")
    sent = door.body()
    return door.once(lambda: _tell(sent))


def _tell(sent: Json) -> Response:
    session, last_job = tenant_session(), door.words(sent, "last_job")[:100]
    if not last_job:
        raise Problem(422, "Say which job was their last.", {"last_job": "Send its number or date."})
    whom = [door.words(sent, name) for name in ("phone", "email", "name")]
    try:
        conversation = estimates.find_or_open(session, *whom)
    except ValueError as error:
        raise Problem(422, str(error)) from error
    followup.moment(session, "past_customer", conversation, last_job, facts={"last_job": last_job})
    return door.answer({"conversation_id": str(conversation.id)}, 202)
