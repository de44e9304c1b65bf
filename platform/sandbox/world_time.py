"""What time it is in the demo world: the real one, turned forward as often as somebody asks. Never back.

The turns stand in a file that the world's other processes read too: a line per turn, the real time of the turn and the
seconds by which the world is ahead since then.
"""

import math
import time
from pathlib import Path

LONGEST = 400 * 86_400.0  # one turn; beyond it somebody mistyped
_turns: list[tuple[float, float]] = []
_file: list[Path] = []  # none, or one


def keep_in(path: Path | None) -> None:
    """Read the turns of earlier runs from `path` and write further ones to it; without one nothing can be turned."""
    _file[:], _turns[:] = [path] if path else [], []
    if path and path.exists():
        _turns.extend((float(since), float(ahead)) for since, ahead in map(str.split, path.read_text().splitlines()))


def now() -> float:
    """Seconds since the epoch in the world."""
    return _in_the_world(time.time())


def ago(seconds: float) -> float:
    """What the world's clock showed `seconds` of real time ago: a turn meanwhile makes nothing older."""
    return _in_the_world(time.time() - seconds)


def can_turn() -> bool:
    return bool(_file)


def ahead() -> float:
    """Seconds by which the world is ahead of the real time."""
    return _turns[-1][1] if _turns else 0.0


def turn(seconds: float) -> None:
    """Turn the world's clock forward. Raises ValueError in plain words for what cannot be done."""
    if not _file:
        raise ValueError("This clock cannot be turned: the sandbox was started without one (--clock FILE).")
    if not 0 < seconds <= LONGEST:
        raise ValueError("The clock turns forward only, and by no more than 400 days at once.")
    # Rounded up: turned to nine it is nine, not a moment before.
    _turns.append((time.time(), math.ceil((ahead() + seconds) * 1000) / 1000))
    lines = "".join(f"{since:.6f} {by:.3f}\n" for since, by in _turns)
    # Written beside and moved over: no reader ever sees half a file.
    draft = _file[0].with_suffix(".new")
    draft.write_text(lines)
    draft.replace(_file[0])


def _in_the_world(instant: float) -> float:
    return instant + next((ahead for since, ahead in reversed(_turns) if since <= instant), 0.0)
