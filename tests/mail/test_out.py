"""E-mails on their way out: through the gate, the row, the claim and a mail server, once."""

from __future__ import annotations

import smtplib
import socket
import time
from collections.abc import Callable
from datetime import timedelta

import time_machine
from sqlalchemy import select

from billing.models import UsageEvent
from groundwork import clock, scope
from groundwork.database import new_id, open_session
from hallway import consent, sending
from hallway.channels import mail_addresses, mail_connections
from hallway.consent.models import GateDecision
from hallway.conversations import Message, files
from tenants.models import Agency, Tenant
from tests import makers
from tests.mail.letters import DANA_MAIL, know, look, settle, write
from tests.mail.post_office import PostOffice
from tests.makers import DANA, Author, Business

POSTAL = "1120 Bluff Creek Dr\nAustin, TX 78704"


def later(seconds: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def test_a_mail_of_an_agencys_client_goes_by_way_of_the_agencys_product(office: PostOffice, plumber: Business) -> None:
    agency = makers.make_agency("Northstar Marketing", "northstar-desk")
    with open_session(scope.SYSTEM) as session:
        session.get_one(Agency, agency).product_name = "Northstar Desk"
        session.get_one(Tenant, plumber.id).agency_id = agency
    settle(plumber, postal_address=POSTAL)
    write(plumber, know(plumber), "Still need a hand with your water heater?", subject="Your water heater")
    assert sending.deliver(plumber.id, "now") == 1
    assert office.came[0].mail["From"].startswith("Bluff Creek Plumbing via Northstar Desk <")


def test_an_automatic_mail_says_who_writes_where_answers_go_and_how_to_leave(
    office: PostOffice, plumber: Business
) -> None:
    settle(plumber, postal_address=POSTAL, brand_color="#1d4ed8")
    dana = know(plumber)
    message = write(plumber, dana, "Still need a hand with <your> water heater?", subject="Your water heater")
    assert message.state == "queued"

    assert sending.deliver(plumber.id, "now") == 1
    assert sending.deliver(plumber.id, "now") == 0

    came = office.came[0]
    assert len(office.came) == 1
    assert came.rcpt_tos == [DANA_MAIL]
    assert came.mail_from.startswith("bounce+")
    mail = came.mail
    assert mail["From"] == "Bluff Creek Plumbing via Hallway <notify@mail.hallway.example>"
    assert (mail["Subject"], mail["To"], mail["Auto-Submitted"]) == ("Your water heater", DANA_MAIL, "auto-generated")
    reply_to = mail["Reply-To"].addresses[0]
    mark = mail_addresses.read_address(reply_to.addr_spec)
    assert mark
    assert (mark.use, mark.id) == ("reply", dana.id)
    assert len(reply_to.username) <= 64
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].startswith("<http://bluff-creek.localhost:8000/unsubscribe/")
    for kind in ("plain", "html"):
        assert "Austin, TX 78704" in came.part(kind)
        assert "/unsubscribe/" in came.part(kind)
    assert "&lt;your&gt; water heater" in came.part("html")
    assert "#1d4ed8" in came.part("html")
    kept = look(plumber, message.id)
    assert (kept.state, kept.provider_sid) == ("accepted", mail["Message-ID"])
    with plumber.open() as session:
        assert session.execute(select(UsageEvent.metric, UsageEvent.quantity)).all() == [("mails", 1)]
        phases = session.execute(select(GateDecision.phase, GateDecision.channel).order_by(GateDecision.id)).all()
        assert phases == [("queue", "email"), ("claim", "email")]


def test_a_person_s_mail_is_no_list_and_needs_no_postal_address(office: PostOffice, plumber: Business) -> None:
    dana = know(plumber)
    author = plumber.people["owner"].author
    write(plumber, dana, "See you at two.", kind="person", purpose="reply", author=author)
    sending.deliver(plumber.id, "now")
    mail = office.came[0].mail
    assert mail["List-Unsubscribe"] is None
    assert mail["Auto-Submitted"] is None
    assert "unsubscribe" not in office.came[0].part("plain").lower()


def test_a_sequence_mail_without_a_postal_address_is_refused_in_plain_words(
    office: PostOffice, plumber: Business
) -> None:
    message = write(plumber, know(plumber), "Still need a hand?")
    assert message.state == "refused"
    assert (
        message.error == "Automatic e-mails need your postal address in them by law. Add it under Settings, Business."
    )


def test_a_connection_that_dies_after_the_words_is_unknown_and_goes_once_more_under_the_same_id(
    office: PostOffice, plumber: Business
) -> None:
    settle(plumber, postal_address=POSTAL)
    office.hang_up = 1
    message = write(plumber, know(plumber), "Still need a hand?")
    sending.deliver(plumber.id, "now")
    assert look(plumber, message.id).state == "unknown"
    with later(15):
        sending.deliver(plumber.id, "now")
        assert (look(plumber, message.id).state, len(office.came)) == ("unknown", 1)
    with later(90):
        sending.deliver(plumber.id, "now")
        sending.deliver(plumber.id, "now")
    assert look(plumber, message.id).state == "accepted"
    assert len({came.mail["Message-ID"] for came in office.came}) == 1
    assert len(office.came) == 2


def test_a_mail_that_stays_in_doubt_is_not_sent_a_third_time(office: PostOffice, plumber: Business) -> None:
    settle(plumber, postal_address=POSTAL)
    office.hang_up = 5
    message = write(plumber, know(plumber), "Still need a hand?")
    for seconds in (0, 90, 91, 200, 300, 400):
        with later(seconds):
            sending.deliver(plumber.id, "now")
    kept = look(plumber, message.id)
    assert (kept.state, len(office.came)) == ("failed", 2)
    assert kept.error == "The mail server broke off twice; nobody can tell whether this e-mail arrived."


