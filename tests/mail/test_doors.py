"""The doors where mail comes in and where one leaves: providers' hooks, SMTP, the unsubscribe page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import smtplib
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import webhooks
from blueprints_ui.app import create_app
from groundwork.config import Settings
from groundwork.tables import InboundEvent
from hallway import consent, sending
from hallway.channels import mail_addresses, mail_sendgrid
from hallway.conversations import Message
from tenants import mail_routes
from tenants.models import Tenant
from tests.carrier import free_port
from tests.mail.door import form_of, letter, work
from tests.mail.letters import DANA_MAIL, know, look, settle, write
from tests.mail.post_office import PostOffice
from tests.mail.smtp_door import running_door
from tests.mail.test_in import reply_to, thread
from tests.makers import Business
from tests.ui.visitor import Visitor

pytestmark = pytest.mark.usefixtures("office")
KEY = "mailgun's signing key"


@pytest.fixture
def hooks() -> FlaskClient:
    app = Flask("front")
    webhooks.register(app)
    return app.test_client()


def signed(form: dict[str, str], key: str = KEY) -> dict[str, str]:
    told = {"timestamp": "1795000000", "token": "a" * 50}
    signature = hmac.new(key.encode(), (told["timestamp"] + told["token"]).encode(), hashlib.sha256).hexdigest()
    return {**form, **told, "signature": signature}


def test_postmark_posts_a_reply_and_a_repeat_changes_nothing(hooks: FlaskClient, plumber: Business) -> None:
    dana = know(plumber)
    inlet = mail_routes.open_inlet("postmark")
    to = reply_to(plumber, dana)
    told = form_of(letter(to, "Yes please \0"), to)
    where = f"/hooks/mail/postmark/{inlet.id}/in"
    assert hooks.post(where, json=told).status_code == 403
    assert hooks.post(f"{where}/wrong", json=told).status_code == 403
    assert hooks.post(f"/hooks/mail/sendgrid/{inlet.id}/in/{inlet.secret}", json=told).status_code == 404
    for _ in range(2):
        assert hooks.post(f"{where}/{inlet.secret}", json=told).status_code == 200
    assert hooks.post(where, json=told, auth=("hallway", inlet.secret)).status_code == 200
    work(plumber)
    assert [said.body for said in thread(plumber, dana.id)] == ["Yes please"]


def test_sendgrid_posts_parsed_and_raw(hooks: FlaskClient, plumber: Business) -> None:
    dana = know(plumber)
    inlet = mail_routes.open_inlet("sendgrid")
    to = reply_to(plumber, dana)
    where = f"/hooks/mail/sendgrid/{inlet.id}/in/{inlet.secret}"
    envelope = json.dumps({"to": [to], "from": DANA_MAIL})
    parsed = {
        "headers": f"From: Dana <{DANA_MAIL}>\nTo: {to}\nSubject: Re: hi\nMessage-ID: <p@x.example>\n",
        "envelope": envelope, "from": f"Dana <{DANA_MAIL}>", "to": to, "subject": "Re: hi", "text": "Parsed words",
    }  # fmt: skip
    assert hooks.post(where, data=parsed, content_type="multipart/form-data").status_code == 200
    raw = letter(to, "Raw words").as_string()
    assert hooks.post(where, data={"email": raw, "envelope": envelope}).status_code == 200
    work(plumber)
    assert [said.body for said in thread(plumber, dana.id)] == ["Parsed words", "Raw words"]


def test_sendgrid_s_signature_is_checked_on_the_bytes_as_they_came(hooks: FlaskClient, plumber: Business) -> None:
    of_news, of_mail, foreign = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    inlet = mail_routes.open_inlet("sendgrid", secret=mail_sendgrid.sealed_keys((public(of_news), public(of_mail))))
    dana = know(plumber)
    to = reply_to(plumber, dana)
    where = f"/hooks/mail/sendgrid/{inlet.id}"
    form = {
        "email": letter(to, "The heater still leaks").as_string(),
        "envelope": json.dumps({"to": [to], "from": DANA_MAIL}),
    }
    body, kind = encode_multipart(form)
    post = {"content_type": kind, "data": body}

    def stamp(key: ec.EllipticCurvePrivateKey, raw: bytes, at: str = "1795000000") -> dict[str, str]:
        made = base64.b64encode(key.sign(at.encode() + raw, ec.ECDSA(hashes.SHA256()))).decode()
        start = "X-Twilio-Email-Event-Webhook-"
        return {f"{start}Signature": made, f"{start}Timestamp": "1795000000"}

    for wrong in ({}, stamp(foreign, body), stamp(of_mail, body + b" "), stamp(of_mail, body, "1795000001")):
        assert hooks.post(f"{where}/in", headers=wrong, **post).status_code == 403
    assert hooks.post(f"{where}/in/{inlet.secret}", **post).status_code in (403, 404)  # its keys may hold slashes
    assert hooks.post(f"{where}/in", headers=stamp(of_mail, body), **post).status_code == 200
    work(plumber)
    assert [said.body for said in thread(plumber, dana.id)] == ["The heater still leaks"]
    settle(plumber, postal_address="1120 Bluff Creek Dr, Austin, TX 78704")
    mail = write(plumber, dana, "Hello")
    sending.deliver(plumber.id, "now")
    header = mail_addresses.header_id(mail_key_of(plumber), mail.id)
    # Blanks as no serializer would write them: what is signed is what came.
    news = json.dumps([{"event": "delivered", "smtp-id": header, "sg_event_id": "e1"}], indent=3).encode()
    asked = {"data": news, "content_type": "application/json", "headers": stamp(of_news, news)}
    assert hooks.post(f"{where}/news", **asked).status_code == 200
    work(plumber)
    assert look(plumber, mail.id).state == "delivered"
    with pytest.raises(mail_sendgrid.BadKeyError):
        mail_sendgrid.sealed_keys(("not a key",))


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """As SendGrid's page shows it."""
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(key.public_key().public_bytes(*form)).decode()


