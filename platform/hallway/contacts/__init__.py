"""People and the addresses they are reached at."""

from hallway.contacts.models import Contact, ContactMerge, ContactPoint
from hallway.contacts.people import HiddenPersonError, block, find, may_see, now_in, reach, reach_by, unblock

__all__ = ["Contact", "ContactMerge", "ContactPoint", "HiddenPersonError", "block", "find", "now_in", "reach"]
__all__ += ["may_see", "reach_by", "unblock"]
