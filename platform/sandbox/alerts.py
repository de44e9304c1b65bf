"""The debugger: what the carrier could not do with a customer's URL (https://www.twilio.com/docs/usage/monitor-alert)."""

from sandbox import world_time
from sandbox.store import Row, Store
from sandbox.webhooks import Reply


class Alerts:
    def __init__(self, store: Store) -> None:
        self._store = store

    def failed(self, account_sid: str, reply: Reply, url: str) -> None:
        """11205: no connection; 11200: anything else but 2xx."""
        code = 11205 if reply.failure == "ct" else 11200
        self.add(account_sid, code, url, f"HTTP {reply.status}" if reply.status else "no answer")

    def add(self, account_sid: str, code: int, url: str, text: str) -> None:
        self._store.insert("alert", at=world_time.now(), account_sid=account_sid, code=code, url=url, text=text)

    def latest(self, limit: int = 100) -> list[Row]:
        return self._store.all("SELECT * FROM alert ORDER BY id DESC LIMIT ?", limit)
