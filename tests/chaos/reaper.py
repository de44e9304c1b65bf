"""SIGKILL for a random part every few seconds (`pause`, from and to), and a new start for it a moment later."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from types import TracebackType

from tests.chaos.house import House


class Reaper:
    """Kills while the block runs; everything is up again when it ends."""

    def __init__(self, house: House, chance: random.Random, pause: tuple[float, float] = (0.3, 2.5)) -> None:
        self.house, self.chance, self.pause = house, chance, pause
        self.killed: Counter[str] = Counter()
        self.error: Exception | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._reap, name="reaper")

    def __enter__(self) -> Reaper:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        if self.error:
            raise RuntimeError("A part could not be brought back.") from self.error

    def _reap(self) -> None:
        try:
            self._go_on()
        except Exception as error:  # noqa: BLE001 - told when the block ends
            self.error = error

    def _go_on(self) -> None:
        while not self._over.wait(self.chance.uniform(*self.pause)):
            part = self.chance.choice(self.house.parts)
            part.kill()
            self.killed[part.name] += 1
            time.sleep(self.chance.uniform(0, 1.5))
            part.start()
