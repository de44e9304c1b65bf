"""The business's account with us: what follows when its plan changes, and what it uses."""

from hallway.account.caps import set_cap
from hallway.account.following import follow, follow_changes
from hallway.account.number_cost import number_cost
from hallway.account.using import watch

__all__ = ["follow", "follow_changes", "number_cost", "set_cap", "watch"]
