"""Two businesses, their pages, and the carrier's door to the first."""

from tests.calls.conftest import client, door, workday
from tests.ui.conftest import alice, app, bob, charlie, nora, world

__all__ = ["alice", "app", "bob", "charlie", "client", "door", "nora", "workday", "world"]
