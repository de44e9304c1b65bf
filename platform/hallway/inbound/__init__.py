"""Texts coming in: understood, answered where the law asks for it, and put before a person."""

from hallway.inbound.catching_up import arrange_to_catch_up, catch_up
from hallway.inbound.media import fetch_media
from hallway.inbound.reviews import decide_review
from hallway.inbound.texts import receive_status, receive_text

__all__ = ["arrange_to_catch_up", "catch_up", "decide_review", "fetch_media", "receive_status", "receive_text"]
