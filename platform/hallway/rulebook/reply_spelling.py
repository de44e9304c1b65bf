"""Short forms and slips of the thumb, brought back to the word that was meant."""

from hallway.rulebook.reply_words import phrases

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
        "number": "num nmbr numbr nbr numer nubmer numbe nmber",
        "anymore": "anymor nymore",
        "dont": "dnt donot dpnt dotn dobt donr duont",
        "me": "mee",
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
        "alone": "alon aloen alnoe allone",
        "more": "mor moar mroe moer",
        "canceled": "cancelled",
        "canceling": "cancelling",
        "take me": "takeme",
        "remove me": "removeme",
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


# Said alone, a slip away from one of these is meant as one of these, but for the few words that answer a contractor.
_ALONE = ("stop", "quit", "cancel", "remove", "revoke", "optout", "unsubscribe")
_ANSWERS = phrases("top | shop | step | suit | quiet | quite | quilt | quid | remote")


def keyword_meant(said: str) -> str | None:
    """The opt-out keyword that a whole message is one slip away from: "stoop", "qiut", "s top", "opt put"."""
    joined = said.replace(" ", "")
    if said in _ANSWERS:
        return None
    parted = joined != said
    return next(
        (word for word in _ALONE if joined == word or (not (parted and len(word) < 6) and _one_slip(joined, word))),
        None,
    )


def _one_slip(word: str, meant: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are swapped."""
    while word and meant and word[0] == meant[0]:
        word, meant = word[1:], meant[1:]
    while word and meant and word[-1] == meant[-1]:
        word, meant = word[:-1], meant[:-1]
    return (len(word) <= 1 and len(meant) <= 1) or (len(word) == 2 and word == meant[::-1])


def spelled(word: str) -> str:
    if word in _STOP_SLIPS:
        return "stop"
    if word in _TEXT_SLIPS:
        return "text"
    if word in _SHORT_FORMS:
        return _SHORT_FORMS[word]
    if len(word) >= 5 and word not in _NOT_SLIPS:
        for key in _KEY_WORDS:
            if word[0] == key[0] and word != key and _one_slip(word, key):
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
    remove | removed | removes | remover | remote | texting | testing | taxing | tenting | contracting | message |
    messages | messaged | messaging | massage | massages
    """
)
_LEET = frozenset(
    ("5top", "st0p", "5t0p", "sto9", "5toq", "st0pp", "5topp", "stahp", "stawp", "stahhp", "textstop", "stopit")
)
_TEXT_SLIPS = _slips("text") - phrases("test | tet | ext | texts | tex | next")
_STOP_SLIPS = _slips("stop") | _LEET
