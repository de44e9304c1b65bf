"""Plain words for what the rows of a thread say: days, stops, consent, lines, kinds."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, g
from markupsafe import Markup, escape

from blueprints_ui.filters import absolute, clock_time, local
from groundwork import clock, phones
from hallway import estimates
from hallway.consent.models import ConsentEvent, Suppression
from hallway.forms import service_label
from hallway.leads.services import services
from hallway.leads.urgency import LABELS

plain_words = Blueprint("plain_words", __name__)
NAMED = re.compile(r"(?<![\w@.])@[^\W\d_][\w'’-]*(?: [A-Z][\w'’-]*)?")
STOPS = {
    "opt_out": "They asked us to stop on {day}.",
    "carrier_block": "Their carrier has blocked our texts since {day}, most likely because they replied STOP.",
    "wrong_number": "On {day} they told us that this is the wrong number.",
    "invalid_number": "Since {day} the carrier says that this number does not exist.",
    "landline": "This is a landline; it cannot get texts.",
    "staff": "A member of yours switched texting off on {day}.",
    "doubtful": "On {day} they may have asked us to stop. Read what they wrote and decide.",
    "import": "A list imported on {day} says not to contact them.",
}
CONSENT = {
    "inbound_call": "They called us on {day}, so answers may be sent. Marketing needs their written consent.",
    "inbound_text": "They texted us on {day}, so answers may be sent. Marketing needs their written consent.",
    "web_form": "They agreed on a form on {day}.",
    "sms_keyword": "They texted on {day} that they want texts.",
    "verbal": "They agreed by word of mouth on {day}.",
    "import": "Imported with their consent on {day}.",
    "staff": "A member of yours wrote down their consent on {day}.",
}
LINES = {
    "mobile": "mobile",
    "landline": "landline, cannot get texts",
    "fixedVoip": "internet line tied to a place",
    "nonFixedVoip": "internet line",
    "tollFree": "toll-free, cannot get texts",
    "voicemail": "voicemail box",
    "pager": "pager",
}
KINDS = {
    "appointment_booked": "confirmed the booking",
    "appointment_moved": "told of the new time",
    "appointment_day_before": "reminder of the day before",
    "appointment_morning_of": "reminder of the morning",
    "appointment_cancelled": "told of the cancellation",
    "appointment_reply": "answer about a visit",
    "text_back": "text-back",
    "help": "answer to HELP",
    "opt_out_confirmation": "confirmed their opt-out",
    "opt_in_confirmation": "confirmed their return",
    "alert": "alert to your phone",
    "form_reply": "answer to their form",
    "mail_reply": "answer to their e-mail",
    "staff_help": "how this works, to your phone",
}


LABELS_READ = {
    "opt_out": "understood as: stop texting",
    "partial_opt_out": "may be a wish for fewer texts",
    "opt_in": "understood as: text me again",
    "help": "asked for HELP",
    "wrong_number": "understood as: wrong number",
    "doubtful": "unclear; a person should judge",
    "confirm_appointment": "confirms the appointment",
    "reschedule_appointment": "asks for another time",
    "cancel_appointment": "cancels the appointment",
}


@plain_words.app_template_filter()
def label_words(label: str) -> str:
    """How a reply was understood."""
    return LABELS_READ.get(label, label.replace("_", " "))


@plain_words.app_template_filter()
def day_words(at: datetime) -> str:
    """ "Today", "Yesterday", "Saturday, November 21", with the year when it is another one."""
    day, today = local(at).date(), local(clock.now()).date()
    if (today - day).days in (0, 1):
        return "Today" if day == today else "Yesterday"
    return local(at).strftime("%A, %B %-d" if day.year == today.year else "%A, %B %-d, %Y")


@plain_words.app_template_filter()
def moment(at: datetime) -> str:
    """ "3:30 PM" today, "tomorrow 9:00 AM", "Nov 21, 3:30 PM" on any other day."""
    days = (local(at).date() - local(clock.now()).date()).days
    if days in (0, 1, -1):
        return {0: "", 1: "tomorrow ", -1: "yesterday "}[days] + clock_time(at)
    return local(at).strftime("%b %-d, %-I:%M %p")


@plain_words.app_template_filter()
def mentions(body: str) -> Markup:
    """A note's words with each @Name made bold."""
    bold = NAMED.sub(r'<b class="font-semibold text-warn">\g<0></b>', str(escape(body)))
    return Markup(bold)  # noqa: S704 - the words were escaped first


@plain_words.app_template_filter()
def stop_words(stop: Suppression) -> str:
    return STOPS.get(stop.reason, "Texting was switched off on {day}.").format(day=_day(stop.created_at))


@plain_words.app_template_filter()
def consent_words(event: ConsentEvent) -> str:
    if event.action == "revoked":
        return f"They took their consent back on {_day(event.occurred_at)}."
    return CONSENT.get(event.method, "They agreed on {day}.").format(day=_day(event.occurred_at))


@plain_words.app_template_filter()
def line_words(line_type: str) -> str:
    return LINES.get(line_type, line_type)


@plain_words.app_template_filter()
def kind_words(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " "))


@plain_words.app_template_filter()
def field_choices(name: str) -> list[tuple[str, str]]:
    """Values a lead's field is chosen from; none for one that is typed."""
    if name == "urgency":
        return list(LABELS.items())
    if name == "service":
        known = {service.id: service.label for service in services(g.tenant.trade)}
        return sorted(known.items(), key=lambda pair: pair[1])
    return []


@plain_words.app_template_filter()
def answer_words(value: str, name: str) -> str:
    """What they entered into a field of a form; a service by its name."""
    if name == "service":
        return service_label(g.tenant.trade, value) or value.replace("_", " ").capitalize()
    return phones.pretty(value) if name == "phone" else value


@plain_words.app_template_filter()
def dollars(cents: int) -> str:
    return estimates.dollars(cents)


@plain_words.app_template_filter()
def web_link(url: str) -> str:
    """The address when it is one of the web; a stranger's javascript: leads nowhere."""
    return url if url.lower().startswith(("http://", "https://")) else "#"


@plain_words.app_template_filter()
def short_address(url: str) -> str:
    """ "https://www.example.com/contact?x=1" -> "example.com/contact"."""
    short = url.split("://", 1)[-1].split("?")[0].split("#")[0].removeprefix("www.").rstrip("/")
    return short if len(short) <= 60 else short[:59] + "…"


@plain_words.app_template_filter()
def seen(value: object) -> str:
    """A value the gate saw: yes and no, times in the business's zone, lists as words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(seen(one) for one in value)
    try:
        at = datetime.fromisoformat(str(value)) if "T" in str(value) else None
    except ValueError:
        at = None
    return absolute(at) if at and at.tzinfo else str(value)


def _day(at: datetime) -> str:
    now = clock.now()
    return local(at).strftime("%b %-d" if local(at).year == local(now).year else "%b %-d, %Y")
