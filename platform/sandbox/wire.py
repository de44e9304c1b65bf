"""How Twilio writes things down: SIDs, dates, phone numbers, true and false."""

import re
import secrets
import time

E164 = re.compile(r"\+[1-9]\d{6,14}")
NANP = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")
TOLL_FREE = re.compile(r"\+18(00|33|44|55|66|77|88)\d{7}")
ANONYMOUS = "+266696687"  # ANONYMOUS on a keypad: what a withheld number arrives as


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def rfc2822(at: float | None) -> str | None:
    return None if at is None else time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(at))


def iso(at: float | None) -> str | None:
    return None if at is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))


def normal(number: str) -> str:
    """'(512) 555-0100' -> '+15125550100', as the carrier does for its home country; what is no number stays."""
    digits = re.sub(r"[\s().-]", "", number)
    if re.fullmatch(r"\d{10}", digits):
        return "+1" + digits
    return "+" + digits if re.fullmatch(r"1\d{10}", digits) else digits


def is_number(number: str) -> bool:
    pattern = NANP if number.startswith("+1") else E164
    return bool(pattern.fullmatch(number))


def national(number: str) -> str:
    if not NANP.fullmatch(number):
        return number
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


def truth(text: str | None, otherwise: bool = False) -> bool:
    return otherwise if text is None else text.strip().lower() == "true"
