"""Leave a business's e-mails by the link in one of them.

RFC 8058: the mailbox provider posts here with no cookie and no log-in, and is not redirected. A GET changes nothing:
scanners open every link.
"""

from __future__ import annotations

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from blueprints_ui.guard import tenant_session, token_page
from hallway import consent, inbound
from hallway.channels import mail_addresses
from hallway.conversations import Message

unsubscribing = Blueprint("unsubscribing", __name__)


@unsubscribing.get("/unsubscribe/<token>")
@token_page
def ask(token: str) -> ResponseReturnValue:
    message = _message(token)
    gone = consent.is_suppressed(tenant_session(), message.to_address, channel="email") is not None
    return render_template("unsubscribe.html", address=message.to_address, gone=gone)


@unsubscribing.post("/unsubscribe/<token>")
@token_page
def leave(token: str) -> ResponseReturnValue:
    """At once, and as often as it is asked."""
    message = _message(token)
    inbound.unsubscribe(tenant_session(), message, "mail_link")
    return render_template("unsubscribe.html", address=message.to_address, gone=True)


def _message(token: str) -> Message:
    mark = mail_addresses.read_token("unsub", token)
    session = tenant_session()
    found = session.get(Message, (session.tenant_id, mark.id)) if mark and mark.mail_key == g.tenant.mail_key else None
    if found is None:
        raise NotFound("This link is not complete. Copy the whole address from the e-mail, or answer it with “stop”.")
    return found
