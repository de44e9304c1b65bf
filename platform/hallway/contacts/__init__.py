"""People and the addresses they are reached at."""

from hallway.contacts.models import Contact, ContactPoint
from hallway.contacts.people import block, find, reach, reach_by, unblock

__all__ = ["Contact", "ContactPoint", "block", "find", "reach", "reach_by", "unblock"]