def encode_multipart(form: dict[str, str]) -> tuple[bytes, str]:
    parts = "".join(f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in form.items())
    return f"{parts}--b--\r\n".encode(), "multipart/form-data; boundary=b"


def mail_key_of(business: Business) -> str:
    with business.open() as session:
        return session.get_one(Tenant, business.id).mail_key


def test_mailgun_s_signature_is_asked_for(hooks: FlaskClient, plumber: Business) -> None:
    dana = know(plumber)
    inlet = mail_routes.open_inlet("mailgun", secret=KEY)
    to = reply_to(plumber, dana)
    form = {"recipient": to, "sender": DANA_MAIL, "from": f"Dana <{DANA_MAIL}>", "subject": "Re: hi"}
    form |= {"body-plain": "From Mailgun", "message-headers": '[["Message-Id", "<m@x.example>"]]'}
    where = f"/hooks/mail/mailgun/{inlet.id}/in"
    assert hooks.post(where, data=form).status_code == 403
    assert hooks.post(where, data=signed(form, "another key")).status_code == 403
    assert hooks.post(where, data=signed(form)).status_code == 200
    assert hooks.post(where, data=signed(form | {"recipient": "nobody@in.hallway.example"})).status_code == 406
    work(plumber)
    assert [said.body for said in thread(plumber, dana.id)] == ["From Mailgun"]


def test_one_business_s_inlet_posts_into_no_other_business(
    hooks: FlaskClient, plumber: Business, charlie: Business
) -> None:
    dana = know(plumber)
    inlet = mail_routes.open_inlet("postmark", charlie.id)
    to = reply_to(plumber, dana)
    told = form_of(letter(to, "Sneaking in"), to)
    assert hooks.post(f"/hooks/mail/postmark/{inlet.id}/in/{inlet.secret}", json=told).status_code == 200
    work(plumber)
    work(charlie)
    assert thread(plumber, dana.id) == []


