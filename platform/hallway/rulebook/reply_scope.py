"""How far an opt-out reaches: the channel it came by, or every one."""

import re

from hallway.rulebook.reply_text import plain

EVERYTHING = re.compile(
    r"\b(?:(?:stop|quit|no more|never|don'?t|do not|dont|please don'?t) (?:ever )?(?:contact|bother|harass|solicit)\w*"
    r"|(?:stop|end|cancel) (?:everything|it all|all (?:of )?(?:it|this|contact|communications?|messages?))"
    r"|(?:stop|no more) (?:all )?(?:texts?|texting|calls?|calling)(?: me)?(?:,| and| or) (?:e-?mails?|e-?mailing)"
    r"|(?:stop|no more) (?:all )?(?:e-?mails?|e-?mailing)(?: me)?(?:,| and| or) (?:texts?|texting|calls?|calling)"
    r"|leave me alone|lose my (?:number|address|info\w*|contact)"
    r"|(?:remove|delete) (?:me|my info\w*) from (?:everything|all)"
    r"|no (?:me )?contact\w* (?:m[aá]s|nunca)|no me (?:contacten|molesten)|d[eé]jenme en paz)\b",
    re.IGNORECASE,
)


MAIL = re.compile(r"\be-?mail(s|ing|ed)?\b", re.IGNORECASE)
TEXT = re.compile(r"\b(?:text|texts|texting|sms|mensajes de texto)\b", re.IGNORECASE)


def means_every_channel(text: str) -> bool:
    """Whether somebody who opted out meant more than the way they wrote: "stop contacting me", "stop everything"."""
    return EVERYTHING.search(plain(text)) is not None or EVERYTHING.search(text) is not None


def means_texts_alone(mail: str) -> bool:
    """Whether an opt-out by e-mail is about texts: "stop texting me"."""
    return TEXT.search(mail) is not None and MAIL.search(mail) is None


def as_a_text(mail: str) -> str:
    """The words of an e-mail as the rules for texts know them: "no more e-mails" becomes "no more texts"."""
    return MAIL.sub(lambda found: f"text{(found[1] or '').lower()}", mail)
