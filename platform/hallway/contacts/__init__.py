"""People and the addresses they are reached at."""

from hallway.contacts.models import Contact, ContactMerge, ContactPoint
from hallway.contacts.people import block, find, now_in, reach, reach_by, unblock

__all__ = ["Contact", "ContactMerge", "ContactPoint", "block", "find", "now_in", "reach", "reach_by", "unblock"]
