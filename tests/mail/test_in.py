"""Mails that come in: they find their thread by what cannot be forged, and are understood like texts."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from groundwork import clock
from groundwork.tables import InboundEvent
from hallway import consent, inbound, sending
from hallway.channels import mail_addresses
from hallway.conversations import Attachment, Conversation, Mail, Message, Task
from hallway.leads.models import Lead
from hallway.routing import Routed, places
from tenants.models import Tenant
from tests.mail.door import QUOTED, hand_in, letter
from tests.mail.letters import DANA_MAIL, know, look, settle, write
from tests.mail.post_office import PostOffice
from tests.makers import DANA, Business

POSTAL = "1120 Bluff Creek Dr, Austin, TX 78704"
pytestmark = pytest.mark.usefixtures("office")


def key_of(business: Business) -> str:
    with business.open() as session:
        return session.get_one(Tenant, business.id).mail_key


def reply_to(business: Business, conversation: Conversation) -> str:
    return mail_addresses.reply_address(key_of(business), conversation.id)


def thread(business: Business, conversation_id: UUID) -> list[Message]:
    with business.open() as session:
        mine = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.at, Message.id)
        return list(session.scalars(mine))


def everything(business: Business, table: type[Any]) -> list[Any]:
    with business.open() as session:
        return list(session.scalars(select(table)))


def test_a_reply_lands_in_its_thread_with_the_quote_left_out_and_the_whole_kept(plumber: Business) -> None:
    dana = know(plumber)
    mail = letter(reply_to(plumber, dana), "Yes, tomorrow after 3 please." + QUOTED)
    hand_in(plumber, mail)
    hand_in(plumber, mail)

    (said,) = thread(plumber, dana.id)
    assert (said.body, said.subject, said.channel) == (
        "Yes, tomorrow after 3 please.",
        "Re: Your water heater",
        "email",
    )
    assert said.label == "ordinary"
    (kept,) = everything(plumber, Mail)
    assert "No more e-mails like this" in kept.whole
    assert not kept.unverified
    (talk,) = everything(plumber, Conversation)
    assert talk.waiting_since
    assert [event.params for event in everything(plumber, InboundEvent)] == [{}]


def test_the_answer_goes_into_the_same_thread(office: PostOffice, plumber: Business) -> None:
    dana = know(plumber)
    hand_in(plumber, letter(reply_to(plumber, dana), "When can you come?", **{"Message-ID": "<one@dana.example>"}))
    author = plumber.people["owner"].author
    write(plumber, dana, "Tomorrow at nine.", kind="person", purpose="reply", author=author)
    sending.deliver(plumber.id, "now")
    mail = office.came[0].mail
    assert (mail["In-Reply-To"], mail["References"]) == ("<one@dana.example>", "<one@dana.example>")
    assert mail["Subject"] == "Re: Your water heater"


def test_without_our_address_the_references_lead_home(plumber: Business, office: PostOffice) -> None:
    settle(plumber, postal_address=POSTAL)
    dana = know(plumber)
    write(plumber, dana, "Still need a hand?")
    sending.deliver(plumber.id, "now")
    answer = letter("office@bluffcreek.example", "Yes!", In_Reply_To=office.came[0].mail["Message-ID"])
    hand_in(plumber, answer)
    assert [said.body for said in thread(plumber, dana.id)] == ["Still need a hand?", "Yes!"]


def test_a_token_of_one_business_never_posts_to_another_s_thread(plumber: Business, charlie: Business) -> None:
    dana = know(plumber)
    hand_in(charlie, letter(reply_to(plumber, dana), "I am not for you."))
    assert thread(plumber, dana.id) == []
    assert everything(charlie, Message) == []
    (task,) = everything(charlie, Task)
    assert task.kind == "sort_mail"


def test_a_forged_token_is_set_aside_and_a_person_makes_it_a_conversation(plumber: Business) -> None:
    dana = know(plumber)
    genuine = reply_to(plumber, dana)
    hand_in(
        plumber, letter(genuine.replace(genuine[20:24], "aaaa"), "Let me in.", sender="Mallory <mallory@evil.example>")
    )
    assert thread(plumber, dana.id) == []
    (task,) = everything(plumber, Task)
    assert "mallory@evil.example" in task.reason
    with plumber.open() as session:
        here = session.get_one(Task, (plumber.id, task.id))
        talk = inbound.sort_mail(session, here, keep=True, by="Alice")
        assert talk
        assert talk.id != dana.id
    assert [said.body for said in thread(plumber, talk.id)] == ["Let me in."]
    assert [event.params for event in everything(plumber, InboundEvent)] == [{}]


def test_the_same_subject_joins_nothing(plumber: Business) -> None:
    dana = know(plumber)
    hand_in(plumber, letter("office@bluffcreek.example", "Re: Your water heater, hello?", sender="x@y.example"))
    assert thread(plumber, dana.id) == []


def test_somebody_else_s_reply_is_marked_and_acts_for_nobody(plumber: Business) -> None:
    dana = know(plumber)
    hand_in(plumber, letter(reply_to(plumber, dana), "Stop emailing me", sender="Sam <sam@example.com>"))
    (said,) = thread(plumber, dana.id)
    assert said.direction == "in"
    (kept,) = everything(plumber, Mail)
    assert (kept.unverified, kept.sender_name) == (True, "Sam")
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA_MAIL, channel="email") is None
        assert consent.is_suppressed(session, "sam@example.com", channel="email")
        assert session.scalars(select(Conversation.automation_paused_reason)).one()
    assert [task.kind for task in everything(plumber, Task)] == ["review_reply"]


def test_a_mail_to_the_published_address_becomes_a_lead_that_is_answered_at_once(
    plumber: Business, office: PostOffice
) -> None:
    mail = letter("bluff-creek@in.hallway.example", "Water heater leaking at 1120 Bluff Creek Dr, need someone today")
    hand_in(plumber, mail)
    (talk,) = everything(plumber, Conversation)
    assert (talk.source, bool(talk.waiting_since)) == ("email", True)
    (lead,) = everything(plumber, Lead)
    assert lead.source == "email"
    said, answer = thread(plumber, talk.id)
    assert said.body.startswith("Water heater leaking")
    assert (answer.kind, answer.channel, answer.state) == ("mail_reply", "email", "queued")
    assert (talk.assigned_to, bool(talk.waiting_since)) == (plumber.people["owner"].member, True)
    sending.deliver(plumber.id, "now")
    (gone,) = office.came
    assert (gone.rcpt_tos, gone.mail["In-Reply-To"]) == ([DANA_MAIL], mail["Message-ID"])
    assert gone.mail["Auto-Submitted"] == "auto-generated"
    assert gone.mail["Subject"] == "Re: Your water heater"
    assert "Hello Dana, this is Bluff Creek Plumbing. Your e-mail arrived" in gone.part("plain")
    hand_in(plumber, letter("bluff-creek@in.hallway.example", "It is the one in the garage"))
    assert len(thread(plumber, talk.id)) == 3  # not answered a second time


@pytest.mark.parametrize(
    ("words", "sender", "headers"),
    [
        ("I am out of office", DANA_MAIL, {"Auto_Submitted": "auto-replied"}),
        ("Our offers of the week", "news@shop.example", {"List_Id": "<news.example>"}),
        ("Do not answer this", "no-reply@shop.example", {}),
        ("Undeliverable", "mailer-daemon@mx.example", {}),
        ("Please unsubscribe me", DANA_MAIL, {}),
        ("Leave me alone or I call my lawyer", DANA_MAIL, {}),
    ],
)
def test_machines_lists_and_those_who_want_nothing_get_no_first_reply(
    plumber: Business, words: str, sender: str, headers: dict[str, str]
) -> None:
    hand_in(plumber, letter("bluff-creek@in.hallway.example", words, sender=sender, **headers), sender=sender)
    with plumber.open() as session:
        assert session.scalars(select(Message.kind).where(Message.direction == "out")).all() == []


def test_an_e_mailed_lead_is_routed_by_the_rules_and_told(plumber: Business, charlie: Business) -> None:
    bob = plumber.people["agent"].member
    with plumber.open() as session:
        lead_to = {"services": [], "places": ["787"], "keywords": [], "channels": ["email"], "hours": "any"}
        places.keep_rule(
            session, None, {**lead_to, "active": True, "name": "By mail", "member_id": bob, "team_id": None}
        )
        places.change_plan(session, {"questions_on": True})
    hand_in(plumber, letter("bluff-creek@in.hallway.example", "Leak at 1120 Bluff Creek Dr, Austin TX 78704"))
    (talk,) = everything(plumber, Conversation)
    assert talk.assigned_to == bob
    with plumber.open() as session:
        assert [(one.to_name, "By mail" in one.why) for one in session.scalars(select(Routed))] == [("Bob Tran", True)]
        # The question of what is missing stands in for the first reply: one mail, not two.
        asked = session.scalars(select(Message).where(Message.direction == "out", Message.purpose != "staff")).one()
        assert (asked.kind, asked.channel, asked.state) == ("question", "email", "queued")
    assert everything(charlie, Conversation) == []


@pytest.mark.parametrize(
    ("words", "mail_stopped", "texts_stopped"),
    [
        ("Please unsubscribe me.", True, False),
        ("Stop contacting me", True, True),
        ("Stop everything", True, True),
        ("Stop by at noon if you can", False, False),
        ("Sounds good, thanks", False, False),
        ("Deja de contactarme, no me contacten más", True, True),
    ],
)
def test_words_stop_the_channel_they_mean(
    plumber: Business, words: str, mail_stopped: bool, texts_stopped: bool
) -> None:
    settle(plumber, postal_address=POSTAL)
    dana = know(plumber, phone=DANA)
    waiting = write(plumber, dana, "Second touch", lane="soon")
    hand_in(plumber, letter(reply_to(plumber, dana), words + QUOTED))
    with plumber.open() as session:
        assert bool(consent.is_suppressed(session, DANA_MAIL, channel="email")) is mail_stopped
        assert bool(consent.is_suppressed(session, DANA)) is texts_stopped
    assert look(plumber, waiting.id).state == ("cancelled" if mail_stopped else "queued")


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.example>"},
    ],
)
def test_an_automatic_answer_is_shown_and_answers_nobody(plumber: Business, headers: dict[str, str]) -> None:
    dana = know(plumber)
    hand_in(plumber, letter(reply_to(plumber, dana), "I am out of office. Stop.", **headers))
    (said,) = thread(plumber, dana.id)
    assert (said.kind, said.label) == ("auto_reply", None)
    (talk,) = everything(plumber, Conversation)
    assert talk.waiting_since is None
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA_MAIL, channel="email") is None


def test_our_own_mail_come_back_starts_no_loop(plumber: Business) -> None:
    dana = know(plumber)
    hand_in(plumber, letter(reply_to(plumber, dana), "Hello me", sender="notify@mail.hallway.example"))
    assert thread(plumber, dana.id) == []


def bounce(to: str, action: str, status: str, about: str = "") -> bytes:
    """A delivery status notification as Postfix writes one."""
    enclosed = f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n" if about else ""
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nI am sorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {DANA_MAIL}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {status} No such user\r\n{enclosed}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("by_header", [False, True])
def test_a_bounce_stops_the_address_and_shows_why(plumber: Business, office: PostOffice, by_header: bool) -> None:
    settle(plumber, postal_address=POSTAL)
    message = write(plumber, know(plumber), "Still need a hand?")
    sending.deliver(plumber.id, "now")
    to = office.came[0].mail_from
    if by_header:
        to = "bluff-creek@in.hallway.example"
    hand_in(plumber, bounce(to, "delayed", "4.4.1", str(office.came[0].mail["Message-ID"])), to, sender="")
    assert look(plumber, message.id).state == "accepted"
    hand_in(plumber, bounce(to, "failed", "5.1.1", str(office.came[0].mail["Message-ID"])), to, sender="")
    kept = look(plumber, message.id)
    assert kept.state == "failed"
    assert kept.error
    assert "does not exist" in kept.error
    assert "No such user" in kept.error
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA_MAIL, channel="email")


def test_a_complaint_stops_the_address_and_the_mail_stays_sent(plumber: Business, office: PostOffice) -> None:
    settle(plumber, postal_address=POSTAL)
    message = write(plumber, know(plumber), "Still need a hand?")
    sending.deliver(plumber.id, "now")
    raw = (
        b"From: fbl@isp.example\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + office.came[0].raw + b"\r\n--b--\r\n"
    )
    hand_in(plumber, raw, "bluff-creek@in.hallway.example")
    kept = look(plumber, message.id)
    assert (kept.state, kept.error_code) == ("accepted", "mail.complained")
    with plumber.open() as session:
        stopped = consent.is_suppressed(session, DANA_MAIL, channel="email")
        assert stopped
        assert stopped.reason == "complained"


def test_files_of_known_kinds_are_kept_and_others_named(plumber: Business) -> None:
    dana = know(plumber)
    mail = letter(reply_to(plumber, dana), "See the photo")
    mail.add_attachment(b"\xff\xd8\xff" + b"0" * 1000, maintype="image", subtype="jpeg", filename="leak.jpg")
    mail.add_attachment(b"MZ" * 500, maintype="application", subtype="x-msdownload", filename="invoice.exe")
    mail.add_attachment("<script>", subtype="html", filename="page.html")
    hand_in(plumber, mail)
    assert [(one.content_type, one.state) for one in everything(plumber, Attachment)] == [("image/jpeg", "stored")]
    (kept,) = everything(plumber, Mail)
    assert "invoice.exe" in kept.notes
    assert "page.html" in kept.notes


def test_a_mail_of_html_alone_is_read_as_text(plumber: Business) -> None:
    dana = know(plumber)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Message-ID"] = DANA_MAIL, reply_to(plumber, dana), "<h@x.example>"
    html = "<style>p{}</style><p>Tomorrow&nbsp;works.<br>Thanks</p><script>x()</script>"
    mail.set_content(f"{html}<blockquote>Unsubscribe from e-mails</blockquote>", subtype="html")
    hand_in(plumber, mail)
    (said,) = thread(plumber, dana.id)
    assert said.body.splitlines() == ["Tomorrow works.", "Thanks"]


def test_the_mailto_way_out_unsubscribes(plumber: Business, office: PostOffice) -> None:
    settle(plumber, postal_address=POSTAL)
    write(plumber, know(plumber), "Still need a hand?")
    sending.deliver(plumber.id, "now")
    mailto = office.came[0].mail["List-Unsubscribe"].split("mailto:")[1].rstrip(">")
    hand_in(plumber, letter(mailto, ""))
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA_MAIL, channel="email")
    assert clock.now()


def test_erased_at_their_request_means_the_whole_mail_too(plumber: Business) -> None:
    dana = know(plumber)
    hand_in(plumber, letter(reply_to(plumber, dana), "My gate code is 4471." + QUOTED))
    with plumber.open() as session:
        consent.erase(session, DANA_MAIL)
    (said,) = thread(plumber, dana.id)
    (kept,) = everything(plumber, Mail)
    assert (said.body, said.subject, kept.whole, kept.sender_name) == ("", None, None, None)
