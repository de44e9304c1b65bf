"""Every piece of wording a business can change: what it is for and what it may name."""

from dataclasses import dataclass
from typing import Literal

Medium = Literal["text", "mail", "line", "voice", "page"]
Variables = dict[str, dict[str, str | int | bool | None]]


@dataclass(frozen=True, slots=True)
class Variable:
    """A value a template may name. An optional one can be empty when the message goes out."""

    name: str
    description: str
    sample: str | int | bool
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """One piece of wording. `page` is a text to staff, `line` a subject or title, `voice` is spoken on a call.

    `occasion` is a group of names that what happened brings along, so that nobody knows them beforehand.
    """

    name: str
    label: str
    description: str
    used_in: str
    medium: Medium
    variables: tuple[Variable, ...]
    names_business: bool = True
    offers_stop: bool = False
    may_offer: bool = False
    occasion: str = ""


NAME = Variable("business.name", "The business as customers know it", "Bluff Creek Plumbing")
PHONE = Variable("business.phone", "The number customers call", "(512) 555-0100", optional=True)
REOPENS = Variable("business.reopens", "When the doors open next", "Monday at 8 am", optional=True)
FIRST_NAME = Variable("contact.first_name", "The caller's first name, when known", "Dana", optional=True)
TEXTED = Variable("call.texted", "True when a text goes to this caller too", sample=True, optional=True)
SPOKEN = Variable("caller.spoken", "The caller's name, else the number digit by digit", "Dana Whitfield")
CALLER = Variable("caller.name", "The caller's name, when known", "Dana Whitfield", optional=True)
CALLER_PHONE = Variable("caller.phone", "The number that called", "(512) 555-0142")
ESTIMATE = Variable("form.estimate", "True when the form asked for an estimate", sample=True, optional=True)
CLOSED = Variable("form.closed", "True while the business is closed", sample=True, optional=True)
LINK = Variable("thread.link", "The thread in the inbox", "https://example.com/t/1", optional=True)

WHAT = Variable("appointment.what", "What the visit is for", "Water heater repair")
DAY = Variable("appointment.day", "The day of the visit, at the property", "Thursday, Nov 26")
HOURS = Variable("appointment.hours", "When you arrive, on the property's clock", "between 8 and 10 am")
ADDRESS = Variable("appointment.address", "Where the visit is", "1804 Kinney Ave", optional=True)
TECHNICIAN = Variable("appointment.technician", "Who comes", "Luis", optional=True)
CONFIRMED = Variable("appointment.confirmed", "True once they confirmed", sample=True, optional=True)
CHOICES = Variable("appointment.choices", "Their visits, numbered", "1) Thu, Nov 26 at 8 am 2) Mon, Nov 30 at 1 pm")

MEMBER = Variable("member.first_name", "The first name of whoever sends it", "Alice")

SITUATIONS = {
    "open": ("during open hours", "The doors are open and nobody could pick up."),
    "after_hours": ("after hours", "The business is closed for the day."),
    "holiday": ("on a holiday", "The business is closed for a holiday."),
    "busy": ("while the crew is busy", "Someone switched the busy sign on."),
}


def _text_back(situation: str) -> Key:
    when, why = SITUATIONS[situation]
    return Key(
        f"text_back.{situation}",
        f"Missed call {when}",
        f"The text a caller gets within seconds of a missed call. {why}",
        "Text to the caller after a missed call",
        "text",
        (NAME, PHONE, REOPENS, FIRST_NAME),
        offers_stop=True,
    )


def _greeting(situation: str) -> Key:
    when, why = SITUATIONS[situation]
    return Key(
        f"greeting.{situation}",
        f"Voicemail greeting {when}",
        f"What a caller hears before the tone. {why}",
        "Spoken to the caller when nobody answers",
        "voice",
        (NAME, PHONE, REOPENS, TEXTED),
    )


def _visit(name: str, label: str, description: str, *more: Variable) -> Key:
    about = (NAME, PHONE, FIRST_NAME, WHAT, DAY, HOURS, ADDRESS, TECHNICIAN, *more)
    return Key(f"appointment.{name}", label, description, "Text to the customer about a visit", "text", about)


_VISITS = (
    _visit("booked", "Visit booked", "Sent when a visit is booked. Says how to confirm or ask for another time."),
    _visit("moved", "Visit moved", "Sent when a visit is moved to another time."),
    _visit("day_before", "Reminder the day before", "Sent on the day before a visit.", CONFIRMED),
    _visit("morning_of", "Reminder in the morning", "Sent on the morning of a visit.", CONFIRMED),
    _visit("cancelled", "Visit cancelled", "Sent when a visit is cancelled."),
    _visit("confirmed", "Answer to a confirmation", "The answer when somebody confirms a visit."),
    _visit("asked_reschedule", "Answer to a wish for another time", "Says that a person will find another time."),
    _visit("asked_cancel", "Answer to a wish to cancel", "Says that a person will see to it."),
    Key(
        "appointment.which",
        "Which of several visits",
        "Asked when somebody with several visits answers and it is not clear which one they mean.",
        "Text to the customer about a visit",
        "text",
        (NAME, PHONE, FIRST_NAME, CHOICES),
    ),
)  # fmt: skip


