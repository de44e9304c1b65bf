"""Consent: the gate, the ledger, suppression, and what a reply asks for."""

from hallway.consent.deciding import decide
from hallway.consent.decisions import Decision
from hallway.consent.facts import Ask, Facts
from hallway.consent.file import ConsentFile, erase, export
from hallway.consent.file import consent_file as file
from hallway.consent.gate import may_send, may_send_all, replay
from hallway.consent.ledger import agreed_about, record, record_once, verify_chain
from hallway.consent.models import Suppression
from hallway.consent.rules import RULES
from hallway.consent.suppression import Reason, is_suppressed, release, release_by_person, suppress
from hallway.rulebook.replies import carrier_keyword, classify_reply

__all__ = [
    "RULES",
    "Ask",
    "ConsentFile",
    "Decision",
    "Facts",
    "Reason",
    "Suppression",
    "agreed_about",
    "carrier_keyword",
    "classify_reply",
    "decide",
    "erase",
    "export",
    "file",
    "is_suppressed",
    "may_send",
    "may_send_all",
    "record",
    "record_once",
    "release",
    "release_by_person",
    "replay",
    "suppress",
    "verify_chain",
]
