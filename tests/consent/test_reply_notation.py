"""How the lines of wording are read."""

import pytest

from hallway.rulebook.reply_notation import Notation


@pytest.fixture(scope="module")
def notation() -> Notation:
    made = Notation("leak~ roof")
    made.define("HARD", "and if")
    made.define("TAG", "please [right now]")
    made.define("ME", "me us [my/our number]")
    return made


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("stop/quit texting", "please quit texting me"),
        ("text~", "texting"),
        ("stop texting ME", "stop texting my number"),
        ("stop now? texting", "stop texting"),
        ("[stop/quit it / knock it off] .", "knock it off please right now"),
        ("stop ..2 texting", "stop all that texting"),
        ("stop ~2 texting", "stop all that texting"),
        ("^ stop $", "no | stop , thanks"),
        ("-not stop", "do stop"),
        ("stop !by", "stop now"),
        ("stop ..8 roof", "stop the work on the roof"),
        ("stop -- WORK", "stop it"),
        (
            """
         stop
             now
         """,
            "stop now",
        ),
    ],
)
def test_a_wording_catches(notation: Notation, wording: str, said: str) -> None:
    assert notation.pattern(wording).search(notation.marked(said))


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        ("stop/quit texting", "stopped texting"),
        ("stop", "nonstop"),
        ("stop texting ME", "stop texting him"),
        ("stop ..1 texting", "stop all that texting"),
        ("stop ~2 texting", "stop leaks texting"),
        ("stop ~2 texting", "stop and texting"),
        ("^ stop $", "stop now"),
        ("-not stop", "do not stop"),
        ("stop !by", "stop by"),
        ("^^ stop $$", "no | stop"),
        ("stop -- WORK", "stop it | the roof is fine"),
    ],
)
def test_a_wording_lets_pass(notation: Notation, wording: str, said: str) -> None:
    assert not notation.pattern(wording).search(notation.marked(said))


def test_rules_are_read_by_their_indentation(notation: Notation) -> None:
    first, second = notation.rules(
        """
        one.first
            stop it
            quit
                it
        one.second
            go away
        """
    )
    assert (first.id, second.id) == ("one.first", "one.second")
    assert first.pattern.search(" quit it")
    assert second.pattern.search(" go away")


def test_an_unknown_class_is_an_error(notation: Notation) -> None:
    with pytest.raises(KeyError):
        notation.pattern("stop NOBODY")
