"""Lists of customers taken in from files, and everything of a business handed out as one."""

from hallway.lists.everything import DROP, EXPORT, drop, write_on
from hallway.lists.models import CustomerList, TenantExport
from hallway.lists.running import FORGET, RUN, forget, run
from hallway.lists.undoing import UNDO
from hallway.lists.undoing import run as take_back

__all__ = [
    "DROP",
    "EXPORT",
    "FORGET",
    "RUN",
    "UNDO",
    "CustomerList",
    "TenantExport",
    "drop",
    "forget",
    "run",
    "take_back",
    "write_on",
]