def test_a_provider_tells_of_delivery_bounce_and_complaint(
    hooks: FlaskClient, office: PostOffice, plumber: Business
) -> None:
    settle(plumber, postal_address="1120 Bluff Creek Dr, Austin, TX 78704")
    dana = know(plumber)
    for body in ("First", "Second", "Third"):
        write(plumber, dana, body)
    sending.deliver(plumber.id, "now")
    ids = {came.part("plain").splitlines()[0]: str(came.mail["Message-ID"]) for came in office.came}
    grid, gun, mark = (mail_routes.open_inlet(one, secret=KEY) for one in ("sendgrid", "mailgun", "postmark"))
    events = [{"event": "delivered", "smtp-id": ids["First"], "sg_event_id": "e1", "email": DANA_MAIL}]
    assert hooks.post(f"/hooks/mail/sendgrid/{grid.id}/news/{KEY}", json=events).status_code == 200
    failed = {"event": "failed", "severity": "permanent", "id": "x", "delivery-status": {"code": 550, "message": "No"}}
    failed["message"] = {"headers": {"message-id": ids["Second"].strip("<>")}}
    told = {"signature": signed({}), "event-data": failed}
    assert hooks.post(f"/hooks/mail/mailgun/{gun.id}/news", json=told).status_code == 200
    token = ids["Third"].strip("<>").split("@")[0]
    spam = {"RecordType": "SpamComplaint", "MessageID": "1", "ID": 2, "Metadata": {"message": token}}
    assert hooks.post(f"/hooks/mail/postmark/{mark.id}/news/{KEY}", json=spam).status_code == 200
    work(plumber)
    with plumber.open() as session:
        mails = {one.body: one for one in session.scalars(select(Message))}
        assert mails["First"].state == "delivered"
        assert (mails["Second"].state, mails["Second"].error_code) == ("failed", "mail.no_such_address")
        assert (mails["Third"].state, mails["Third"].error_code) == ("accepted", "mail.complained")
        assert consent.is_suppressed(session, DANA_MAIL, channel="email")


def test_one_leaves_with_one_click_and_a_scanner_s_look_changes_nothing(
    settings: Settings, office: PostOffice, plumber: Business, charlie: Business
) -> None:
    settle(plumber, postal_address="1120 Bluff Creek Dr, Austin, TX 78704")
    dana = know(plumber)
    write(plumber, dana, "Still need a hand?")
    sending.deliver(plumber.id, "now")
    waiting = write(plumber, dana, "Second", lane="soon")
    link = office.came[0].mail["List-Unsubscribe"].split(">")[0].strip("<")
    path = link.split(":8000")[1]
    app = create_app()
    stranger, elsewhere = Visitor(app, plumber.slug), Visitor(app, charlie.slug)

    page = stranger.get(path)
    assert page.status_code == 200
    assert DANA_MAIL in page.text
    assert look(plumber, waiting.id).state == "queued"
    assert elsewhere.forge(path).status_code == 404
    assert stranger.forge(path[:-1] + ("a" if path[-1] != "a" else "b")).status_code == 404
    for _ in range(2):
        answer = stranger.forge(path, {"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You are unsubscribed" in answer.text
    assert look(plumber, waiting.id).state == "cancelled"
    refused = write(plumber, dana, "Third")
    assert refused.error == "They unsubscribed from your e-mails. Only they can undo it, by writing to you."


@pytest.fixture
def smtp_door(settings: Settings, office: PostOffice) -> Iterator[int]:
    with running_door(free_port()) as port:
        yield port


def test_plain_smtp_takes_what_is_ours_and_nothing_else(smtp_door: int, plumber: Business) -> None:
    dana = know(plumber)
    to = reply_to(plumber, dana)
    with smtplib.SMTP("127.0.0.1", smtp_door, timeout=20) as server:
        server.ehlo()
        for stranger in ("dana@example.com", "nobody@in.hallway.example", to.replace("reply+", "reply+b")):
            assert server.mail("x@y.example")[0] == 250
            assert server.rcpt(stranger)[0] == 550
            server.rset()
        for _ in range(2):
            server.sendmail(DANA_MAIL, [to, "nobody@in.hallway.example"], letter(to, "By SMTP").as_bytes())
        server.sendmail(
            "x@y.example", ["bluff-creek@in.hallway.example"], letter(to, "Hi", sender="x@y.example").as_bytes()
        )
    with plumber.open() as session:
        assert len(session.scalars(select(InboundEvent)).all()) == 2
    work(plumber)
    assert "By SMTP" in [said.body for said in thread(plumber, dana.id)]
