"""How Stripe writes things down: nested form fields, lists, refusals (https://docs.stripe.com/api/errors)."""

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from aiohttp import web

Doc = dict[str, Any]
PART = re.compile(r"\[([^\]]*)\]")
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"


class Refused(Exception):
    """A request that is answered no; `kind` is Stripe's type of error."""

    def __init__(
        self, message: str, *, code: str = "", param: str = "", status: int = 400, kind: str = "invalid_request_error"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error: Doc = {"type": kind, "message": message} | ({"code": code} if code else {})
        self.error |= {"param": param} if param else {}


def new_id(prefix: str, length: int = 24) -> str:
    return f"{prefix}_" + "".join(secrets.choice(ALPHABET) for _ in range(length))


def nested(fields: Iterable[tuple[str, str]]) -> Doc:
    """items[0][price]=p as {"items": [{"price": "p"}]}; numbered parts become lists."""
    tree: Doc = {}
    for name, value in fields:
        first, _, rest = name.partition("[")
        at, keys = tree, [first, *PART.findall("[" + rest if rest else "")]
        for key in keys[:-1]:
            at = at.setdefault(key or str(len(at)), {})
        at[keys[-1] or str(len(at))] = value
    return {key: _lists(value) for key, value in tree.items()}


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _lists(each) for key, each in value.items()}


def shown(doc: Mapping[str, Any]) -> Doc:
    """An object as it is answered: what begins with an underscore is the desk's own."""
    return {key: _shown(value) for key, value in doc.items() if not key.startswith("_")}


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return shown(value)
    return [_shown(each) for each in value] if isinstance(value, list) else value


def listing(docs: Iterable[Mapping[str, Any]], url: str, limit: int = 10) -> Doc:
    every = [shown(doc) for doc in docs]
    return {"object": "list", "url": url, "has_more": len(every) > limit, "data": every[:limit]}


def truth(value: object) -> bool:
    return str(value).lower() == "true"


def whole(value: Any, param: str) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as wrong:
        raise Refused(f"Invalid integer: {value}", param=param) from wrong


def answer(doc: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.json_response(shown(doc), status=status, headers={"Request-Id": new_id("req", 14)})
