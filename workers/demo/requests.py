"""Forms of the demo businesses, requests that came by them, one that looks like spam, and estimates that are out."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway import estimates, forms
from hallway.contacts import Contact
from hallway.conversations import Conversation
from hallway.estimates import Draft
from hallway.forms import FormSubmission, WebForm
from workers.demo.follow_ups import AGREED
from workers.demo.world import Shop

# Who wrote on the form, from which number, what about, and in which words.
ASKED = {
    "plumbing": (
        "Rosa Delgado",
        "+15125550187",
        "water_heater",
        "Only lukewarm water since last night. 40 gallon gas heater, about ten years old.",
        "2207 Garden St, Austin, TX 78702",
        "tomorrow morning",
    ),
    "roofing": (
        "Neil Grady",
        "+13035550186",
        "",
        "A few shingles are in the yard after the wind. Could you have a look before it rains?",
        "3140 Ames St, Wheat Ridge, CO 80212",
        "Thursday after 2",
    ),
    "garage_doors": (
        "Yuki Tanaka",
        "+15125550185",
        "",
        "The door goes down and comes right back up. The sensor light blinks.",
        "9001 Menchaca Rd, Austin, TX 78748",
        "any afternoon",
    ),
}
PITCH = "Hello, I can put your website on the first page of Google. See https://rank.example and https://seo.example"
# (days ago, dollars, what for, what became of it)
OFFERED = ((2, 1850, "New water heater, 50 gallon", "sent"), (6, 640, "Repair and cleaning", "sent"),
           (9, 2400, "Replacement, parts and labor", "accepted"))  # fmt: skip


def put_up(session: ScopedSession, shop: Shop) -> None:
    """The shop's forms, yesterday's request, one set aside, and three estimates."""
    site = forms.make_form(session, "Web site")
    site.privacy_url = f"{shop.columns['website']}/privacy"
    forms.make_form(session, "Estimates", "estimate")
    if shop.slug == "bluff-creek":
        forms.make_form(session, "Sitio en español", "request", "es")
    _ask(session, shop, site)
    _sell_them_something(session, site)
    _offer(session)


def _ask(session: ScopedSession, shop: Shop, form: WebForm) -> None:
    name, phone, service, message, address, wanted = ASKED[str(shop.columns["trade"])]
    answers = {"name": name, "phone": phone, "message": message, "address": address, "preferred_time": wanted}
    sent = _submission(form, answers | ({"service": service} if service else {}), hours=3)
    sent.phone, sent.page_url = phone, f"{shop.columns['website']}/contact"
    sent.request_wording = forms.request_wording(form, str(shop.columns["name"]))
    sent.marketing_wording, sent.agreed = forms.marketing_wording(form, str(shop.columns["name"])), True
    sent.replied_at = sent.at  # nobody is texted now about a request of the past
    session.add(sent)
    session.flush()
    forms.receive(session, form, sent)


def _sell_them_something(session: ScopedSession, form: WebForm) -> None:
    answers = {"name": "Top Rank Media", "email": "hello@rank.example", "message": PITCH}
    spam = _submission(form, answers, hours=20)
    spam.state, spam.email = "quarantined", "hello@rank.example"
    spam.suspicion = ["The message holds links.", "It reads like somebody selling something."]
    session.add(spam)


def _submission(form: WebForm, answers: dict[str, str], *, hours: int) -> FormSubmission:
    sent = FormSubmission(id=new_id(), form_id=form.id, at=clock.now() - timedelta(hours=hours), via="embed")
    sent.state, sent.answers, sent.request_wording, sent.suspicion = "new", answers, "", []
    sent.dedupe_key = sent.fingerprint = f"demo {sent.id}"
    return sent


def _offer(session: ScopedSession) -> None:
    """To three who wrote in the last weeks, each at its own day."""
    named = select(Conversation).join(Contact, Contact.id == Conversation.contact_id).where(Contact.name.is_not(None))
    talks = session.scalars(named.order_by(Conversation.last_event_at).limit(len(OFFERED))).all()
    for talk, (days, dollars, title, became) in zip(talks, OFFERED, strict=False):
        at = clock.now() - timedelta(days=days)
        estimate = estimates.sent(session, talk, Draft(dollars * 100, "", title, "", at, AGREED), "Office")
        if became == "accepted":
            estimates.accepted(session, estimate, "Office")
