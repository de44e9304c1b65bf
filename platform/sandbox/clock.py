"""Seconds as they pass inside calls; a scale below one makes them shorter than real ones."""

import asyncio
import re


class Clock:
    def __init__(self, scale: float) -> None:
        self.scale = scale

    def real(self, seconds: float) -> float:
        return seconds * self.scale

    def felt(self, real_seconds: float) -> float:
        return real_seconds / self.scale

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(self.real(seconds))


def speech_seconds(text: str) -> float:
    """How long it takes to say this at about 165 words a minute."""
    return max(0.8, len(re.findall(r"\S+", text)) / 2.75)
