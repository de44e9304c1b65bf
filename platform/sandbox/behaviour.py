"""What the owner of a phone does when it rings, when nobody at the page decides."""

import asyncio

from sandbox.clock import Clock
from sandbox.handsets import Handset
from sandbox.leg import Input, Leg

LISTENS = 10.0  # seconds somebody waits for a prompt before just talking


async def converse(leg: Leg, handset: Handset, clock: Clock) -> None:
    """After answering: press 1 and talk, hang up at once, or play a greeting to nobody."""
    if handset.behaviour == "declines":
        await clock.sleep(1)
    elif handset.behaviour == "accepts":
        await _press_one(leg, clock)
        await clock.sleep(handset.talk)
    elif handset.behaviour == "voicemail":
        await clock.sleep(max(handset.talk, 1))


async def _press_one(leg: Leg, clock: Clock) -> None:
    """A person hears the prompt out before pressing; without a prompt they simply talk."""
    try:
        await asyncio.wait_for(leg.listening.wait(), clock.real(LISTENS) + 2)
    except TimeoutError:
        return
    await clock.sleep(1)
    leg.inputs.put_nowait(Input("key", "1"))