def _question(name: str, label: str, asks: str) -> Key:
    what = f"Asked when a lead has not said {asks}, if questions are switched on under Settings, Routing."
    use = "Text to a lead, one question at a time"
    return Key(f"question.{name}", label, what, use, "text", (NAME, PHONE), names_business=False)


_QUESTIONS = (
    _question("service", "Question: what is wrong", "what they need"),
    _question("address", "Question: where", "where it is"),
    _question("preferred_time", "Question: when", "when somebody may come"),
)
_REPLIES = (
    Key(
        "form_reply",
        "Answer to a web form",
        "Says at once that the request arrived and when somebody answers it.",
        "Text to whoever fills in one of your forms",
        "text",
        (NAME, PHONE, REOPENS, FIRST_NAME, ESTIMATE, CLOSED),
        offers_stop=True,
    ),
    Key(
        "form_mail",
        "Answer to a web form by e-mail",
        "Says at once that the request arrived and when somebody answers it. What they wrote stands below it.",
        "E-mail to whoever gives an address in one of your forms",
        "mail",
        (NAME, PHONE, REOPENS, FIRST_NAME, ESTIMATE, CLOSED),
    ),
    Key(
        "mail_reply",
        "Answer to an e-mail",
        "Says at once that their e-mail arrived and when somebody answers it.",
        "E-mail to whoever writes to your address, at most once a day",
        "mail",
        (NAME, PHONE, REOPENS, FIRST_NAME, CLOSED),
    ),
    Key(
        "help",
        "Answer to HELP",
        "Says who is texting, how to reach a person, that rates may apply and how to stop.",
        "Text to anyone who sends HELP",
        "text",
        (NAME, PHONE),
        offers_stop=True,
    ),
    Key(
        "opt_out_confirmation",
        "Opt-out confirmation",
        "The one last text after an opt-out. It may hold no offer and no persuasion (47 CFR 64.1200(a)(12)).",
        "Text right after an opt-out, unless the carrier has already confirmed",
        "text",
        (NAME,),
    ),
    Key(
        "opt_in_confirmation",
        "Opt-in confirmation",
        "Says what the person signed up for, how often, that rates may apply, HELP and STOP.",
        "Text right after someone agrees to texts",
        "text",
        (NAME, PHONE),
        offers_stop=True,
    ),
)
_STAFF = (
    Key(
        "whisper",
        "Whisper to the answering person",
        "Spoken to your phone before the call is put through, so that a personal voicemail cannot take it.",
        "Spoken to the person who answers",
        "voice",
        (NAME, SPOKEN),
    ),
    Key(
        "repeat_caller_alarm",
        "Repeat caller alarm",
        "Sent to the on-call person when someone calls twice within 10 minutes and nobody answers.",
        "Text to the on-call person, until acknowledged",
        "page",
        (NAME, CALLER, CALLER_PHONE, LINK),
        names_business=False,
    ),
)

KEYS: dict[str, Key] = {
    key.name: key
    for key in (*map(_text_back, SITUATIONS), *_VISITS, *_QUESTIONS, *_REPLIES, *map(_greeting, SITUATIONS), *_STAFF)
}  # fmt: skip


# What a member keeps to send by hand: no default speaks for it, so it stands beside the keys.
SAVED_REPLY = Key(
    "saved_reply",
    "Saved reply",
    "Words that your crew puts into an answer with a slash.",
    "Texts that members send by hand",
    "text",
    (NAME, PHONE, REOPENS, FIRST_NAME, MEMBER),
    names_business=False,
)


def named(key: str | Key) -> Key:
    """The key of that name; one that stands in no list is its own. Raises KeyError."""
    if isinstance(key, Key):
        return key
    return SAVED_REPLY if key == SAVED_REPLY.name else KEYS[key]


def sample_variables(key: str | Key, *, full: bool = True) -> Variables:
    """Believable values for a key's variables; without `full` the optional ones are empty."""
    kind = named(key)
    values: Variables = {kind.occasion: {}} if kind.occasion else {}
    for variable in kind.variables:
        group, _, name = variable.name.partition(".")
        values.setdefault(group, {})[name] = variable.sample if full or not variable.optional else None
    return values
