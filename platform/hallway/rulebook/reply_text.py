"""Turn what a person typed into plain lower-case words, with sentence ends kept as a bar."""

import re
import unicodedata

from hallway.rulebook.reply_spelling import spelled

# Nobody asks to be left alone in the middle of an essay, and the cost of reading stays bounded.
HEAD = 700
TAIL = 400
END = "|"

_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_SIGNATURE = re.compile(
    r"\n\s*(?:--+\s*\n.*|(?:sent (?:from|via|using)|get outlook for|enviado desde)\b[^\n]*.*)\Z",
    re.DOTALL | re.IGNORECASE,
)
_INLINE_SIGNATURE = re.compile(r"\s(?:sent from my \w+|enviado desde mi \w+)\W*\Z", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|www\.)\S{1,500}", re.IGNORECASE)
_SPELLED = re.compile(r"(?:[^\W_][\s.\-_*,|]{1,3}){2,14}[^\W_][\W_]{0,10}")

_EMOJI = {
    "🛑": " stop ",
    "⛔": " stop ",
    "🚫": " stop ",
    "📵": " stop texting ",
    "🖕": " | fuck you | ",
    "👍": " thumbsup ",
}
_APOSTROPHES = dict.fromkeys("'’‘`´ʼ′＇", "")
_SIGNS = str.maketrans(
    {**_APOSTROPHES, **_EMOJI, "#": " number ", "&": " and ", "$": "s", "đ": "d", "ı": "i", "ß": "ss"}
)
_MASKED_SWEAR = re.compile(r"\bf[*@#]{1,3}(?:ck|k)?(ing)?\b|\bf[*@#]{2,4}")
_ABBREVIATED = re.compile(r"\b([ap])\.\s?m\.?(?!\w)")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.:,\-/](?=\d)")
_SENTENCE_END = re.compile(r"[.!?;:\n\r/…()\"“”«»¿¡。！？，、|]+|\s[-–—]+\s|[–—]")
_EITHER = re.compile(r"(?<=[a-z])/(?=[a-z])")
_COMMA = re.compile(r",")
_NOT_A_WORD = re.compile(r"[^\w|,]+|_+")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_EDGE_BARS = re.compile(r"(?:[|,] ?)*([|,])(?: ?[|,])*")

_NEGATIONS: dict[str, str] = {
    "do": "dont",
    "does": "doesnt",
    "did": "didnt",
    "will": "wont",
    "would": "wouldnt",
    "could": "couldnt",
    "should": "shouldnt",
    "is": "isnt",
    "are": "arent",
    "was": "wasnt",
    "have": "havent",
    "has": "hasnt",
    "ca": "cant",
    "wo": "wont",
    "don": "dont",
    "doesn": "doesnt",
    "didn": "didnt",
    "won": "wont",
}
# Contractions and full forms are brought to one spelling, then the short forms of texting.
_PHRASES = (
    (
        re.compile(
            r"\b(?:do|does|did|will|would|could|should|is|are|was|have|has|ca|wo|don|doesn|didn|won) (?:not|n?t)\b"
        ),
        lambda found: _NEGATIONS[found[0].split()[0]],
    ),
    (re.compile(r"\b(do|ca|wo|does|did)(?:n ?[|,] ?| )t\b"), lambda found: _NEGATIONS[found[1]]),
    (re.compile(r"\b(?:sop|top|shop|spot|step) (?=(?:text|messag|contact)ing\b)"), lambda _: "stop "),
    (re.compile(r"\bcan ?not\b|\bcan t\b"), lambda _: "cant"),
    (re.compile(r"\bi (am|m)\b"), lambda _: "im"),
    (re.compile(r"\bun subscri\w+\b"), lambda _: "unsubscribe"),
    (re.compile(r"\bopt(?:ed|ing|s)? ?(?:(?:me|us|(?:this|my) number) )?out\b"), lambda _: "optout"),
    (re.compile(r"\bopt(?:ed|ing|s)? ?(?:me )?(?:back )?in(?:to)?\b"), lambda _: "optin"),
    (re.compile(r"\bun stop\b"), lambda _: "unstop"),
    (re.compile(r"\be mail"), lambda _: "email"),
    (re.compile(r"\bs t o p\b"), lambda _: "stop"),
    (re.compile(r"\bre subscribe\b"), lambda _: "resubscribe"),
    (re.compile(r"\bstop all\b"), lambda _: "stopall"),
    (re.compile(r"\byou (?:all|guys|people|folks|ppl|lot)\b"), lambda _: "yall"),
    (re.compile(r"\btext messag(?:e|ing)(s?)\b"), lambda found: "text" + found[1]),
    (re.compile(r"\b(?:cell|mobile|phone|telephone|contact) (?:phone )?number\b"), lambda _: "number"),
)


def plain(text: str) -> str:
    """Words of a message, lower case, no accents; END stands where a sentence ends, "," where a comma was."""
    body = _bounded(_without_signature(text))
    words = _words(body)
    joined = words.replace(" ", "").replace(END, "").replace(",", "")
    if _SPELLED.fullmatch(body.strip()) and joined in ("stop", "quit", "end", "stopall"):
        return joined
    return words


def _bounded(text: str) -> str:
    return text if len(text) <= HEAD + TAIL else f"{text[:HEAD]}\n{text[-TAIL:]}"


def _without_signature(text: str) -> str:
    """Drop quoted lines and a signature, unless nothing else would be left."""
    lines = text[:4000] if len(text) <= 4000 else text[:HEAD] + "\n" + text[-TAIL:]
    lines = lines.replace("\r\n", "\n")
    stripped = _INLINE_SIGNATURE.sub("", _SIGNATURE.sub("", _QUOTED_LINE.sub("", lines)))
    return stripped if stripped.strip() else lines


def _words(text: str) -> str:
    flat = _LINK.sub(" ", _folded(text).translate(_SIGNS))
    flat = _ABBREVIATED.sub(r"\1m", _MASKED_SWEAR.sub("fuck", flat))
    flat = _EITHER.sub(" or ", _BETWEEN_DIGITS.sub("", flat))
    flat = _COMMA.sub(" , ", _SENTENCE_END.sub(f" {END} ", flat))
    flat = _STRETCHED.sub(r"\1", _NOT_A_WORD.sub(" ", flat))
    flat = " ".join(map(spelled, flat.split()))
    for pattern, replacement in _PHRASES:
        flat = pattern.sub(replacement, flat)
    return _EDGE_BARS.sub(_boundary, flat).strip(" |,")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _boundary(found: re.Match[str]) -> str:
    return END if END in found[0] else ","
