"""Accounts and sub-accounts, and whose credentials open what."""

import base64
import binascii
import hmac
import secrets

from sandbox import world_time
from sandbox.errors import Refused
from sandbox.settings import Settings
from sandbox.store import Row, Store
from sandbox.wire import new_sid


class Accounts:
    """Few and asked for at every request, so they are kept in memory beside the store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._by_sid = {row["sid"]: row for row in store.all("SELECT * FROM account")}
        self._seed(settings.account_sid, settings.auth_token)

    def _seed(self, sid: str, token: str) -> None:
        """The first account comes from the command line, which also wins over an older token."""
        if sid not in self._by_sid:
            self._add(sid, sid, token, "Sandbox")
        elif self._by_sid[sid]["auth_token"] != token:
            self.change(sid, auth_token=token)

    def _add(self, sid: str, owner_sid: str, token: str, friendly_name: str) -> Row:
        now = world_time.now()
        row = {
            "sid": sid, "owner_sid": owner_sid, "auth_token": token, "friendly_name": friendly_name,
            "status": "active", "created": now, "updated": now,
        }  # fmt: skip
        self._store.insert("account", **row)
        self._by_sid[sid] = row
        return row

    def create(self, owner_sid: str, friendly_name: str) -> Row:
        return self._add(new_sid("AC"), owner_sid, secrets.token_hex(16), friendly_name)

    def change(self, sid: str, **columns: str) -> Row:
        row = self._by_sid[sid]
        row.update(columns, updated=world_time.now())
        self._store.update("account", sid, **columns, updated=row["updated"])
        return row

    def get(self, sid: str) -> Row | None:
        return self._by_sid.get(sid)

    def token(self, sid: str) -> str:
        return str(self._by_sid[sid]["auth_token"])

    def family(self, sid: str) -> list[Row]:
        """The account itself and its sub-accounts, newest first."""
        rows = [row for row in self._by_sid.values() if sid in (row["sid"], row["owner_sid"])]
        return sorted(rows, key=lambda row: -row["created"])

    def authenticate(self, header: str) -> Row:
        """The account whose SID and AuthToken an Authorization header carries; Refused(20003) otherwise."""
        scheme, _, encoded = header.partition(" ")
        try:
            user, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(20003) from None
        row = self._by_sid.get(user)
        token = row["auth_token"] if row else secrets.token_hex(16)
        if scheme.lower() != "basic" or row is None or not hmac.compare_digest(token.encode(), password.encode()):
            raise Refused(20003)
        return row

    def acting(self, credential: Row, sid: str, path: str) -> Row:
        """The account a path names, when these credentials may act for it: its own or its parent's."""
        row = self._by_sid.get(sid)
        if row is None or credential["sid"] not in (row["sid"], row["owner_sid"]):
            raise Refused(20404, path=path)
        return row
