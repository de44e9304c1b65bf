"""The gate's rules, in the order they are asked. Each looks at the facts alone and answers, or passes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta

from hallway.consent.decisions import Decision, allow, hold, refuse
from hallway.consent.facts import Facts
from hallway.consent.follow_ups import follow_up, is_offer, no_consent
from hallway.consent.ledger import WRITTEN
from hallway.consent.plan import paid_for, within_cap
from hallway.consent.visits import appointment
from hallway.rulebook import hours
from hallway.rulebook.places import place_of
from hallway.rulebook.state_rules import caps_for

Rule = Callable[[Facts], Decision | None]

ANONYMOUS = frozenset({"", "anonymous", "restricted", "unavailable", "unknown", "+266696687", "+86282452253"})
LONGEST_BODY = 1600  # Twilio 21617
NO_TEXTS = frozenset({"landline", "tollFree", "premium", "sharedCost", "uan", "voicemail", "pager"})
PROMPT = timedelta(minutes=10)  # how soon an automatic answer still answers what they just did
LIVE = timedelta(hours=2)  # how long after their last word a person's answer still belongs to the conversation
CONFIRM_WITHIN = timedelta(minutes=5)  # 47 CFR 64.1200(a)(12)
TEXT_BACK_WITHIN = timedelta(minutes=30)
RETRY_STOPPED = timedelta(minutes=2)
MOST_AUTOMATIC_10M = 4  # beyond it two machines are probably answering each other
MOST_TOUCHES_24H, MOST_TOUCHES_7D = 3, 8
KINDS_OF_NUMBER = {
    "toll_free": "A toll-free number cannot be texted.",
    "premium": "This is a premium-rate number; it is never texted.",
    "personal": "This is a personal-service number; it is never texted.",
    "foreign": "This number is outside the United States.",
    "other_nanp": "This number is outside the United States.",
    "canada": "This is a Canadian number; texts go to US numbers only.",
}


def textable(facts: Facts) -> Decision | None:
    """Only a US number that is not toll-free, premium or ours can be texted at all."""
    if facts.address.lower() in ANONYMOUS:
        return refuse("number.anonymous", "The caller withheld their number.")
    if facts.our_number:
        return refuse("number.our_own", "This is one of your own Hallway numbers.")
    try:
        kind = place_of(facts.address).kind
    except ValueError:
        return refuse("number.invalid", "This is not a complete phone number.")
    return refuse(f"number.{kind}", KINDS_OF_NUMBER[kind]) if kind in KINDS_OF_NUMBER else None


def sendable(facts: Facts) -> Decision | None:
    """There is a number to send from, words to send, and time left to send them."""
    if facts.expires_at and facts.at >= facts.expires_at:
        return refuse("shelf_life", "It is too late for this message to make sense.")
    if facts.sender is None:
        return refuse("sender.none", "You have no active number to text from. Add one under Settings, Numbers.")
    if facts.blank:
        return refuse("content.empty", "The message has no words.")
    if facts.length > LONGEST_BODY:
        over = f"The message has {facts.length:,} characters; the carrier takes {LONGEST_BODY:,}."
        return refuse("content.too_long", over)
    if facts.shortener:
        banned = f"Carriers block links through {facts.shortener}. Use the full address."
        return refuse("content.shortener", banned)
    return None


def running(facts: Facts) -> Decision | None:
    """Nothing goes while the carrier would refuse everything; what is still good afterwards goes then."""
    if facts.stopped_reason:
        return hold("tenant.stopped", f"Texting is stopped: {facts.stopped_reason}", facts.at + RETRY_STOPPED)
    return None


def not_suppressed(facts: Facts) -> Decision | None:
    """Who asked us to stop gets nothing, save the one confirmation and the answer to HELP."""
    reason = facts.suppressed_reason
    # A welcome back is no answer to somebody who has stopped again meanwhile.
    answers_them = facts.purpose == "compliance" and facts.kind != "opt_in_confirmation"
    if reason and not (answers_them and reason in ("opt_out", "doubtful")):
        return refuse(f"suppressed.{reason}", SUPPRESSED.get(reason, "Texts to this number are switched off."))
    if facts.marketing_stopped and is_offer(facts):
        return refuse("suppressed.marketing", "They asked for no more offers.")
    return None


SUPPRESSED = {
    "opt_out": "They asked for no more texts. Only they can undo it, by texting START.",
    "carrier_block": "They opted out at the carrier, which blocks texts to them. They can undo it by texting START.",
    "wrong_number": "They told you this is a wrong number.",
    "invalid_number": "The carrier says this number does not exist.",
    "landline": "This is a landline; it cannot be texted.",
    "staff": "Somebody in your office switched texts to this number off.",
    "doubtful": "They may have asked for no more texts. Read what they wrote and decide.",
    "import": "A list you imported says not to contact them.",
}


def reachable(facts: Facts) -> Decision | None:
    """Blocked people are left alone; landlines and dead numbers cannot be texted."""
    if facts.blocked_at:
        return refuse("contact.blocked", "You blocked this person.")
    if facts.line_type in NO_TEXTS:
        kind = "landline" if facts.line_type == "landline" else f"{facts.line_type} line"
        return refuse("number.landline", f"This is a {kind}; it cannot be texted. Call instead.")
    if facts.invalid_reason:
        return refuse("number.dead", facts.invalid_reason)
    return None


def staff_lane(facts: Facts) -> Decision | None:
    """Alarms and notices go to the business's own phones at any hour, and to nobody else."""
    if facts.purpose != "staff":
        return None
    if facts.staff_phone:
        return allow("allow.staff", "A notice to one of your own phones may go at any hour.")
    return refuse("staff.not_ours", "This is not one of your phones, so no notice goes to it.")


