"""Turn what a person typed into plain lower-case words, with sentence ends kept as a bar."""

import re
import unicodedata

from hallway.rulebook.reply_words import phrases

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
    (re.compile(r"\bopt(?:ed|ing|s)? ?(?:me )?(?:back )?in\b"), lambda _: "optin"),
    (re.compile(r"\bstop all\b"), lambda _: "stopall"),
    (re.compile(r"\byou (?:all|guys|people|folks|ppl|lot)\b"), lambda _: "yall"),
    (re.compile(r"\btext messag(?:e|ing)(s?)\b"), lambda found: "text" + found[1]),
    (re.compile(r"\b(?:cell|mobile|phone|telephone|contact) (?:phone )?number\b"), lambda _: "number"),
)
_SHORT_FORMS = {
    short: full
    for full, shorts in {
        "please": "pls plz plse pleas plez pleae plaese pleease pleez",
        "text": "txt tex tect texr tezt teext tecxt",
        "texts": "txts texs textes txtz",
        "texting": "txting texing textin txtin texitng textng texitn tezting texing textting txtn textn texten",
        "texted": "txted txtd",
        "message": "msg mesage messge mssg messege",
        "messages": "msgs mesages messges mssgs msges messeges messags",
        "messaging": "msging messging mesaging messageing",
        "sending": "sendin sendng sendign",
        "calling": "callin caling",
        "contact": "contct contac cantact",
        "you": "u yu",
        "your": "ur yr",
        "youre": "youare",
        "number": "num nmbr numbr nbr numer nubmer numbe",
        "anymore": "anymor nymore",
        "dont": "dnt donot dpnt dotn dobt donr duont",
        "from": "frm",
        "take": "tke tak",
        "remove": "remve rmove remov reomve remvoe",
        "unsubscribe": "unsub unsubscribed unsubscribing unsubs unsubscribes",
        "cancel": "cancle cancell canel cancal cansel cancle",
        "appointment": "appt appointmnt apointment appointmet appoitment appmt appts appointments",
        "reschedule": "resched reshedule rescedule reschdule reschedul",
        "tomorrow": "tmrw tmw tomorow tommorow tomm tomorrows",
        "thanks": "thx thnx ty tks thank",
        "wrong": "wrng worng rong",
        "cease": "ceese",
        "mensajes": "mensages msjs mensajitos",
        "mensaje": "msj mensage",
        "textos": "textitos",
        "alone": "alon",
        "want": "wnt",
        "stopall": "stopal",
        "already": "alredy allready",
    }.items()
    for short in shorts.split()
}

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# One slip away from "stop", yet words in their own right.
_REAL_WORDS = phrases(
    """
    top | sop | shop | slop | step | atop | stow | spot | stoop | strop | stops | stir | drop | estop
    """
)


def plain(text: str) -> str:
    """Words of a message, lower case, no accents; END stands where a sentence ends, "," where a comma was."""
    body = _bounded(_without_signature(text))
    words = _words(body)
    spelled = words.replace(" ", "").replace(END, "").replace(",", "")
    if _SPELLED.fullmatch(body.strip()) and spelled in ("stop", "quit", "end", "stopall"):
        return spelled
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
    flat = _BETWEEN_DIGITS.sub("", flat)
    flat = _COMMA.sub(" , ", _SENTENCE_END.sub(f" {END} ", flat))
    flat = _STRETCHED.sub(r"\1", _NOT_A_WORD.sub(" ", flat))
    flat = " ".join(map(_spelling, flat.split()))
    for pattern, replacement in _PHRASES:
        flat = pattern.sub(replacement, flat)
    return _EDGE_BARS.sub(_boundary, flat).strip(" |,")


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def _boundary(found: re.Match[str]) -> str:
    return END if END in found[0] else ","


def _spelling(word: str) -> str:
    if word in _STOP_SLIPS:
        return "stop"
    if word in _TEXT_SLIPS:
        return "text"
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if len(word) >= 5 and word not in _NOT_SLIPS:
        for key in _KEY_WORDS:
            if word[0] == key[0] and word != key and _near(word, key, 1):
                return key
    if word.startswith(("uns", "usub", "unu", "insub")) and len(word) <= 14 and _near(word, "unsubscribe", 3):
        return "unsubscribe"
    return word


def _slips(word: str) -> frozenset[str]:
    """Every spelling one thumb slip away: a neighbour key, a swap, a letter lost or doubled."""
    found = set()
    for i, letter in enumerate(word):
        before, after = word[:i], word[i + 1 :]
        found.add(before + after)
        found |= {before + near + after for near in _near_keys(letter)}
        found |= {
            before + pair + after for near in _near_keys(letter) + letter for pair in (letter + near, near + letter)
        }
        if after:
            found.add(before + after[0] + letter + after[1:])
    return frozenset(found - _REAL_WORDS - {word})


def _near_keys(letter: str) -> str:
    near = ""
    for row, keys in enumerate(_KEYBOARD):
        at = keys.find(letter)
        if at >= 0:
            near += keys[max(0, at - 1) : at] + keys[at + 1 : at + 2]
            near += "".join(other[max(0, at - 1) : at + 2] for other in _KEYBOARD[max(0, row - 1) : row])
            near += "".join(other[max(0, at - 1) : at + 1] for other in _KEYBOARD[row + 1 : row + 2])
    return near


def _near(word: str, target: str, distance: int) -> bool:
    """Whether two words are within an edit distance (plain Levenshtein; both are short)."""
    if abs(len(word) - len(target)) > distance:
        return False
    row = list(range(len(target) + 1))
    for i, a in enumerate(word, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(target, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1] <= distance


_KEY_WORDS = ("remove", "texting", "message", "messages", "messaging", "contacting")
_NOT_SLIPS = phrases(
    """
    remove | removed | removes | remover | texting | testing | taxing | message | messages | messaged |
    messaging | massage | massages
    """
)
_LEET = frozenset(
    ("5top", "st0p", "5t0p", "sto9", "5toq", "st0pp", "5topp", "stahp", "stawp", "stahhp", "textstop", "stopit")
)
_TEXT_SLIPS = _slips("text") - phrases("test | tet | ext | texts | tex | next")
_STOP_SLIPS = _slips("stop") | _LEET
