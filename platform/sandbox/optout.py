"""STOP, START and HELP as the carrier handles them by default (https://help.twilio.com/articles/223134027)."""

from typing import NamedTuple

from sandbox import world_time
from sandbox.store import Row, Store
from sandbox.wire import TOLL_FREE

STOP = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})

STOPPED = (
    "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe."
)
STARTED = (
    "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
)
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
TOLL_FREE_STOPPED = (
    'NETWORK MSG: You replied with the word "stop" which blocks all texts sent from this number. '
    'Text back "unstop" to receive messages again.'
)
TOLL_FREE_STARTED = 'NETWORK MSG: You have replied "unstop" and will begin receiving messages again from this number.'


class Heard(NamedTuple):
    """`kind` STOP, START, HELP or ''; `reply` is the carrier's own text, '' for none."""

    kind: str = ""
    reply: str = ""


class OptOuts:
    def __init__(self, store: Store) -> None:
        self._store = store

    def stopped(self, sender: str, recipient: str) -> bool:
        sql = "SELECT 1 FROM opt_out WHERE sender = ? AND recipient = ?"
        return self._store.one(sql, sender, recipient) is not None

    def hear(self, number: Row, recipient: str, body: str) -> Heard:
        """Take note of a keyword texted to this customer number and say what the carrier answers."""
        word = body.strip().upper()
        if TOLL_FREE.fullmatch(number["phone_number"]):
            return self._hear_toll_free(number, recipient, word)
        if word in STOP:
            return Heard("STOP", STOPPED if self._stop(scope(number), recipient) else "")
        if word in START:
            return Heard("START", STARTED if self._start(scope(number), recipient) else "")
        return Heard("HELP", HELPED) if word in HELP else Heard()

    def _hear_toll_free(self, number: Row, recipient: str, word: str) -> Heard:
        """On toll-free numbers the network listens for STOP, START and UNSTOP alone."""
        if word == "STOP":
            return Heard("STOP", TOLL_FREE_STOPPED if self._stop(scope(number), recipient) else "")
        if word in ("START", "UNSTOP"):
            return Heard("START", TOLL_FREE_STARTED if self._start(scope(number), recipient) else "")
        return Heard()

    def _stop(self, sender: str, recipient: str) -> bool:
        sql = "INSERT OR IGNORE INTO opt_out VALUES (?, ?, ?)"
        return self._store.run(sql, sender, recipient, world_time.now()) > 0

    def _start(self, sender: str, recipient: str) -> bool:
        return self._store.run("DELETE FROM opt_out WHERE sender = ? AND recipient = ?", sender, recipient) > 0


def scope(number: Row) -> str:
    """An opt-out counts for the whole Messaging Service a number belongs to, else for the number alone."""
    return str(number["service_sid"] or number["phone_number"])
