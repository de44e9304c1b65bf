"""Every live call: legs are made, ring, are answered, end, and their customers hear of it."""

import asyncio
import json
from collections.abc import Coroutine, Mapping
from dataclasses import asdict
from typing import Any

from sandbox import dial, record, verbs, world_time  # noqa: F401 - they register the verbs, world_time
from sandbox.behaviour import converse
from sandbox.core import Core
from sandbox.handsets import Handset
from sandbox.leg import Ended, HungUp, Leg, Progress, Rejected, Target, call_params
from sandbox.progress import event_fields, number_callback
from sandbox.session import Session
from sandbox.store import Row
from sandbox.webhooks import Hook, Reply
from sandbox.wire import ANONYMOUS, new_sid

MOST_HOPS = 4  # a carrier gives up on calls that are forwarded in circles
LIVE = ("queued", "ringing", "in-progress")


class Switchboard:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.live: dict[str, Leg] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # -- legs ---------------------------------------------------------------------------------------------------

    def new_leg(self, **fields: Any) -> Leg:
        leg = Leg(sid=new_sid("CA"), **fields)
        self.live[leg.sid] = leg
        callback = leg.progress or leg.number_callback
        self.core.store.insert(
            "call", sid=leg.sid, account_sid=leg.account_sid, parent_sid=leg.parent.sid if leg.parent else None,
            number_sid=leg.number_sid, sender=leg.sender, recipient=leg.recipient, caller=leg.caller,
            direction=leg.direction, status=leg.status, forwarded_from=leg.forwarded_from or None,
            progress=json.dumps(asdict(callback)) if callback else None, created=leg.created, updated=leg.created,
        )  # fmt: skip
        self.core.feed.publish("call", leg.handset)
        return leg

    def place(
        self, caller: str, to: str, *, anonymous: bool = False, forwarded_from: str = "", sender: str = "",
        in_person: bool = False, says: str = "", hops: int = 0,
    ) -> Leg:  # fmt: skip
        """Somebody calls a number: a customer's, or another phone's own line."""
        number = self.core.number(to)
        shown = ANONYMOUS if anonymous else sender or caller
        leg = self.new_leg(
            account_sid=number["account_sid"] if number else "", sender=shown, recipient=to, caller=caller,
            direction="inbound" if number else "network", number_sid=number["sid"] if number else None,
            forwarded_from=forwarded_from, status="ringing", in_person=in_person, says=says, hops=hops,
            number_callback=number_callback(number),
        )  # fmt: skip
        work = self._serve_inbound(leg, number) if number else self._serve_network(leg)
        leg.work = self._run(work)
        return leg

    def dial_out(self, leg: Leg, target: Target, timeout: float) -> None:
        """A call a customer asked for by API: ring the phone, then run the TwiML on it."""
        leg.work = self._run(self._serve_outbound(leg, target, timeout))

    async def _serve_inbound(self, leg: Leg, number: Row) -> None:
        spare = (number["voice_fallback_url"], number["voice_fallback_method"] or "POST")
        target = Target(number["voice_url"] or "", number["voice_method"] or "POST", spare if spare[0] else None)
        await self._serve(leg, target)

    async def _serve(self, leg: Leg, target: Target) -> None:
        status = ""
        try:
            await Session(self, leg).run(target)
        except Ended:
            pass
        except HungUp:
            status = "completed"
        except Rejected as rejected:
            status = rejected.status
        finally:
            self.finish(leg, status or ("completed" if leg.answered_at else "no-answer"))

    async def _serve_outbound(self, leg: Leg, target: Target, timeout: float) -> None:
        self.start_ringing(leg)
        try:
            outcome = await leg.race(asyncio.shield(leg.pickup), self.core.clock.real(timeout))
        except HungUp:
            outcome = "canceled"
        if outcome == "answered":
            await self._serve(leg, target)
        else:
            self.settle(leg, outcome or "no-answer")

    async def _serve_network(self, leg: Leg) -> None:
        """A call that never touches a customer's number, unless the phone forwards it to one."""
        self._ring_far_end(leg)
        try:
            answered = await leg.race(asyncio.shield(leg.pickup), self.core.clock.real(60))
            if answered == "answered":
                await leg.race(asyncio.shield(leg.ended))
        except HungUp:
            pass
        self.finish(leg, "completed" if leg.answered_at else "no-answer")

    # -- ringing ------------------------------------------------------------------------------------------------

    def start_ringing(self, leg: Leg) -> None:
        self._tell(leg, "initiated")
        leg.status = "ringing"
        self.core.store.update("call", leg.sid, status="ringing", updated=world_time.now())
        self._tell(leg, "ringing")
        self._ring_far_end(leg)

    def _ring_far_end(self, leg: Leg) -> None:
        self.core.note(leg.sid, "ringing", leg.sender, leg.recipient)
        leg.far_end = self._run(self._far_end(leg))

    async def _far_end(self, leg: Leg) -> None:
        handset = self.core.handsets.get(leg.recipient)
        away = handset.behaviour in ("busy", "unreachable")
        if self.core.number(leg.recipient):
            await self._pass_on(leg, leg.recipient, "")
        elif handset.forward_to:
            if away or await self._unanswered(leg, handset):
                await self._pass_on(leg, handset.forward_to, handset.number)
        else:
            await self._live_through(leg, handset)

    async def _unanswered(self, leg: Leg, handset: Handset) -> bool:
        """Conditional forwarding: nobody picks up in time, however the phone would behave later."""
        acting = self._run(self._live_through(leg, handset))
        await asyncio.wait({leg.pickup}, timeout=self.core.clock.real(handset.forward_after))
        if leg.pickup.done():
            await asyncio.wait({acting})
            return False
        acting.cancel()
        return True

    async def _live_through(self, leg: Leg, handset: Handset) -> None:
        """What the owner does when nobody at the page decides for them."""
        if handset.behaviour in ("busy", "unreachable"):
            self.settle(leg, "busy" if handset.behaviour == "busy" else "failed")
        elif handset.behaviour in ("accepts", "declines", "voicemail"):
            await self.core.clock.sleep(handset.after)
            self.answer(leg, "machine_start" if handset.behaviour == "voicemail" else "human")
            await converse(leg, handset, self.core.clock)
            self.hang_up(leg)

    async def _pass_on(self, leg: Leg, to: str, forwarded_from: str) -> None:
        """The call travels on to a customer's number and comes in there as a new one."""
        if leg.hops >= MOST_HOPS:
            self.settle(leg, "failed")
            return
        onward = self.place(
            leg.caller or leg.sender, to, sender=leg.sender, forwarded_from=forwarded_from,
            in_person=leg.in_person, says=leg.says, hops=leg.hops + 1,
        )  # fmt: skip
        leg.onward = onward
        try:
            await asyncio.wait({onward.pickup, onward.ended}, return_when=asyncio.FIRST_COMPLETED)
            if onward.answered_at is not None:
                self.answer(leg)
            await asyncio.wait({onward.ended})
        finally:
            self.hang_up(onward)
            if leg.answered_at is None:
                self.settle(leg, "busy" if onward.status == "busy" else "no-answer")
            self.hang_up(leg)

    # -- what happens to a leg ----------------------------------------------------------------------------------

    def answer(self, leg: Leg, answered_by: str = "") -> None:
        if leg.pickup.done() or not leg.live:
            return
        leg.answered_at, leg.answered_by, leg.status = world_time.now(), answered_by, "in-progress"
        self.core.store.update(
            "call",
            leg.sid,
            status=leg.status,
            answered=leg.answered_at,
            answered_by=(leg.detects_machines and answered_by) or None,
        )
        leg.pickup.set_result("answered")
        self.core.note(leg.sid, "answered", "", leg.handset)
        self._tell(leg, "answered")

    def settle(self, leg: Leg, status: str) -> None:
        """End a leg nobody picked up (busy, failed, no-answer, canceled); one that was picked up is completed."""
        if not leg.pickup.done():
            leg.pickup.set_result(status)
        self.finish(leg, "completed" if leg.answered_at else status)

    def hang_up(self, leg: Leg) -> None:
        """The person puts the phone down; what the carrier was doing for them stops."""
        if not leg.live:
            return
        leg.interrupt(HungUp())
        if leg.onward:
            self.hang_up(leg.onward)
        if leg.direction == "outbound-dial" and not leg.pickup.done():
            self.settle(leg, "canceled")

    def decline(self, leg: Leg) -> None:
        """Refuse a ringing phone: the carrier hears a busy signal."""
        if leg.pickup.done():
            self.hang_up(leg)
        else:
            self.settle(leg, "busy")

    def depart(self, leg: Leg) -> None:
        """The caller has gone: from now on every webhook says so, though the call's end is reported last."""
        leg.status = "completed"

    def finish(self, leg: Leg, status: str) -> None:
        if not leg.live:
            return
        leg.status, leg.ended_at = status, world_time.now()
        leg.ended.set_result(status)
        leg.interrupt(HungUp())
        self.live.pop(leg.sid, None)
        if leg.far_end and leg.far_end is not asyncio.current_task():
            leg.far_end.cancel()
        with self.core.store.together():
            self.core.store.update(
                "call", leg.sid, status=status, ended=leg.ended_at, updated=leg.ended_at,
                duration=round(self.core.clock.felt(leg.seconds())),
            )  # fmt: skip
            self._tell(leg, "completed")
        self.core.note(leg.sid, "ended", status, leg.handset)

    # -- telling the customer -----------------------------------------------------------------------------------

    async def ask(self, account_sid: str, target: Target, params: Mapping[str, str]) -> Reply:
        """Fetch TwiML; callback faults strike here as well."""
        fields = " ".join(f"{name}={value}" for name, value in params.items())
        fault = self.core.faults.strike(("lost", "late", "doubled"), f"voice {target.url} {fields}")
        if fault and fault.kind == "lost":
            return Reply(failure="ct")
        if fault and fault.kind == "late":
            await asyncio.sleep(fault.seconds)
        hook = Hook(target.url, params, self.core.accounts.token(account_sid), target.method)
        reply = await self.core.webhooks.send(hook)
        if fault and fault.kind == "doubled":
            reply = await self.core.webhooks.send(hook)
        if reply.failure:
            self.core.alerts.failed(account_sid, reply, target.url)
        return reply

    def report(self, leg: Leg, purpose: str, target: Target) -> None:
        """Request a URL whose answer no longer matters."""
        params = {**call_params(leg), **target.extra}
        self.core.outbox.post(purpose, leg.account_sid, target.url, params, method=target.method)

    def _tell(self, leg: Leg, event: str) -> None:
        callback = leg.progress or leg.number_callback
        if callback is None or event not in callback.events:
            return
        params = call_params(leg) | event_fields(leg, event, self.core.clock.felt(leg.seconds()))
        leg.sequence += 1
        self.core.outbox.post("call-status", leg.account_sid, callback.url, params, method=callback.method)

    # -- coming and going ---------------------------------------------------------------------------------------

    def resume(self) -> None:
        """Calls do not survive the carrier; those that were live are over, and their customers are told."""
        marks = ", ".join("?" * len(LIVE))
        for row in self.core.store.all(f"SELECT * FROM call WHERE status IN ({marks})", *LIVE):
            leg = Leg(
                sid=row["sid"], account_sid=row["account_sid"], sender=row["sender"], recipient=row["recipient"],
                direction=row["direction"], caller=row["caller"], created=row["created"], answered_at=row["answered"],
                forwarded_from=row["forwarded_from"] or "",
                progress=Progress(**json.loads(row["progress"])) if row["progress"] else None,
            )  # fmt: skip
            self.finish(leg, "completed" if row["direction"] == "inbound" or row["answered"] else "failed")

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
