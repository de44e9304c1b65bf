"""The gate's rules for e-mail. The law binds no hours here; it wants a postal address and a way to leave.

CAN-SPAM, 15 USC 7704: commercial mail carries the sender's postal address and a working opt-out.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hallway.consent.decisions import Decision, allow, hold, refuse
from hallway.consent.facts import Facts
from hallway.consent.follow_ups import is_offer
from hallway.consent.plan import paid_for
from hallway.consent.rules import Rule, automation, compliance, own_window, touch_cap
from hallway.consent.visits import appointment

ADDRESS = re.compile(r"[^@\s<>\"(),:;]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+")
LONGEST_MAIL = 50_000
SOMEWHERE = "America/New_York"
DAYS_AHEAD = 14
# Kinds of automatic mail that sell something by their very nature, whatever purpose they were given.
COMMERCIAL = frozenset({"sequence", "campaign"})
NO_REPLY = re.compile(r"(?:no|do-?not)[-_.]?reply|mailer-daemon|postmaster", re.IGNORECASE)

SUPPRESSED = {
    "opt_out": "They unsubscribed from your e-mails. Only they can undo it, by writing to you.",
    "wrong_number": "They told you this address is not theirs.",
    "bounced": "This e-mail address does not exist.",
    "complained": "They marked your e-mail as spam.",
    "staff": "Somebody in your office switched e-mails to this address off.",
    "doubtful": "They may have asked for no more e-mails. Read what they wrote and decide.",
    "import": "A list you imported says not to contact them.",
}


def mailable(facts: Facts) -> Decision | None:
    """There is an e-mail address, of somebody who reads there."""
    if not facts.address:
        return refuse("mail.no_address", "There is no e-mail address of theirs.")
    if not ADDRESS.fullmatch(facts.address.lower()):
        return refuse("mail.invalid", "This is not a complete e-mail address.")
    if NO_REPLY.match(facts.address):
        return refuse("mail.nobody_reads", "Nobody reads mail at this address.")
    return None


def sendable_mail(facts: Facts) -> Decision | None:
    """There is a server to send through, words to send, and time left to send them."""
    if facts.expires_at and facts.at >= facts.expires_at:
        return refuse("shelf_life", "It is too late for this message to make sense.")
    if facts.sender is None:
        return refuse("sender.none", "E-mail is not set up on this installation yet (MAIL_URL).")
    if facts.blank:
        return refuse("content.empty", "The message has no words.")
    if facts.length > LONGEST_MAIL:
        return refuse("content.too_long", f"The e-mail has {facts.length:,} characters; {LONGEST_MAIL:,} is the most.")
    return None


def may_be_mailed(facts: Facts) -> Decision | None:
    """Who left, complained or does not exist gets nothing more; blocked people are left alone."""
    reason = facts.suppressed_reason
    if reason and not (facts.purpose == "compliance" and reason in ("opt_out", "doubtful")):
        return refuse(f"suppressed.{reason}", SUPPRESSED.get(reason, "E-mails to this address are switched off."))
    if facts.marketing_stopped and is_offer(facts):
        return refuse("suppressed.marketing", "They asked for no more offers.")
    if facts.blocked_at:
        return refuse("contact.blocked", "You blocked this person.")
    return refuse("mail.dead", facts.invalid_reason) if facts.invalid_reason else None


def to_staff(facts: Facts) -> Decision | None:
    """Notices go to members of the business at any hour, and to nobody else."""
    if facts.purpose != "staff":
        return None
    if facts.staff_address:
        return allow("allow.staff", "A notice to somebody who works here may go at any hour.")
    return refuse("staff.not_ours", "Nobody who works here has this address, so no notice goes to it.")


def postal_address(facts: Facts) -> Decision | None:
    """The law wants the sender's postal address in commercial mail."""
    commercial = facts.purpose == "marketing" or facts.kind in COMMERCIAL
    if facts.by_person or not commercial or facts.postal_address:
        return None
    missing = "Automatic e-mails need your postal address in them by law. Add it under Settings, Business."
    return refuse("mail.no_postal_address", missing)


def known_to_us(facts: Facts) -> Decision | None:
    """No bought lists: offers go to people who wrote to us, agreed or had an estimate, and did not take it back."""
    if not is_offer(facts):
        return None
    if facts.consent_action == "revoked":
        return refuse("consent.revoked", "They took back their consent to offers.")
    if facts.purpose == "marketing" and facts.consent_action != "granted" and facts.heard_at is None:
        return refuse("consent.missing", "They never wrote to you and never agreed to offers by e-mail.")
    return None


def own_hours(facts: Facts) -> Decision:
    """Offers keep to the business's own hours, in the recipient's time; everything else may go when it is ready."""
    if not is_offer(facts):
        return allow("allow.mail", "E-mail may go at any hour.")
    zone = ZoneInfo(facts.zone or facts.tenant_zone or SOMEWHERE)
    opens = _opening(facts, zone)
    if opens is None:
        return refuse("refuse.no_window", "Your own hours for offers leave no time at all.")
    if opens <= facts.at:
        return allow("allow.mail", "Inside your own hours for offers.")
    return hold("hold.hours.TENANT", "Outside your own hours for offers.", opens)


def _opening(facts: Facts, zone: ZoneInfo) -> datetime | None:
    """The first moment from now on that lies in the business's window."""
    window, local = own_window(facts), facts.at.astimezone(zone)
    for ahead in range(DAYS_AHEAD):
        day = (local + timedelta(days=ahead)).date()
        span = window.span_on(day)
        if span is None:
            continue
        start, end = (datetime.combine(day, edge, zone) for edge in span)
        if facts.at < end:
            return max(start, facts.at) if start < end else None
    return None


MAIL_RULES: tuple[Rule, ...] = (
    mailable,
    sendable_mail,
    paid_for,
    may_be_mailed,
    to_staff,
    compliance,
    automation,
    appointment,
    postal_address,
    known_to_us,
    touch_cap,
    own_hours,
)
