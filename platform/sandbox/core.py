"""The parts every engine of the carrier stands on."""

from dataclasses import dataclass

from sandbox import world_time
from sandbox.accounts import Accounts
from sandbox.alerts import Alerts
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.feed import Feed
from sandbox.handsets import Handsets
from sandbox.optout import OptOuts
from sandbox.outbox import Outbox
from sandbox.settings import Settings
from sandbox.store import Row, Store
from sandbox.webhooks import Webhooks


@dataclass
class Core:
    settings: Settings
    store: Store
    clock: Clock
    feed: Feed
    faults: Faults
    accounts: Accounts
    handsets: Handsets
    opt_outs: OptOuts
    alerts: Alerts
    webhooks: Webhooks
    outbox: Outbox

    def number(self, phone_number: str) -> Row | None:
        """The customer number, if somebody has bought it."""
        return self.store.one("SELECT * FROM number WHERE phone_number = ?", phone_number)

    def note(self, call_sid: str, kind: str, text: str = "", *numbers: str) -> None:
        """One line of what is heard on a call, for the page."""
        self.store.insert("call_log", call_sid=call_sid, at=world_time.now(), kind=kind, text=text)
        self.feed.publish("call", *numbers)


def build_core(settings: Settings) -> Core:
    world_time.keep_in(settings.clock)
    store = Store(settings.state)
    accounts, faults, alerts = Accounts(store, settings), Faults(store), Alerts(store)
    webhooks = Webhooks()
    return Core(
        settings=settings,
        store=store,
        clock=Clock(settings.time_scale),
        feed=Feed(),
        faults=faults,
        accounts=accounts,
        handsets=Handsets(store),
        opt_outs=OptOuts(store),
        alerts=alerts,
        webhooks=webhooks,
        outbox=Outbox(store, webhooks, faults, accounts, alerts, settings),
    )
