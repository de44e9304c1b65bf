"""Texts and e-mails coming in: understood, answered where the law asks for it, and put before a person."""

from hallway.inbound.catching_up import arrange_to_catch_up, catch_up
from hallway.inbound.mail_news import receive_mail_news, unsubscribe
from hallway.inbound.mails import receive_mail
from hallway.inbound.media import fetch_media
from hallway.inbound.reviews import decide_review
from hallway.inbound.sorting import sort_mail
from hallway.inbound.stops import stop_by_staff
from hallway.inbound.texts import receive_status, receive_text

__all__ = [
    "arrange_to_catch_up",
    "catch_up",
    "decide_review",
    "fetch_media",
    "receive_mail",
    "receive_mail_news",
    "receive_status",
    "receive_text",
    "sort_mail",
    "stop_by_staff",
    "unsubscribe",
]
