"""Rules as lines of wording, so that they read like the messages they catch.

One line is one wording, over the plain words of a message (see reply_text):

    stop/quit         one of these words            [my number / me]   one of these wordings
    text~             a word that starts so         STOP               a class of words (see reply_vocabulary)
    x?  x*  x+        perhaps, any number, some     ..3                up to three words, whatever they are
    ~3                up to three words that are neither about the work nor HARD, a class
    ^  $              a clause begins, ends         ^^  $$             the message begins, ends
    .                 a clause ends, give or take courtesy (TAG, a class)
    !x                x does not follow             -x                 the word x does not stand before
    ... -- X          and X is nowhere in the message

In the messages one space stands before each word, "_" before a word about the work, and "|" or "," ends a clause.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from textwrap import dedent

_SIGN = re.compile(r"!?\[|\][?*+]?|[^\s\[\]]+")
_CONTINUED = re.compile(r"\s+/(?=\S)")
_BETWEEN_WORDS = re.compile(r"\s+(?![^\[]*\])")
_WORDS = re.compile(r"(!?-?)(.+?)([?*+]?)")
# Nobody repeats fillers more often, and a bound keeps the search short.
_TIMES = {"": "", "?": "?", "*": "{0,8}", "+": "{1,8}"}
_EDGE = "(?= |$)"
_CLAUSE_ENDS = "(?= [|,]|$)"
_MARKS = {"^^": "^", "$$": "$", "^": r"(?:^|(?<=[|,]))", "$": _CLAUSE_ENDS, "/": "|"}
_SOFT = r" [^\W_]\w*"


@dataclass
class Rule:
    """A stable id, kept with every decision, and the wordings it catches."""

    id: str
    expression: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled when first wanted: not every command reads replies."""
        return re.compile(self.expression)


class Notation:
    """Reads lines of wording; knows the words about the work and the classes that lines may name."""

    def __init__(self, work: str) -> None:
        self._work = re.compile("|".join(word.replace("~", r"\w*") for word in work.split()))
        self._working = re.compile(rf"(?<= )(?=(?:{self._work.pattern}){_EDGE})")
        self.classes = {"ANY": r" _?[^\W_]\w*", "WORK": r" _\w+", "BREAK": r"(?: [|,])+", "NUMERAL": r" s?\d\w*"}

    def define(self, name: str, block: str) -> None:
        """A class of words: each word, or wording in brackets, is one of them."""
        self.classes[name] = f"(?:{self._wording(_BETWEEN_WORDS.sub(' / ', block.strip()))})"

    def rules(self, block: str) -> tuple[Rule, ...]:
        """One rule per unindented id; each line under it is a wording, lines indented deeper going on with it."""
        parts = re.findall(r"^(\S+)\n((?: .*\n?)+)", dedent(block), flags=re.MULTILINE)
        return tuple(Rule(rule_id, self._expression(lines)) for rule_id, lines in parts)

    def pattern(self, block: str) -> re.Pattern[str]:
        """One expression for all the wordings of a block."""
        return re.compile(self._expression(block))

    def marked(self, said: str) -> str:
        """The words of a message as the rules want them."""
        return self._working.sub("_", f" {said}")

    def _expression(self, block: str) -> str:
        return "|".join(map(self._line, re.split(r"\n(?=\S)", dedent(block).strip())))

    def _line(self, line: str) -> str:
        wording, _, nowhere = line.partition("--")
        caught = f"(?:{self._wording(wording)}){_EDGE}"
        return f"^(?!.*(?:{self._wording(nowhere)}){_EDGE}).*?{caught}" if nowhere else caught

    def _wording(self, wording: str) -> str:
        out: list[str] = []
        closers: list[str] = []
        for sign in _SIGN.findall(_CONTINUED.sub("/", wording)):
            if sign.endswith("["):
                out.append("(?!(?:" if sign == "![" else "(?:")
                closers.append(f"){_EDGE})" if sign == "![" else ")")
            elif sign.startswith("]"):
                out.append(closers.pop() + _TIMES[sign[1:]])
            else:
                out.append(_MARKS.get(sign) or self._sign(sign))
        return "".join(out)

    def _sign(self, sign: str) -> str:
        if sign == ".":
            return f"{self.classes['TAG']}{{0,4}}{_CLAUSE_ENDS}"
        if sign.startswith(".."):
            return f"(?:{self.classes['ANY']}){{0,{sign[2:]}}}"
        if sign.startswith("~"):
            return f"(?:(?!{self.classes['HARD']}{_EDGE}){_SOFT}){{0,{sign[1:]}}}"
        if not (parts := _WORDS.fullmatch(sign)):
            raise ValueError(f"{sign} is no sign of the notation")
        before, words, times = parts.groups()
        if before == "-":
            return "".join(f"(?<! {self._plain(word)})" for word in words.split("/"))
        choice = self._choice(words.split("/"))
        return f"(?!{choice}{_EDGE})" if before == "!" else f"{choice}{_TIMES[times]}"

    def _choice(self, words: list[str]) -> str:
        choices = [self.classes[word] for word in words if word.isupper()]
        if plain := [self._plain(word) for word in words if not word.isupper()]:
            choices.append(f" (?:{'|'.join(plain)})")
        return f"(?:{'|'.join(choices)})"

    def _plain(self, word: str) -> str:
        stem = word.rstrip("~")
        return ("_" if self._work.fullmatch(stem) else "") + re.escape(stem) + (r"\w*" if stem != word else "")
