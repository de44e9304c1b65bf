"""What members are told of, and by which ways unless they choose others."""

from __future__ import annotations

from dataclasses import dataclass

WAYS = {
    "sms": "Text",
    "push": "Push",
    "email": "E-mail",
}


@dataclass(frozen=True)
class Event:
    """One kind of news. `needs_person`: somebody waits, so a push that nobody opens is followed by a text."""

    label: str
    hint: str
    usual: tuple[str, ...]
    needs_person: bool = False
    card: bool = False  # its text is a lead card, which can be answered
    channel: bool = False  # goes to a channel that was never asked about it


EVENTS = {
    "new_lead": Event("A new lead is yours", "With service, place and their words", ("sms", "push"), True, True, True),
    "missed_call": Event("A missed call is yours", "They were texted back", ("push",), True),
    "reply": Event("Somebody answers you", "A customer in a conversation of yours", ("push",), True, card=True),
    "escalation": Event("Nobody answered a lead", "You are asked next", ("sms", "push"), True, True, True),
    "alarm": Event(
        "An alarm",
        "Beside the text to the phones on call: called again, an emergency",
        ("push", "email"),
        channel=True,
    ),
    "handed_over": Event("A conversation is handed to you", "By a colleague", ("push",), True),
    "mention": Event("You are mentioned", "In a note beside a conversation", ("push",)),
    "follow_up": Event("A follow-up asks for you", "A step of a sequence that is for a person", ("push",)),
    "booking": Event("An appointment is booked or moved", "In a conversation of yours", ("push",)),
    "trouble": Event("Something of yours is switched off", "A dead Slack channel, a phone that texted STOP", ("push",)),
}


def event_of(name: str) -> Event:
    """The event called `name`. Raises KeyError with the names there are."""
    if name not in EVENTS:
        raise KeyError(f"nobody is told of {name!r}; there are {', '.join(EVENTS)}")
    return EVENTS[name]
