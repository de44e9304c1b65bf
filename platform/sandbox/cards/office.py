"""The card desk as one value: its papers, its ledger, its news, and the clock that wakes it."""

import asyncio
import contextlib
from dataclasses import dataclass

from sandbox import world_time
from sandbox.cards.desk import Desk
from sandbox.cards.ledger import Ledger
from sandbox.cards.news import News
from sandbox.core import Core

LOOK_EVERY = 0.5  # real seconds
MOST_AT_ONCE = 500


@dataclass
class Office:
    desk: Desk
    news: News
    ledger: Ledger
    _clock: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._print_a_code()
        self._clock = asyncio.ensure_future(self._run())

    def _print_a_code(self) -> None:
        """A promotion code to try from the beginning."""
        if not self.desk.all("coupon"):
            coupon = self.desk.make(
                "coupon", "coupon", name="Welcome", duration="forever", percent_off=20.0, amount_off=None,
                currency="usd", valid=True, times_redeemed=0, max_redemptions=None, redeem_by=None,
                duration_in_months=None,
            )  # fmt: skip
            promotion = {"type": "coupon", "coupon": coupon["id"]}
            self.desk.make("promotion_code", "promo", code="WELCOME20", active=True, promotion=promotion,
                           customer=None,
                           expires_at=None, max_redemptions=None, times_redeemed=0)  # fmt: skip

    async def close(self) -> None:
        if self._clock:
            self._clock.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._clock
        await self.news.close()

    async def _run(self) -> None:
        while True:
            self.catch_up()
            await asyncio.sleep(LOOK_EVERY)

    def catch_up(self) -> None:
        """Everything that became due, in the order of its moments, also after the clock was turned by months."""
        for _ in range(MOST_AT_ONCE):
            found = self.ledger.due(world_time.now())
            if found is None:
                return
            self.ledger.happen(found[1], found[0])


def open_office(core: Core) -> Office:
    desk = Desk(core.store)
    news = News(core, desk)
    return Office(desk, news, Ledger(desk, news))
