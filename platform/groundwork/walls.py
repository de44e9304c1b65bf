"""Row level security: the statements that put a table behind the wall between tenants."""

from __future__ import annotations

TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
AGENCY = "(SELECT nullif(current_setting('app.agency_id', true), '')::uuid)"
AGENCY_TENANTS = f"ARRAY(SELECT t.id FROM tenant t WHERE t.agency_id = {AGENCY})"


def enclose(table: str, *, column: str = "tenant_id", web: str = "SELECT, INSERT, UPDATE, DELETE") -> list[str]:
    """Statements that let the web login reach one tenant's rows of `table`, an agency its clients', the system all.

    `web` is what the web login may do at all: an append-only ledger grants SELECT and INSERT alone.
    """
    mine = f"{column} = {TENANT}"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant_isolation ON {table} TO hallway_web USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY agency_read ON {table} FOR SELECT TO hallway_agency USING ({column} = ANY ({AGENCY_TENANTS}))",
        f"CREATE POLICY system_access ON {table} TO hallway_system USING (true) WITH CHECK (true)",
        f"GRANT {web} ON {table} TO hallway_web",
        f"GRANT SELECT ON {table} TO hallway_agency",
        f"GRANT {web} ON {table} TO hallway_system",
    ]


def system_only(table: str) -> list[str]:
    """Statements for a table that only the installation itself reads: accounts, log-ins, routing."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY system_access ON {table} TO hallway_system USING (true) WITH CHECK (true)",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO hallway_system",
    ]


def append_only(table: str) -> list[str]:
    """Statements that refuse every change of a stored row, to every login, the owner included."""
    refuse = "EXECUTE FUNCTION refuse_change()"
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}",
    ]
