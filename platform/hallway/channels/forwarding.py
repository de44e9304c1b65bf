"""How a contractor makes a carrier forward unanswered calls to the Hallway number, carrier by carrier.

Codes differ by plan and change: they are hints to try, always beside "call your carrier". The GSM codes are 3GPP
TS 22.030, annex B; the others come from carriers' and users' help pages of 2026, which do not all agree.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """What to dial on the phone that customers call. `off` undoes it; `note` is what to know about this carrier."""

    carrier: str
    on: str
    off: str
    note: str = ""


def ways(e164: str, ring_seconds: int) -> tuple[Way, ...]:
    """The codes with this number and ring time filled in; digits are as a US phone dials them."""
    ten, eleven = e164.removeprefix("+1"), e164.removeprefix("+")
    gsm = Way(
        "",
        f"**61*{eleven}**{gsm_seconds(ring_seconds)}#",
        "##61#",
        f"For calls you decline or take while talking also dial **67*{eleven}#, and for a phone without signal "
        f"**62*{eleven}#. To see what is set, dial *#61#.",
    )
    return (
        Way("T-Mobile and most prepaid brands on its network", gsm.on, gsm.off, gsm.note),
        Way(
            "AT&T Wireless",
            gsm.on,
            gsm.off,
            f"{gsm.note} If the phone says the code is not valid, try *61*{eleven}# instead.",
        ),
        Way("Verizon", f"*71{ten}", "*73", "Covers calls you do not answer and calls while you are talking."),
        Way("UScellular", f"*92{ten}", "", f"For calls while you are talking also dial *90{ten}. Or try *71{ten}."),
        Way(
            "Landline, Comcast and other office lines",
            f"*92{ten}",
            "*93",
            f"For calls while you are talking also dial *90{ten}; *91 ends that.",
        ),
    )


def gsm_seconds(seconds: int) -> int:
    """GSM takes 5 to 30 seconds in steps of 5 (3GPP TS 22.082)."""
    return max(5, min(30, 5 * round(seconds / 5)))