def test_an_address_that_does_not_exist_is_never_written_to_again(office: PostOffice, plumber: Business) -> None:
    settle(plumber, postal_address=POSTAL)
    dana = know(plumber)
    office.refuse_recipient = "550 5.1.1 No such user here"
    waiting = write(plumber, dana, "Second", lane="soon")
    message = write(plumber, dana, "First")
    sending.deliver(plumber.id, "now")
    kept = look(plumber, message.id)
    assert (kept.state, kept.error_code) == ("failed", "mail.no_such_address")
    assert kept.error
    assert "No such user here" in kept.error
    assert look(plumber, waiting.id).state == "cancelled"
    assert write(plumber, dana, "Third").error == "This e-mail address does not exist."
    with plumber.open() as session:
        assert consent.is_suppressed(session, DANA_MAIL, channel="email")
        assert consent.is_suppressed(session, DANA_MAIL) is None


def test_a_server_that_says_later_is_asked_later(office: PostOffice, plumber: Business) -> None:
    settle(plumber, postal_address=POSTAL)
    office.refuse_recipient = "451 4.7.1 Greylisted, come back"
    message = write(plumber, know(plumber), "Still need a hand?")
    sending.deliver(plumber.id, "now")
    kept = look(plumber, message.id)
    assert kept.state == "queued"
    assert kept.due_at
    assert kept.due_at - clock.now() > timedelta(seconds=100)
    office.refuse_recipient = ""
    with later(125):
        sending.deliver(plumber.id, "now")
    assert look(plumber, message.id).state == "accepted"


def test_texts_and_mails_count_together_against_the_cap(office: PostOffice, plumber: Business) -> None:
    settle(plumber, postal_address=POSTAL)
    dana = know(plumber, phone=DANA)
    for _ in range(3):
        assert write(plumber, dana, "Touch").state == "queued"
    fourth = write(plumber, dana, "Touch", shelf_life=timedelta(2))
    assert (fourth.state, fourth.held_rule) == ("held", "cap.day")
    with plumber.open() as session:
        text = sending.queue(
            session, session.merge(dana), "Touch", kind="sequence", purpose="informational", shelf_life=timedelta(2)
        )
        assert (text.state, text.held_rule) == ("held", "cap.day")


def test_a_token_of_one_business_says_nothing_about_another_s(plumber: Business, charlie: Business) -> None:
    dana = know(plumber)
    with plumber.open() as session:
        key = session.get_one(Tenant, plumber.id).mail_key
    with charlie.open() as session:
        other = session.get_one(Tenant, charlie.id).mail_key
    address = mail_addresses.reply_address(key, dana.id)
    assert mail_addresses.read_address(address.upper()) == mail_addresses.Mark("reply", key, dana.id)
    forged = [
        address.replace(key, other),
        address.replace("reply+", "bounce+"),
        address.replace("@in.", "@elsewhere."),
        address[:-25] + ("a" if address[-25] != "a" else "b") + address[-24:],
        "reply+@in.hallway.example",
    ]
    assert [mail_addresses.read_address(one) for one in forged] == [None] * 5


def test_files_go_with_a_mail_under_their_names(office: PostOffice, plumber: Business) -> None:
    dana = know(plumber)
    with plumber.open() as session:
        kept = [files.keep(session, dana.id, "Quote 1042.pdf", b"%PDF-1.7\n" + b"0" * 900_000)]
    write(plumber, dana, "", files=kept, author=Author(new_id(), "Bob Tran"), kind="person", purpose="reply")
    assert sending.deliver(plumber.id, "now") == 1
    (part,) = office.came[0].mail.iter_attachments()
    assert (part.get_filename(), part.get_content_type()) == ("Quote 1042.pdf", "application/pdf")
    assert len(part.get_content()) == 900_009


def test_one_connection_carries_many_mails_and_a_dead_one_costs_none_and_doubles_none(
    office: PostOffice, plumber: Business
) -> None:
    settle(plumber, postal_address=POSTAL)
    dana = know(plumber)

    def send(body: str) -> Message:
        message = write(plumber, dana, body, kind="person", purpose="reply", author=plumber.people["owner"].author)
        sending.deliver(plumber.id, "now")
        return look(plumber, message.id)

    assert [send("One").state, send("Two").state] == ["accepted", "accepted"]
    office.refuse_recipient = "451 4.7.1 Come back later"
    assert send("Not now").state != "accepted"
    office.refuse_recipient, office.forget = "", 1
    assert send("After a refusal").state == "accepted"
    peers = [came.peer for came in office.came]
    assert len(set(peers)) == 1
    wait_until(lambda: not mail_connections._kept or not alive(mail_connections._kept[-1].server))
    assert send("After silence").state == "accepted"
    office.hang_up = 1
    assert send("Cut off").state == "unknown"
    assert send("Anew").state == "accepted"
    bodies = [came.part("plain").split("\n")[0].strip() for came in office.came]
    assert bodies == ["One", "Two", "After a refusal", "After silence", "Cut off", "Anew"]
    assert len({came.peer for came in office.came}) == 3


def alive(server: smtplib.SMTP) -> bool:
    assert server.sock
    server.sock.setblocking(False)
    try:
        return server.sock.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        server.sock.settimeout(mail_connections.CONNECT_SECONDS)


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")