def compliance(facts: Facts) -> Decision | None:
    """The answer to STOP, START or HELP goes at any hour, but only at once."""
    if facts.purpose != "compliance":
        return None
    if facts.heard_at is None or facts.at - facts.heard_at > CONFIRM_WITHIN:
        return refuse("compliance.late", "A confirmation is sent within five minutes of their request or not at all.")
    return _loop(facts) or allow("allow.compliance", "The answer to STOP, START or HELP may go at any hour.")


def automation(facts: Facts) -> Decision | None:
    """Automatic texts wait for a person when a reply was doubtful, and never chase another machine."""
    if facts.by_person:
        return None
    if facts.paused_reason:
        return refuse("automation.paused", f"Automatic texts to them are paused: {facts.paused_reason}")
    return _loop(facts)


def _loop(facts: Facts) -> Decision | None:
    if facts.automatic_10m < MOST_AUTOMATIC_10M:
        return None
    loop = f"Another machine may be answering: {facts.automatic_10m} automatic texts went to them in ten minutes."
    return refuse("automation.loop", loop)


def text_back(facts: Facts) -> Decision | None:
    """A text-back answers one missed call of theirs, soon, once in the window."""
    if facts.kind != "text_back":
        return None
    if not facts.text_back_on:
        return refuse("text_back.off", "Text-backs are switched off under Settings, Missed calls.")
    if not facts.call_is_theirs or facts.call_missed_at is None:
        return refuse("text_back.no_missed_call", "There is no missed call of theirs that this text would answer.")
    if facts.at - facts.call_missed_at > TEXT_BACK_WITHIN:
        return refuse("text_back.late", "Too much time has passed since their call for an automatic answer.")
    if facts.texted_back:
        return refuse("text_back.already", "They were already texted back about an earlier call.")
    return None


def written_consent(facts: Facts) -> Decision | None:
    """Marketing needs prior express written consent (47 CFR 64.1200(a)(2)) that was not taken back."""
    if not is_offer(facts):
        return None
    if facts.consent_action == "revoked":
        return refuse("consent.revoked", "They took back their consent to offers.")
    if facts.consent_action != "granted":
        return no_consent(facts)
    if facts.consent_method not in WRITTEN or not facts.consent_worded:
        return refuse("consent.not_written", "Their consent was not given in writing, with the words they agreed to.")
    return None


def touch_cap(facts: Facts) -> Decision | None:
    """Nobody gets more than a few automatic texts a day and a week, whatever sequences they are in."""
    # What somebody agreed to is not kept from them because other automatic texts were sent.
    if facts.by_person or facts.purpose == "reply" or facts.appointment_version is not None:
        return None
    day = facts.touches_24h >= MOST_TOUCHES_24H and facts.oldest_touch_24h
    week = facts.touches_7d >= MOST_TOUCHES_7D and facts.oldest_touch_7d
    if day:
        return hold("cap.day", "They had enough automatic texts for one day.", day + timedelta(days=1))
    if week:
        return hold("cap.week", "They had enough automatic texts for one week.", week + timedelta(days=7))
    return None


def state_cap(facts: Facts) -> Decision | None:
    """Florida, Oklahoma, Maryland and Oregon allow three marketing texts in 24 hours."""
    if facts.purpose not in ("marketing", "follow_up") or not facts.oldest_marketing_24h:
        return None
    states = {place_of(facts.address).state, facts.state or ""} - {""}
    for cap in caps_for(states, facts.at.date()):
        if facts.marketing_24h >= cap.count:
            reason = f"{cap.state} allows {cap.count} marketing texts in {cap.hours} hours."
            return hold(f"cap.state.{cap.state}", reason, facts.oldest_marketing_24h + timedelta(hours=cap.hours))
    return None


def quiet_hours(facts: Facts) -> Decision:
    """The law's hours at every place they may be, and the business's own on top for marketing."""
    marketing = is_offer(facts)
    found = hours.decide(
        facts.address,
        "marketing" if marketing else "reply" if is_prompt(facts) else "informational",
        facts.at,
        address_state=facts.state,
        contact_zone=facts.zone,
        tenant_state=facts.tenant_state,
        tenant_zone=facts.tenant_zone,
        tenant_window=own_window(facts) if marketing else None,
        margin=timedelta(0) if facts.by_person else hours.CLOSING_MARGIN,
    )
    return Decision(found.decision, found.rule, found.explanation, found.until, found.closes)


def is_prompt(facts: Facts) -> bool:
    """An answer to what they just said or did, which may go at any hour."""
    if facts.purpose != "reply" or facts.heard_at is None:
        return False
    return facts.at - facts.heard_at <= (LIVE if facts.by_person else PROMPT)


def own_window(facts: Facts) -> hours.TenantWindow:
    days = frozenset(range(7 if facts.marketing_sunday else 6))
    try:
        start, end = time.fromisoformat(facts.marketing_start), time.fromisoformat(facts.marketing_end)
    except ValueError:
        return hours.TenantWindow(days=days)
    return hours.TenantWindow(start=start, end=end, days=days)


RULES: tuple[Rule, ...] = (
    textable,
    sendable,
    running,
    paid_for,
    not_suppressed,
    reachable,
    within_cap,
    staff_lane,
    compliance,
    automation,
    text_back,
    appointment,
    follow_up,
    written_consent,
    touch_cap,
    state_cap,
    quiet_hours,
)
