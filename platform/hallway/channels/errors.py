"""Twilio's error codes (twilio.com/docs/api/errors) and our own for e-mail: what each means, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

# retry: surely not sent, soon again. later / defer: a new try in hours, or tomorrow. suppress: never again.
# bounced / complained: never again to this e-mail address. landline / invalid: remember it of the number.
# stop: nothing of this tenant goes until mended. mend: tell a person.
Action = Literal[
    "fail", "retry", "later", "defer", "suppress", "bounced", "complained", "landline", "invalid", "stop", "mend"
]


@dataclass(frozen=True)
class Fault:
    """`words` stand in the thread under the message; `wait` is until a new try."""

    action: Action
    words: str
    wait: timedelta = timedelta(0)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = timedelta(seconds=30)

FAULTS: dict[str, Fault] = {
    "11200": Fault("later", "The carrier could not fetch the files of this text.", timedelta(minutes=5)),
    "12300": Fault("fail", "The carrier does not carry files of this kind."),
    "20003": Fault("stop", "The carrier refused our password. Somebody must check the account's credentials."),
    "20005": Fault("stop", "The account is not active at the carrier."),
    "20404": Fault("fail", "The carrier no longer knows this account or number."),
    "20429": Fault("retry", "The carrier asked us to slow down.", SOON),
    "21211": Fault("invalid", "The carrier says this is not a valid phone number."),
    "21217": Fault("invalid", "The carrier says this is not a valid phone number."),
    "21401": Fault("invalid", "The carrier says this is not a valid phone number."),
    "21212": Fault("mend", "The carrier does not accept the number you text from."),
    "21606": Fault("mend", "The number you text from does not belong to this account or cannot send texts."),
    "21659": Fault("mend", "The number you text from does not belong to this account."),
    "21408": Fault("mend", "Texts to this region are switched off at the carrier."),
    "21608": Fault("mend", "The carrier account is a trial: it texts verified numbers only."),
    "21609": Fault("mend", "The carrier could not use our address for delivery reports."),
    "21610": Fault("suppress", "They opted out at the carrier, which blocks texts to them."),
    "21611": Fault("retry", "Too many texts are waiting for this number at the carrier.", timedelta(minutes=2)),
    "21612": Fault("fail", "The carrier cannot reach this number from yours."),
    "21614": Fault("landline", "This is a landline; it cannot be texted."),
    "21617": Fault("fail", "The text is longer than the carrier takes."),
    "21703": Fault("mend", "The carrier's messaging service has no number to send from."),
    "21704": Fault("mend", "The carrier's messaging service has no number to send from."),
    "21705": Fault("mend", "The carrier's messaging service is not valid."),
    "30001": Fault("later", "Too many texts were waiting at the carrier.", timedelta(minutes=5)),
    "30002": Fault("stop", "The carrier has suspended the account."),
    "30003": Fault("later", "Their phone is off or out of reach.", HOUR),
    "30004": Fault("suppress", "They or their carrier block texts from you."),
    "30005": Fault("invalid", "This number is not in service."),
    "30006": Fault("landline", "This is a landline or its carrier takes no texts."),
    "30007": Fault("fail", "The carrier filtered this text as spam. Change the wording before you try again."),
    "30008": Fault("later", "The text was lost on its way; the carrier does not say why.", HOUR),
    "30017": Fault("later", "The network was congested.", timedelta(minutes=10)),
    "30022": Fault("defer", "The carriers' limit for your texts was reached.", HOUR),
    "30023": Fault("defer", "The carriers' daily limit for your texts was reached.", DAY),
    "30027": Fault("defer", "T-Mobile's daily limit for your texts was reached.", DAY),
    "30024": Fault("defer", "Your number is still being set up for texting.", 4 * HOUR),
    "30035": Fault("defer", "Your number is still being set up for texting.", 4 * HOUR),
    "30032": Fault("stop", "Your toll-free number is not verified yet."),
    "30033": Fault("stop", "Your texting campaign is suspended."),
    "30034": Fault("stop", "Your number is not registered for business texting (10DLC)."),
    "30019": Fault("fail", "The files are larger than the carrier takes. Send fewer, or smaller ones."),
    "21620": Fault("fail", "The carrier could not use the addresses of the files."),
    "21623": Fault("fail", "These are more files than go with one text."),
    "30036": Fault("fail", "The text waited too long at the carrier and was given up."),
    "30410": Fault("later", "The network did not answer in time.", timedelta(minutes=10)),
    "30450": Fault("mend", "The carrier blocked this text as suspected fraud."),
    "30610": Fault("later", "The carrier holds texts back at this hour.", HOUR),
    "30640": Fault("suppress", "The carrier advises never to text this number."),
}

# E-mail has no numbers of one vendor's; these are ours.
FAULTS |= {
    "mail.no_such_address": Fault("bounced", "This e-mail address does not exist. Nothing more is sent to it."),
    "mail.full": Fault("later", "Their mailbox is full.", 6 * HOUR),
    "mail.refused": Fault("fail", "Their mail server refused this e-mail."),
    "mail.complained": Fault("complained", "They marked your e-mail as spam. Nothing more is sent to this address."),
    "mail.gave_up": Fault("fail", "Their mail server could not be reached in time."),
    "mail.our_server": Fault("mend", "The mail server we send through refuses our mails."),
    "mail.unknown": Fault("fail", "The mail server broke off twice; nobody can tell whether this e-mail arrived."),
}


def fault(code: str | None, reason: str | None = None) -> Fault:
    """What to do about an error code; one we do not know fails with the carrier's own words."""
    if code in FAULTS:
        known = FAULTS[code]
        said = f" It said: {reason}" if reason and code.startswith("mail.") else ""
        return replace(known, words=known.words + said)
    said = f": {reason}" if reason else "."
    return Fault("fail", f"The carrier could not deliver this text (error {code or 'unknown'}){said}")
