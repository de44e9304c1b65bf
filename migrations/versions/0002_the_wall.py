"""The wall between tenants: row level security, least rights, append-only ledgers, and the one search function."""

from __future__ import annotations

from alembic import op

from groundwork import walls

revision = "0002"
down_revision = "0001"

TENANT_TABLES = (
    "alarm",
    "attachment",
    "call",
    "call_leg",
    "contact",
    "contact_point",
    "conversation",
    "inbound_event",
    "lead",
    "lead_field",
    "member",
    "message",
    "number",
    "phone",
    "suppression",
    "task",
    "text_back_claim",
    "timer",
    "usage_event",
    "voicemail",
    "wording",
)
LEDGERS = ("audit_event", "consent_event", "gate_decision")
SYSTEM_TABLES = ("agency", "agency_member", "carrier_account", "number_route", "user_account", "user_session")

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: a stored row is never changed', TG_TABLE_NAME USING ERRCODE = '42501';
END $$
"""

# Each row carries the hash of the one before it, so that a row taken out or changed at the disk shows.
CHAIN_CONSENT = """
CREATE FUNCTION chain_consent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('consent ' || NEW.tenant_id::text, 0));
  SELECT seq, hash INTO last FROM consent_event WHERE tenant_id = NEW.tenant_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.prev_hash := coalesce(last.hash, '');
  NEW.wording_sha256 := CASE WHEN NEW.wording IS NULL THEN NULL
    ELSE encode(sha256(convert_to(NEW.wording, 'UTF8')), 'hex') END;
  NEW.hash := encode(sha256(convert_to(concat_ws('|', NEW.prev_hash, NEW.seq::text, NEW.tenant_id::text,
    NEW.address, NEW.channel, NEW.purpose, NEW.action, NEW.method, coalesce(NEW.wording_sha256, ''),
    (extract(epoch FROM NEW.occurred_at) * 1000000)::bigint::text, NEW.source::text), 'UTF8')), 'hex');
  RETURN NEW;
END $$
"""

# Full-text operators are not leakproof, so under row level security they would lose their index. This function reads as
# the system and holds the tenant predicate itself; the tenant also stands in the index as a word of its own.
# Words that all fall away ("the", "%") would leave the tenant's word alone, which every message has.
SEARCH = f"""
CREATE FUNCTION search_messages(words text, most integer)
RETURNS TABLE (message_id uuid, conversation_id uuid, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT m.id, m.conversation_id, m.at FROM public.message m
  WHERE m.tenant_id = {walls.TENANT}
    AND numnode(websearch_to_tsquery('english', words)) > 0
    AND m.search @@ (array_to_string(ARRAY['''tenant:' || {walls.TENANT}::text || ''''], '')::tsquery
                     && websearch_to_tsquery('english', words))
  ORDER BY m.at DESC LIMIT least(most, 200)
$$
"""


def upgrade() -> None:
    for statement in _statements():
        op.execute(statement)


def _statements() -> list[str]:
    statements = ["GRANT USAGE ON SCHEMA public TO hallway_web, hallway_agency, hallway_system"]
    statements += [REFUSE_CHANGE, CHAIN_CONSENT]
    statements += _tenant_itself()
    for table in TENANT_TABLES:
        statements += walls.enclose(table)
    for table in LEDGERS:
        statements += walls.enclose(table, web="SELECT, INSERT") + walls.append_only(table)
    for table in SYSTEM_TABLES:
        statements += walls.system_only(table)
    statements.append(
        "CREATE TRIGGER consent_event_chain BEFORE INSERT ON consent_event "
        "FOR EACH ROW EXECUTE FUNCTION chain_consent()"
    )
    return statements + _search()


def _tenant_itself() -> list[str]:
    mine, theirs = f"id = {walls.TENANT}", f"agency_id = {walls.AGENCY}"
    return [
        "ALTER TABLE tenant ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE tenant FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant_isolation ON tenant TO hallway_web USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY agency_read ON tenant FOR SELECT TO hallway_agency USING ({theirs})",
        "CREATE POLICY system_access ON tenant TO hallway_system USING (true) WITH CHECK (true)",
        "GRANT SELECT, UPDATE ON tenant TO hallway_web",
        "GRANT SELECT ON tenant TO hallway_agency",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON tenant TO hallway_system",
    ]


def _search() -> list[str]:
    signature = "search_messages(text, integer)"
    return [
        SEARCH,
        f"REVOKE ALL ON FUNCTION {signature} FROM public",
        # The function has to read past the wall, so it belongs to the system login; the migration login
        # borrows the right to hand it over and gives it back.
        "GRANT hallway_system TO CURRENT_USER WITH SET TRUE, INHERIT FALSE",
        "GRANT CREATE ON SCHEMA public TO hallway_system",
        f"ALTER FUNCTION {signature} OWNER TO hallway_system",
        "REVOKE CREATE ON SCHEMA public FROM hallway_system",
        "SET LOCAL ROLE hallway_system",
        f"GRANT EXECUTE ON FUNCTION {signature} TO hallway_web",
        "RESET ROLE",
        "REVOKE hallway_system FROM CURRENT_USER",
    ]


def downgrade() -> None:
    raise RuntimeError("The wall is never taken down. Restore a backup instead.")
