"""X-Twilio-Signature (https://www.twilio.com/docs/usage/security#validating-requests)."""

import base64
import hashlib
import hmac
from collections.abc import Mapping


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """Base64 of HMAC-SHA1 over the URL without its fragment and the sorted names and values of the POST fields."""
    text = url.split("#", 1)[0] + "".join(name + params[name] for name in sorted(params))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
