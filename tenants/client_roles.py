"""What a person of an agency's staff may do in one client: their role there, else the one they have in all."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func

from tenants.access_models import AgencyClientRole
from tenants.models import AgencyMember, Tenant

# None where they have no role at all: such a client is not theirs to see.
ROLE: ColumnElement[str] = func.coalesce(
    AgencyClientRole.role, case((AgencyMember.all_clients.is_(True), AgencyMember.role))
)
IN_THIS_CLIENT = and_(AgencyClientRole.tenant_id == Tenant.id, AgencyClientRole.user_id == AgencyMember.user_id)
