"""A text on its way to a handset: its states over time, each told to the customer."""

import asyncio
import json
import time
from collections.abc import Coroutine

from sandbox import world_time
from sandbox.core import Core
from sandbox.errors import Refused
from sandbox.handsets import FATE
from sandbox.inbound import Inbound
from sandbox.store import Row
from sandbox.wire import NANP, rfc2822

NEXT = {"accepted": "queued", "scheduled": "queued", "queued": "sending", "sending": "sent"}
UNDER_WAY = ("accepted", "scheduled", "queued", "sending", "sent")
LONGEST_QUEUE = 4 * 3600.0  # seconds of traffic one number may have waiting (error 21611 beyond)
LARGEST_MEDIA = 5_000_000


class Texting:
    def __init__(self, core: Core, inbound: Inbound) -> None:
        self._core, self._inbound = core, inbound
        self._free_at: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        inbound.reply = self.reply

    def take_slot(self, sender: str) -> float:
        """When this number may send next, under its rate; Refused(21611) when too much waits already."""
        rate, now = self._core.settings.number_rate, world_time.now()
        if rate <= 0:
            return now
        slot = max(now, self._free_at.get(sender, 0.0))
        if slot - now > LONGEST_QUEUE:
            raise Refused(21611)
        self._free_at[sender] = slot + 1 / rate
        return slot

    def send(self, message: Row, slot: float | None = None) -> None:
        """Write a new message down and let it run."""
        self._core.store.insert("message", **message)
        first = message["send_at"] if message["status"] == "scheduled" else max(slot or 0.0, self._soon())
        self._at(first, message["sid"])

    def reply(self, number: Row, recipient: str, body: str, media_urls: list[str], *, from_carrier: bool) -> None:
        """A TwiML answer, or the carrier's own answer to a keyword, back to the handset."""
        refused = self._core.opt_outs.stopped(number["service_sid"] or number["phone_number"], recipient)
        if refused and not from_carrier:
            self._core.alerts.add(number["account_sid"], 21610, "", "reply to an unsubscribed recipient dropped")
            return
        message = self._inbound.new_message(
            number["account_sid"], number["phone_number"], recipient, body, "outbound-reply", "queued"
        )
        message.update(
            num_media=len(media_urls),
            media_urls=json.dumps(media_urls),
            service_sid=number["service_sid"],
            from_carrier=int(from_carrier),
        )
        self.send(message)

    def resume(self) -> None:
        """Take up every message that was under way when the carrier stopped."""
        marks = ", ".join("?" * len(UNDER_WAY))
        sql = f"SELECT sid, status, send_at FROM message WHERE status IN ({marks}) AND direction != 'inbound'"
        for row in self._core.store.all(sql, *UNDER_WAY):
            due = row["send_at"] if row["status"] == "scheduled" else self._soon()
            self._at(due, row["sid"])

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _soon(self) -> float:
        return world_time.now() + self._core.settings.step

    def _at(self, moment: float, sid: str) -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(max(0.0, moment - world_time.now()), self._step, sid)

    def _step(self, sid: str) -> None:
        message = self._core.store.one("SELECT * FROM message WHERE sid = ?", sid)
        if message is None or message["status"] not in UNDER_WAY:
            return
        if message["status"] == "queued" and self._expired(message):
            self._change(message, "failed", error_code=30036)
        elif message["status"] == "sending" and json.loads(message["media_urls"] or "[]"):
            self._run(self._collect_media(message))
        elif message["status"] == "sent":
            self._finish(message)
        else:
            self._advance(message)

    def _expired(self, message: Row) -> bool:
        start = message["send_at"] or message["created"]
        return bool(world_time.ago(message["validity"]) > start)

    def _advance(self, message: Row) -> None:
        status = NEXT[message["status"]]
        self._change(message, status, **({"sent_at": world_time.now()} if status == "sent" else {}))
        self._at(self._soon(), message["sid"])

    async def _collect_media(self, message: Row) -> None:
        """The carrier fetches the pictures before it sends them on."""
        for url in json.loads(message["media_urls"]):
            code = await self._fetch_media(message, url)
            if code:
                self._change(message, "failed", error_code=code)
                return
        self._advance(message)

    async def _fetch_media(self, message: Row, url: str) -> int | None:
        try:
            async with self._core.webhooks.http.get(url) as response:
                content = await response.content.read(LARGEST_MEDIA + 1)
                kind = response.content_type
        except (OSError, TimeoutError, ValueError):
            return 11200
        if response.status >= 300:
            return 11200
        if len(content) > LARGEST_MEDIA:
            return 30019
        self._inbound.keep_media(message, kind, content)
        return None

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _finish(self, message: Row) -> None:
        """What becomes of a sent message depends on the phone at the other end."""
        recipient = message["recipient"]
        fate = self._fate(message)
        if fate:
            self._change(message, "undelivered", error_code=fate)
            return
        if self._core.number(recipient):
            self._inbound.receive(message["sender"], recipient, message["body"], self._inbound.media_of(message))
        if self._core.handsets.get(recipient).kind == "silent":
            self._core.store.update("message", message["sid"], arrived_at=message["arrived_at"] or world_time.now())
            self._core.feed.publish("message", recipient)
        else:
            self._change(message, "delivered", arrived_at=world_time.now())

    def _fate(self, message: Row) -> int | None:
        subject = f"To={message['recipient']} From={message['sender']} Body={message['body']}"
        fault = self._core.faults.strike(("undelivered",), subject)
        if fault:
            return fault.code or 30007
        return FATE.get(self._core.handsets.get(message["recipient"]).kind)

    def _change(self, message: Row, status: str, **columns: object) -> None:
        """The new state and the callback that reports it are written together."""
        message.update(columns, status=status, updated=world_time.now())
        with self._core.store.together():
            self._core.store.update("message", message["sid"], status=status, updated=message["updated"], **columns)
            self._core.outbox.post(
                "message-status", message["account_sid"], message["status_callback"], status_params(message)
            )
        self._core.feed.publish("message", message["recipient"])


