"""What a mail provider posts to us, whichever it is: kept as it was sent until a worker reads it."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any, NamedTuple

from groundwork.database import Json
from hallway.channels import mail_addresses
from hallway.channels.mail_came import Came

HEADERS_OF_THE_PARTS = ("content-type", "content-transfer-encoding", "mime-version", "content-disposition", "bcc")


@dataclass(frozen=True)
class Posted:
    """One request. `path_secret` is what followed our address, `password` that of basic authentication.

    `params` is the JSON body or the form; `files` are {"field", "name", "type", "data" (base64)}. `raw` is the body as
    it came, `headers` the request's, their names in lower case: what a signature is about.
    """

    path_secret: str = field(repr=False)
    password: str = field(repr=False)
    params: Json
    files: list[dict[str, str]]
    raw: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def as_json(self) -> Json:
        """For keeping. The database holds no NUL, and no honest sender sends one."""
        kept: Json = _without_nul({"params": self.params, "files": self.files})
        return kept

    @classmethod
    def kept(cls, stored: Json) -> Posted:
        return cls("", "", stored["params"], stored["files"])


class News(NamedTuple):
    """What became of a mail of ours: delivered, bounced, refused, complained or unsubscribed; `key` is unique."""

    kind: str
    about: mail_addresses.Mark
    said: str
    key: str


class Vendor(NamedTuple):
    """`genuine` checks a request against the inlet's secret; `recipients` are those it was delivered to."""

    genuine: Callable[[Posted, str], bool]
    recipients: Callable[[Posted], list[str]]
    key: Callable[[Posted], str]
    read: Callable[[Posted], Came]
    news: Callable[[Posted], list[News]]


def knows_the_secret(posted: Posted, secret: str) -> bool:
    """For providers that sign nothing: the secret stands in our address, or comes as a password."""
    return any(hmac.compare_digest(given.encode(), secret.encode()) for given in (posted.path_secret, posted.password))


def rebuilt(headers: Iterable[tuple[str, str]], text: str, html: str, files: Iterable[tuple[str, str, bytes]]) -> bytes:
    """The mail again, from what the provider took apart, so that every mail is read by one reader."""
    mail = EmailMessage(policy=default)
    for name, value in headers:
        if name.lower() not in HEADERS_OF_THE_PARTS:
            _add(mail, name, value)
    if text or not html:
        mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html") if text else mail.set_content(html, subtype="html")
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        mail.add_attachment(
            data, maintype=main or "application", subtype=sub or "octet-stream", filename=name or "file"
        )
    return mail.as_bytes()


def data_of(one: dict[str, str]) -> bytes:
    try:
        return base64.b64decode(one.get("data", ""))
    except ValueError:
        return b""


def _add(mail: EmailMessage, name: str, value: str) -> None:
    """A header that cannot be written (a second From, a line break) says nothing we could use."""
    try:
        mail[name] = " ".join(value.split())
    except (ValueError, TypeError, IndexError, AttributeError):
        return


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(one) for one in value]
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(one) for key, one in value.items()}
    return value
