"""Is this request from the carrier? Twilio's signature (https://www.twilio.com/docs/usage/webhooks/webhooks-security)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from werkzeug.datastructures import Headers

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"  # "key=webhooks_sharedkey_…,algorithm=HMAC_SHA256"
ALGORITHMS = {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}
DEFAULT_PORTS = {"https": 443, "http": 80}
Fields = Mapping[str, Sequence[str]]


def is_genuine(url: str, form: Fields | None, body: bytes, headers: Headers, tokens: Iterable[str]) -> bool:
    """True when the request at `url` (as the carrier wrote it, no fragment) carries a signature of one of `tokens`.

    Form fields are signed with the address. A body that is no form (`form` is None) is signed by its hash in the query;
    without that hash anybody could have changed it, so it is refused.
    """
    algorithm = ALGORITHMS.get(algorithm_named(headers.get(SETTINGS, "")))
    given = headers.get(SIGNATURE, "").encode()
    if algorithm is None or not given or (form is None and not _body_matches(url, body)):
        return False
    fields = _written(form or {})
    texts = [spelling + fields for spelling in spellings(url)]
    return any(hmac.compare_digest(_sign(token, text, algorithm), given) for token in tokens for text in texts)


def _body_matches(url: str, body: bytes) -> bool:
    told = parse_qs(urlsplit(url).query).get("bodySHA256", [""])[0]
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), told.lower().encode())


def algorithm_named(header: str) -> str:
    """The algorithm in the settings header; without one it is HMAC_SHA1, as ever."""
    for part in header.split(","):
        name, _, value = part.partition("=")
        if name.strip() == "algorithm" and value.strip():
            return value.strip().upper()
    return "HMAC_SHA1"


def spellings(url: str) -> tuple[str, str]:
    """The address with its port and without: the carrier signs now one, now the other."""
    parts = urlsplit(url)
    if parts.port:
        return url, parts._replace(netloc=parts.netloc.rsplit(":", 1)[0]).geturl()
    return url, parts._replace(netloc=f"{parts.netloc}:{DEFAULT_PORTS.get(parts.scheme, 443)}").geturl()


def _written(fields: Fields) -> str:
    """Names in order, each value right after its name; a repeated value counts once, an empty one counts."""
    return "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))


def _sign(token: str, text: str, algorithm: str) -> bytes:
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), algorithm))
