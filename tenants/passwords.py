"""What makes a password good enough: length and not being guessable. No rule about kinds of characters."""

from __future__ import annotations

from collections.abc import Sequence

from zxcvbn import zxcvbn

SHORTEST, LONGEST = 12, 128  # characters
READ = 72  # zxcvbn takes time that grows with the square of the length
WEAKEST_SCORE = 2  # of 4: some 10^6 guesses and more (zxcvbn's own scale)
STRONG_SCORE = 3
OURS = ("hallway", "plumber", "password")


class WeakPasswordError(ValueError):
    """A password that may not be chosen; the message says why and what to do."""


def check(password: str, *about: str) -> None:
    """Raises WeakPasswordError. `about` is what a guesser knows of the person: name, e-mail, business."""
    if len(password) < SHORTEST:
        raise WeakPasswordError(
            f"A password has at least {SHORTEST} characters. Three random words are easy to remember."
        )
    if len(password) > LONGEST:
        raise WeakPasswordError(f"A password has at most {LONGEST} characters.")
    if _score(password, about) < WEAKEST_SCORE:
        raise WeakPasswordError("That password is among the first a thief would try. Use three or four random words.")


def measure(password: str, *about: str) -> tuple[int, bool, str]:
    """(0 to 4, whether `check` takes it, what to say of it), for a meter beside the field."""
    try:
        check(password, *about)
    except WeakPasswordError as error:
        return min(_score(password, about), WEAKEST_SCORE - 1), False, str(error)
    score = _score(password, about)
    return score, True, "Strong." if score >= STRONG_SCORE else "Good enough. One more word makes it strong."


def _score(password: str, about: Sequence[str]) -> int:
    known = [*OURS, *about, *(part for words in about for part in words.replace("@", " ").replace(".", " ").split())]
    score: int = zxcvbn(password[:READ], user_inputs=known)["score"] if password else 0
    return score