def status_params(message: Row) -> dict[str, str]:
    """The fields of a message status callback."""
    params = {
        "MessageSid": message["sid"],
        "SmsSid": message["sid"],
        "MessageStatus": message["status"],
        "SmsStatus": message["status"],
        "AccountSid": message["account_sid"],
        "From": message["sender"],
        "To": message["recipient"],
        "ApiVersion": "2010-04-01",
    }
    if message["service_sid"]:
        params["MessagingServiceSid"] = message["service_sid"]
    if message["error_code"]:
        params["ErrorCode"] = str(message["error_code"])
    if message["status"] == "delivered" and NANP.fullmatch(message["recipient"]):
        params["RawDlrDoneDate"] = time.strftime("%y%m%d%H%M", time.gmtime(message["updated"]))
    return params


def message_json(row: Row) -> dict[str, object]:
    """A Message resource; the carrier settles no prices, so those stay null."""
    uri = f"/2010-04-01/Accounts/{row['account_sid']}/Messages/{row['sid']}"
    return {
        "account_sid": row["account_sid"],
        "api_version": "2010-04-01",
        "body": "" if row["redacted"] else row["body"],
        "date_created": rfc2822(row["created"]),
        "date_sent": rfc2822(row["sent_at"]),
        "date_updated": rfc2822(row["updated"]),
        "direction": row["direction"],
        "error_code": row["error_code"],
        "error_message": None,
        "from": row["sender"] or None,
        "messaging_service_sid": row["service_sid"],
        "num_media": str(row["num_media"]),
        "num_segments": str(row["segments"]),
        "price": None,
        "price_unit": "USD",
        "sid": row["sid"],
        "status": row["status"],
        "subresource_uris": {"media": f"{uri}/Media.json", "feedback": f"{uri}/Feedback.json"},
        "to": row["recipient"],
        "uri": f"{uri}.json",
    }
