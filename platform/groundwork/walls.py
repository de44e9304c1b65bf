"""Row level security: the statements that put a table behind the wall between tenants."""

from __future__ import annotations

TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"
AGENCY = "(SELECT nullif(current_setting('app.agency_id', true), '')::uuid)"
AGENCY_TENANTS = f"ARRAY(SELECT t.id FROM tenant t WHERE t.agency_id = {AGENCY})"

# Who looks, where members of a business see only their own conversations; empty for everybody else and all workers.
VIEWER = "nullif(current_setting('app.viewer', true), '')"
# Whether a viewer may see it is asked in functions: written out in a policy, it would be planned with every statement
# of everybody, a hang-up's among them.
OWN_CONVERSATION = f"""
CREATE FUNCTION see_own_conversation(owner uuid, talk uuid) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE me uuid := {VIEWER}; tenant uuid := {TENANT};
BEGIN
  RETURN owner IS NULL OR owner = me OR EXISTS (SELECT FROM public.team_member mate JOIN public.team_member own
      ON own.tenant_id = mate.tenant_id AND own.team_id = mate.team_id
      WHERE own.tenant_id = tenant AND own.member_id = me AND mate.member_id = owner)
    OR EXISTS (SELECT FROM public.mention n
      WHERE n.tenant_id = tenant AND n.member_id = me AND n.conversation_id = talk);
END $$"""
# Whose conversation it is has to be read past the viewer: for them, hidden and none would be the same.
TALK_WITH = f"""
CREATE FUNCTION talk_with(one uuid, OUT talk uuid, OUT owner uuid) STABLE LANGUAGE plpgsql AS $$
DECLARE viewer text := current_setting('app.viewer', true);
BEGIN
  PERFORM set_config('app.viewer', '', true);
  SELECT p.id, p.assigned_to INTO talk, owner FROM public.conversation p
    WHERE p.tenant_id = {TENANT} AND p.contact_id = one;
  PERFORM set_config('app.viewer', coalesce(viewer, ''), true);
END $$"""
SEE_CONTACT = """
CREATE FUNCTION see_contact(one uuid) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE theirs record;
BEGIN
  SELECT t.talk, t.owner INTO theirs FROM public.talk_with(one) t;
  RETURN theirs.talk IS NULL OR public.see_own_conversation(theirs.owner, theirs.talk);
END $$"""
# An address is asked for by itself where no person is named: in the file of a phone.
SEE_ADDRESS = f"""
CREATE FUNCTION see_address(address text) RETURNS boolean STABLE LANGUAGE plpgsql AS $$
DECLARE viewer text := current_setting('app.viewer', true); people uuid[];
BEGIN
  PERFORM set_config('app.viewer', '', true);
  people := ARRAY(SELECT p.contact_id FROM public.contact_point p WHERE p.tenant_id = {TENANT} AND p.value = address);
  PERFORM set_config('app.viewer', coalesce(viewer, ''), true);
  RETURN coalesce(viewer, '') = '' OR NOT EXISTS (SELECT FROM unnest(people) one WHERE NOT public.see_contact(one));
END $$"""
PEOPLE = (("contact", "id"), ("contact_point", "contact_id"), ("contact_merge", "kept_id"))
PARENTS = ("conversation", "message", "call", "lead")


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


def sight() -> list[str]:
    """Statements that make the functions by which policies ask whether a viewer may see a row or its parent."""
    return [OWN_CONVERSATION, *map(_sight_of, PARENTS)]


def _sight_of(parent: str) -> str:
    # Who asks is the viewer, so the wall stands inside as well.
    there = f"SELECT FROM public.{parent} p WHERE p.tenant_id = {TENANT} AND p.id = one"
    return (
        f"CREATE FUNCTION see_{parent}(one uuid) RETURNS boolean STABLE LANGUAGE plpgsql AS "
        f"$$ BEGIN RETURN EXISTS ({there}); END $$"
    )


def private_conversations() -> list[str]:
    """Statements that show a viewer the conversations of nobody, of their teams and of themselves, and where they are
    named; without a viewer they change nothing.

    A viewer may hand on what they see: PostgreSQL asks of the row an UPDATE leaves too, so the session steps back while
    it writes (`database.ScopedSession`).
    """
    return [_private("conversation", f"{VIEWER} IS NULL OR see_own_conversation(assigned_to, id)")]


def private_people() -> list[str]:
    """Statements that hide from a viewer whoever talks with somebody else; a person without a conversation they see."""
    return [TALK_WITH, SEE_CONTACT, SEE_ADDRESS, *(private(table, column, "contact")[0] for table, column in PEOPLE)]


def private(table: str, column: str = "conversation_id", parent: str = "conversation") -> list[str]:
    """Statements that show a viewer the rows of `table` whose parent they may see, or that have none."""
    return [_private(table, f"{VIEWER} IS NULL OR {column} IS NULL OR see_{parent}({column})")]


def _private(table: str, seen: str) -> str:
    return f"CREATE POLICY private_rows ON {table} AS RESTRICTIVE TO hallway_web USING ({seen}) WITH CHECK (true)"
