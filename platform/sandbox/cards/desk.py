"""Everything the card desk knows: one document per object, in the sandbox's own file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sandbox import world_time
from sandbox.cards.wire import Doc, Refused, new_id
from sandbox.store import Store

NEVER_NOTED = ("event", "billing.meter", "billing.meter_event", "billing_portal.session")
FINALS = ("unpaid", "canceled", "past_due", "paused")  # what becomes of a subscription after the last try


class Desk:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._as_of: float | None = None

    def now(self) -> float:
        return self._as_of or world_time.now()

    @contextmanager
    def as_of(self, at: float) -> Iterator[None]:
        """What happens inside is dated so: the world's clock may have been turned past it."""
        self._as_of = at
        try:
            yield
        finally:
            self._as_of = None

    def make(self, kind: str, prefix: str, **fields: Any) -> Doc:
        """A new object with an id; `id` may be given."""
        id_ = fields.pop("id", None) or new_id(prefix)
        noted: Doc = {} if kind in NEVER_NOTED else {"metadata": {}}
        doc = {"id": id_, "object": kind, "created": int(self.now()), "livemode": False, **noted, **fields}
        return self.keep(doc)

    def keep(self, doc: Doc) -> Doc:
        """Write the object as it is now."""
        self._store.run(
            "INSERT INTO card_object (id, kind, customer, created, doc) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, doc = excluded.doc",
            doc["id"], doc["object"], doc.get("customer"), doc["created"], json.dumps(doc),
        )  # fmt: skip
        return doc

    def find(self, kind: str, id_: object) -> Doc | None:
        row = self._store.one("SELECT doc FROM card_object WHERE id = ? AND kind = ?", str(id_), kind)
        return dict(json.loads(row["doc"])) if row else None

    def get(self, kind: str, id_: object, param: str = "id") -> Doc:
        """Raises Refused in Stripe's words."""
        found = self.find(kind, id_)
        if found is None:
            name = kind.split(".")[-1].replace("_", " ")
            raise Refused(f"No such {name}: '{id_}'", code="resource_missing", param=param, status=404)
        return found

    def all(self, kind: str, **same: Any) -> list[Doc]:
        """The newest first; `same` are fields that must be equal."""
        mine = "AND customer = ?" if same.get("customer") else ""
        values = (kind, same["customer"]) if mine else (kind,)
        rows = self._store.all(f"SELECT doc FROM card_object WHERE kind = ? {mine} ORDER BY rowid DESC", *values)
        docs = [json.loads(row["doc"]) for row in rows]
        return [doc for doc in docs if all(doc.get(name) == value for name, value in same.items())]

    def setting(self, name: str, otherwise: str) -> str:
        row = self._store.one("SELECT value FROM card_setting WHERE name = ?", name)
        return str(row["value"]) if row else otherwise

    def set(self, name: str, value: str) -> None:
        self._store.run(
            "INSERT INTO card_setting (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name, value,
        )  # fmt: skip

    def answered(self, key: str) -> Doc | None:
        """What was answered to this idempotency key, and to which request."""
        row = self._store.one("SELECT doc FROM card_key WHERE key = ?", key)
        return dict(json.loads(row["doc"])) if row else None

    def remember(self, key: str, told: Doc) -> None:
        self._store.run("INSERT OR IGNORE INTO card_key (key, doc) VALUES (?, ?)", key, json.dumps(told))
