"""The life of a subscription: begun, charged, changed, paused, ended; each step told by events."""

from typing import Any

from sandbox.cards import money
from sandbox.cards.cards import Fate
from sandbox.cards.desk import Desk
from sandbox.cards.months import begin_period, next_end, period_after
from sandbox.cards.news import News
from sandbox.cards.wire import Doc, Refused, new_id

DAY = 86_400
RETRIES = (3 * DAY, 5 * DAY, 7 * DAY)  # after each failed try, as an account's settings may say
LIVE = ("trialing", "active", "past_due", "unpaid", "paused", "incomplete")
FIRST_PAYMENT_WITHIN = 23 * 3600


class Ledger:
    def __init__(self, desk: Desk, news: News) -> None:
        self.desk, self.news = desk, news

    # -- beginning -----------------------------------------------------------------------------------------------

    def subscribe(self, customer: str, prices: list[tuple[Doc, int | None]], **how: Any) -> Doc:
        """`how`: trial_days, end_behavior, metadata, tax, coupon. The first payment is due at once without a trial."""
        now, trial = int(self.desk.now()), int(how.get("trial_days") or 0)
        end = now + trial * DAY
        id_ = new_id("sub")
        items = [self.item(id_, price, quantity, now, end if trial else period_after(price, now, now))
                 for price, quantity in prices]  # fmt: skip
        coupon = how.get("coupon")
        subscription = self.desk.make(
            "subscription", "sub", id=id_, customer=customer, status="trialing" if trial else "incomplete",
            items={"object": "list", "data": items, "has_more": False, "url": "/v1/subscription_items"},
            currency="usd", collection_method="charge_automatically", billing_cycle_anchor=end if trial else now,
            start_date=now, trial_start=now if trial else None, trial_end=end if trial else None,
            trial_settings={"end_behavior": {"missing_payment_method": how.get("end_behavior") or "create_invoice"}},
            cancel_at=None, cancel_at_period_end=False, canceled_at=None, ended_at=None, latest_invoice=None,
            default_payment_method=None, discounts=[new_id("di")] if coupon else [], pause_collection=None,
            automatic_tax={"enabled": bool(how.get("tax")), "liability": {"type": "self"}, "disabled_reason": None},
            billing_mode={"type": "flexible"}, _coupon=coupon, _anchor=end if trial else now, _retry=None, _tries=0,
        )  # fmt: skip
        subscription["metadata"] = how.get("metadata") or {}
        self.desk.keep(subscription)
        self.news.tell("customer.subscription.created", subscription)
        if not trial:
            self._bill(subscription, money.base_lines(self.desk, items), "subscription_create")
        return self.desk.get("subscription", id_)

    def item(self, subscription: str, price: Doc, quantity: int | None, start: int, end: int) -> Doc:
        amount = {} if quantity is None else {"quantity": quantity}
        return {
            "id": new_id("si", 14), "object": "subscription_item", "created": int(self.desk.now()), "price": price,
            "subscription": subscription, "metadata": {}, "discounts": [], "tax_rates": [],
            "current_period_start": start, "current_period_end": end, **amount,
        }  # fmt: skip

    # -- money ---------------------------------------------------------------------------------------------------

    def _bill(self, subscription: Doc, lines: list[Doc], reason: str) -> Doc:
        """An invoice of these lines, charged at once; the subscription's status follows."""
        invoice = money.invoice(self.desk, subscription, lines, reason)
        subscription["latest_invoice"] = invoice["id"]
        self.desk.keep(subscription)
        self.news.tell("invoice.created", invoice)
        self.news.tell("invoice.finalized", invoice)
        return self.collect(subscription, invoice)

    def collect(self, subscription: Doc, invoice: Doc, *, asked: bool = False) -> Doc:
        """Charge an open invoice; `asked` is its owner being there to say yes to the bank."""
        card = self.card_of(subscription)
        fate: Fate = Fate(**card["_fate"]) if card else Fate(charged="card_declined")
        failure = fate.charged or ("authentication_required" if fate.asks and not asked else "")
        if invoice["amount_remaining"] == 0:
            failure = ""
        invoice["attempted"], invoice["attempt_count"] = True, invoice["attempt_count"] + 1
        if failure:
            return self._failed(subscription, invoice, failure)
        return self._paid(subscription, invoice)

    def card_of(self, subscription: Doc) -> Doc | None:
        customer = self.desk.get("customer", subscription["customer"])
        chosen = subscription["default_payment_method"] or customer["invoice_settings"]["default_payment_method"]
        return self.desk.find("payment_method", chosen) if chosen else None

    def receive(self, invoice: Doc, card: Doc | None) -> Doc:
        """The money is there."""
        invoice |= {"status": "paid", "amount_paid": invoice["amount_due"], "amount_remaining": 0}
        invoice["next_payment_attempt"] = None
        self.desk.keep(invoice)
        money.charge(self.desk, invoice, card)
        self.news.tell("invoice.paid", invoice)
        return invoice

    def _paid(self, subscription: Doc, invoice: Doc) -> Doc:
        self.receive(invoice, self.card_of(subscription))
        subscription["_retry"], subscription["_tries"] = None, 0
        if subscription["status"] in ("incomplete", "past_due", "unpaid", "trialing", "paused"):
            self._turn(subscription, "active")
        else:
            self.desk.keep(subscription)
        return invoice

    def _failed(self, subscription: Doc, invoice: Doc, why: str) -> Doc:
        tries = subscription["_tries"]
        first = subscription["status"] == "incomplete"
        subscription["_tries"] = tries + 1
        subscription["_retry"] = None
        if not first and tries < len(RETRIES):
            subscription["_retry"] = invoice["next_payment_attempt"] = int(self.desk.now()) + RETRIES[tries]
        self.desk.keep(invoice | {"_why": why})
        kind = "payment_action_required" if why == "authentication_required" else "payment_failed"
        self.news.tell(f"invoice.{kind}", invoice)
        if first or subscription["status"] == "unpaid":
            self.desk.keep(subscription)
        elif tries < len(RETRIES):
            self._turn(subscription, "past_due")
        else:
            self._give_up(subscription)
        return invoice

    def _give_up(self, subscription: Doc) -> None:
        """After the last try; which way is a setting of the account that no API shows."""
        final = self.desk.setting("final", "unpaid")
        if final == "canceled":
            self.end(subscription, "payment_failed")
        elif final == "paused":
            self.pause(subscription, "final_payment_failure")
        else:
            self._turn(subscription, final)

    def _turn(self, subscription: Doc, status: str) -> None:
        before = subscription["status"]
        subscription["status"] = status
        if status == "active":
            subscription.pop("status_details", None)
        self.desk.keep(subscription)
        if before != status:
            self.news.tell("customer.subscription.updated", subscription, {"status": before})

    # -- changes -------------------------------------------------------------------------------------------------

    def changed(self, subscription: Doc, previous: Doc) -> Doc:
        self.desk.keep(subscription)
        self.news.tell("customer.subscription.updated", subscription, previous)
        return subscription

    def prorate(self, subscription: Doc, items: list[Doc], at: int) -> list[Doc]:
        """What is given back of the old items and what the new ones cost for the rest of the period."""
        old = {item["id"]: item for item in subscription["items"]["data"] if not money.metered(item)}
        lines = []
        for item in (item for item in items if not money.metered(item)):
            for one, sign, words in ((old.get(item["id"]), -1, "Unused time on"), (item, 1, "Remaining time on")):
                if one:
                    start, end = money.period(one)
                    rest = max(0, end - at) / max(1, end - start)
                    product = self.desk.get("product", one["price"]["product"])["name"]
                    amount = sign * round(money.priced(one, one.get("quantity", 1)) * rest)
                    text = f"{words} {one.get('quantity', 1)} × {product}"
                    lines.append(money.line(self.desk, one, amount, at, end, words=text, proration=True))
        return [line for line in lines if line["amount"]]

    def change_items(self, subscription: Doc, items: list[Doc], behavior: str, at: int) -> Doc:
        """New items; with always_invoice the difference is billed at once. A charge that fails leaves it past_due."""
        lines = self.prorate(subscription, items, at) if behavior == "always_invoice" else []
        previous = {"items": subscription["items"]}
        subscription["items"] = {**subscription["items"], "data": items}
        self.changed(subscription, previous)
        if lines and subscription["status"] != "trialing":
            self._bill(subscription, lines, "subscription_update")
        return self.desk.get("subscription", subscription["id"])

    def end(self, subscription: Doc, reason: str) -> Doc:
        now = int(self.desk.now())
        subscription |= {"status": "canceled", "ended_at": now, "canceled_at": subscription["canceled_at"] or now}
        subscription["cancellation_details"] = {"comment": None, "feedback": None, "reason": reason}
        subscription["_retry"] = None
        self.desk.keep(subscription)
        self.news.tell("customer.subscription.deleted", subscription)
        return subscription

    def pause(self, subscription: Doc, why: str) -> Doc:
        subscription |= {"status": "paused", "_retry": None}
        subscription["status_details"] = {"paused": {"subscription": {"type": why}}}
        self.desk.keep(subscription)
        self.news.tell("customer.subscription.paused", subscription)
        return subscription

    def resume(self, subscription: Doc) -> Doc:
        """Begin a new period now and charge it; without a card that pays it stays paused."""
        if subscription["status"] != "paused":
            raise Refused("The subscription is not paused.", code="resource_invalid")
        if self.card_of(subscription) is None:
            raise Refused("This customer has no attached payment source or default payment method.")
        now = int(self.desk.now())
        self._new_anchor(subscription, now)
        self._bill(subscription, money.base_lines(self.desk, subscription["items"]["data"]), "subscription_update")
        done = self.desk.get("subscription", subscription["id"])
        if done["status"] == "active":
            self.news.tell("customer.subscription.resumed", done)
        return done

    def _new_anchor(self, subscription: Doc, start: int) -> None:
        """All periods begin anew now."""
        for item in subscription["items"]["data"]:
            item.pop("_anchor", None)
        begin_period(subscription["items"]["data"], start, start)
        subscription["_anchor"] = subscription["billing_cycle_anchor"] = start
        self.desk.keep(subscription)

    # -- as time goes by -----------------------------------------------------------------------------------------

    def due(self, now: float) -> tuple[float, Doc] | None:
        """The subscription that something happens to first, and when; None while nothing is due."""
        moments = [(at, one) for one in self.desk.all("subscription") if one["status"] in LIVE
                   for at in [next_moment(one)] if at and at <= now]  # fmt: skip
        return min(moments, key=lambda each: each[0], default=None)

    def happen(self, subscription: Doc, at: float) -> None:
        """What is due at this moment of the subscription's life, dated then, however late we look."""
        with self.desk.as_of(at):
            self._happen(subscription, at)

    def _happen(self, subscription: Doc, at: float) -> None:
        if subscription["cancel_at"] and subscription["cancel_at"] <= at:
            self.end(subscription, "cancellation_requested")
        elif subscription["status"] == "incomplete":
            self._turn(subscription, "incomplete_expired")
        elif subscription["status"] == "trialing":
            self._in_trial(subscription, at)
        elif subscription["_retry"] and subscription["_retry"] <= at:
            subscription["_retry"] = None
            self.collect(subscription, self.desk.get("invoice", subscription["latest_invoice"]))
        else:
            self._renew(subscription)

    def _in_trial(self, subscription: Doc, at: float) -> None:
        if at < subscription["trial_end"]:
            subscription["_warned"] = True
            self.desk.keep(subscription)
            self.news.tell("customer.subscription.trial_will_end", subscription)
            return
        start, how = subscription["trial_end"], subscription["trial_settings"]["end_behavior"]["missing_payment_method"]
        if self.card_of(subscription) is None and how != "create_invoice":
            if how == "pause":
                self.pause(subscription, "trial_end_without_payment_method")
            else:
                self.end(subscription, "payment_failed")
            return
        self._new_anchor(subscription, start)
        subscription["_tries"] = 0
        self._bill(subscription, money.base_lines(self.desk, subscription["items"]["data"]), "subscription_cycle")

    def _renew(self, subscription: Doc) -> None:
        """The next period of the items whose one is over: their base ahead, their usage of what is past."""
        items = subscription["items"]["data"]
        start = next_end(items)
        due = [item for item in items if item["current_period_end"] == start]
        usage = money.usage_lines(self.desk, subscription, due)
        begin_period(due, subscription["_anchor"], start)
        self.desk.keep(subscription)
        lines = [*money.base_lines(self.desk, due), *usage]
        if subscription["cancel_at_period_end"]:
            self.end(subscription, "cancellation_requested")
        elif subscription["status"] == "unpaid":
            draft = money.invoice(self.desk, subscription, lines, "subscription_cycle", status="draft")
            self.desk.keep(subscription | {"latest_invoice": draft["id"]})
            self.news.tell("invoice.created", draft)
        elif lines:
            subscription["_tries"] = 0 if subscription["status"] == "active" else subscription["_tries"]
            self._bill(subscription, lines, "subscription_cycle")
            self.news.tell("customer.subscription.updated", self.desk.get("subscription", subscription["id"]))

    def give_card(self, customer: Doc, card: Doc) -> None:
        """A new card becomes the one that is charged."""
        customer["invoice_settings"]["default_payment_method"] = card["id"]
        self.desk.keep(customer)
        self.news.tell("payment_method.attached", card)
        self.news.tell("customer.updated", customer)


def next_moment(one: Doc) -> float | None:
    """When the next thing happens to a subscription by itself."""
    moments = [one["cancel_at"], one["_retry"]]
    if one["status"] == "incomplete":
        moments.append(one["created"] + FIRST_PAYMENT_WITHIN)
    elif one["status"] == "trialing":
        warns = one["trial_end"] - 3 * DAY
        moments.append(one["trial_end"] if one.get("_warned") else max(warns, one["created"]))
    elif one["status"] != "paused":
        moments.append(next_end(one["items"]["data"]))
    return min((moment for moment in moments if moment), default=None)
