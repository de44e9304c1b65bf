"""A text from a handset to a customer's number: webhook, carrier's keyword replies, TwiML answers."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import NamedTuple

from sandbox import world_time
from sandbox.core import Core
from sandbox.optout import Heard
from sandbox.places import geography
from sandbox.segments import segments
from sandbox.store import Row
from sandbox.webhooks import Reply
from sandbox.wire import new_sid

API_VERSION = "2010-04-01"


class Picture(NamedTuple):
    content_type: str
    content: bytes


class Route(NamedTuple):
    """Where an inbound message is reported; `url` may be empty, then it is only logged."""

    url: str
    method: str
    fallback: tuple[str, str] | None


class Inbound:
    def __init__(self, core: Core) -> None:
        self._core = core
        self.reply: Callable[..., None] = _nobody
        core.outbox.heed["inbound-message"] = self._obey

    def receive(self, sender: str, to: str, body: str, pictures: list[Picture]) -> Row | None:
        """Take a text to a customer's number; None when nobody has the number or its service drops messages."""
        number = self._core.number(to)
        route = self._route(number) if number else None
        if number is None or route is None:
            return None
        heard = self._core.opt_outs.hear(number, sender, body)
        message = self._log(number, sender, body, pictures)
        params = self._params(message, pictures, heard)
        self._core.outbox.post(
            "inbound-message", number["account_sid"], route.url, params,
            method=route.method, fallback=route.fallback, about=message["sid"],
        )  # fmt: skip
        if heard.reply:
            self.reply(number, sender, heard.reply, [], from_carrier=True)
        self._core.feed.publish("message", sender)
        return message

    def _route(self, number: Row) -> Route | None:
        """A service's number reports to the service, unless the service defers to its numbers; a service with
        neither drops the message without a trace (https://www.twilio.com/docs/messaging/services)."""
        service = self._service(number)
        if service and not service["use_inbound_webhook_on_number"]:
            if not service["inbound_request_url"]:
                return None
            return _route(service, "inbound_request_url", "inbound_method", "fallback_url", "fallback_method")
        return _route(number, "sms_url", "sms_method", "sms_fallback_url", "sms_fallback_method")

    def _service(self, number: Row) -> Row | None:
        return self._core.store.one("SELECT * FROM service WHERE sid = ?", number["service_sid"])

    def new_message(self, account_sid: str, sender: str, recipient: str, body: str, direction: str, status: str) -> Row:
        """A message row with nothing special about it."""
        now = world_time.now()
        return {
            "sid": new_sid("SM"), "account_sid": account_sid, "service_sid": None, "sender": sender,
            "recipient": recipient, "body": body, "direction": direction, "status": status,
            "segments": segments(body), "num_media": 0, "media_urls": "[]", "error_code": None,
            "status_callback": None, "validity": 36_000, "send_at": None, "created": now, "updated": now,
            "sent_at": None, "arrived_at": None, "from_carrier": 0, "redacted": 0, "deleted": 0,
        }  # fmt: skip

    def _log(self, number: Row, sender: str, body: str, pictures: list[Picture]) -> Row:
        message = self.new_message(number["account_sid"], sender, number["phone_number"], body, "inbound", "received")
        message.update(
            sid=new_sid("MM" if pictures else "SM"),
            num_media=len(pictures),
            service_sid=number["service_sid"],
            sent_at=message["created"],
            arrived_at=message["created"],
        )
        with self._core.store.together():
            self._core.store.insert("message", **message)
            for picture in pictures:
                self.keep_media(message, *picture)
        return message

    def keep_media(self, message: Row, content_type: str, content: bytes) -> None:
        self._core.store.insert(
            "media", sid=new_sid("ME"), account_sid=message["account_sid"], message_sid=message["sid"],
            content_type=content_type, content=content, created=world_time.now(),
        )  # fmt: skip

    def media_of(self, message: Row) -> list[Picture]:
        rows = self._core.store.all("SELECT * FROM media WHERE message_sid = ? ORDER BY rowid", message["sid"])
        return [Picture(row["content_type"], row["content"]) for row in rows]

    def _params(self, message: Row, pictures: list[Picture], heard: Heard) -> dict[str, str]:
        params = {
            "ToCountry": "US",
            "MessageSid": message["sid"],
            "SmsSid": message["sid"],
            "SmsMessageSid": message["sid"],
            "AccountSid": message["account_sid"],
            "From": message["sender"],
            "To": message["recipient"],
            "Body": message["body"],
            "NumMedia": str(len(pictures)),
            "NumSegments": str(message["segments"]),
            "SmsStatus": "received",
            "ApiVersion": API_VERSION,
            **geography("From", message["sender"]),
            **geography("To", message["recipient"]),
        }
        if message["service_sid"]:
            params["MessagingServiceSid"] = message["service_sid"]
        if heard.kind and self._advanced(message["service_sid"]):
            params["OptOutType"] = heard.kind
        return params | self._media_params(message)

    def _advanced(self, service_sid: str | None) -> bool:
        row = self._core.store.one("SELECT advanced_opt_out FROM service WHERE sid = ?", service_sid)
        return bool(row and row["advanced_opt_out"])

    def _media_params(self, message: Row) -> dict[str, str]:
        rows = self._core.store.all("SELECT * FROM media WHERE message_sid = ? ORDER BY rowid", message["sid"])
        base = f"{self._core.settings.base_url}/{API_VERSION}/Accounts/{message['account_sid']}"
        params = {}
        for index, row in enumerate(rows):
            params[f"MediaUrl{index}"] = f"{base}/Messages/{message['sid']}/Media/{row['sid']}"
            params[f"MediaContentType{index}"] = row["content_type"]
        return params

    async def _obey(self, callback: Row, reply: Reply) -> None:
        """Carry out the <Message> verbs a customer answered with."""
        message = self._core.store.one("SELECT * FROM message WHERE sid = ?", callback["about"])
        number = self._core.number(message["recipient"]) if message else None
        if reply.failure or not reply.body.strip() or message is None or number is None:
            return
        if reply.content_type == "text/plain":
            self.reply(number, message["sender"], reply.body.decode(errors="replace"), [], from_carrier=False)
            return
        try:
            document = ET.fromstring(reply.body)  # noqa: S314 - expat limits entity growth; the peer is the developer's
        except ET.ParseError as broken:
            self._core.alerts.add(number["account_sid"], 12100, callback["url"], str(broken))
            return
        for verb in document.iter("Message"):
            body, media = _said(verb)
            self.reply(number, verb.get("to") or message["sender"], body, media, from_carrier=False)


def _nobody(*_: object, **__: object) -> None:
    raise RuntimeError("texting has not been connected")


def _route(row: Row, url: str, method: str, fallback: str, fallback_method: str) -> Route:
    spare = (row[fallback], row[fallback_method] or "POST") if row[fallback] else None
    return Route(row[url] or "", row[method] or "POST", spare)


def _said(verb: ET.Element) -> tuple[str, list[str]]:
    bodies = [part.text or "" for part in verb.iter("Body")]
    text = " ".join(bodies) if bodies else re.sub(r"\s+", " ", verb.text or "").strip()
    return text, [(part.text or "").strip() for part in verb.iter("Media")]
