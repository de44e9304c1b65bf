"""Tells open pages that something changed, so that they look again."""

import asyncio
import json


class Feed:
    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[str]] = set()

    def listen(self) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=200)
        self._listeners.add(queue)
        return queue

    def leave(self, queue: asyncio.Queue[str]) -> None:
        self._listeners.discard(queue)

    def publish(self, kind: str, *numbers: str) -> None:
        """Name what changed and whose phones it concerns; a listener that cannot keep up just misses nudges."""
        if not self._listeners:
            return
        line = json.dumps({"kind": kind, "numbers": numbers})
        for queue in self._listeners:
            if not queue.full():
                queue.put_nowait(line)
