"""What a customer is told about a leg while it rings, is answered and ends."""

from sandbox import world_time
from sandbox.leg import Leg, Progress
from sandbox.store import Row
from sandbox.wire import rfc2822

SIP_CODES = {"completed": "200", "busy": "486", "no-answer": "487", "canceled": "487", "failed": "480"}


def number_callback(number: Row | None) -> Progress | None:
    """A number's own StatusCallback hears of the end of its inbound calls and of nothing else."""
    if not number or not number["status_callback"]:
        return None
    return Progress(number["status_callback"], number["status_callback_method"] or "POST")


def event_fields(leg: Leg, event: str, seconds: float) -> dict[str, str]:
    now = world_time.now()
    fields = {
        "CallStatus": "initiated" if event == "initiated" else leg.status,
        "Timestamp": rfc2822(now) or "",
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(leg.sequence),
    }
    if event == "completed":
        fields["CallDuration"] = str(round(seconds))
        fields["Duration"] = str(-(-round(seconds) // 60))  # billed by the begun minute
        fields["SipResponseCode"] = SIP_CODES.get(leg.status, "200")
    return fields
