"""Plans and what they entitle to, how a business stands, and what it uses: segments, call minutes and numbers."""

from billing.rights import NotInPlanError, Permission, allows, require
from billing.standings import standing

__all__ = ["NotInPlanError", "Permission", "allows", "require", "standing"]
