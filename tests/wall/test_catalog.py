"""What the database itself says about the wall, read from its catalog."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from groundwork.config import Settings

Connection = psycopg.Connection[Any]

# Keys that must be unique over all tenants: routing, log-ins and the tenants themselves.
OVER_ALL_TENANTS = {"agency", "agency_member", "alembic_version", "carrier_account", "domain_route", "number_route"}
OVER_ALL_TENANTS |= {"tenant"}
OVER_ALL_TENANTS |= {"mail_inlet", "user_account", "user_session"}
OVER_ALL_TENANTS |= {"account_token", "recovery_code", "passkey", "external_login", "account_mail"}
OVER_ALL_TENANTS |= {"payer", "billing_event", "carrier_price"}
OVER_ALL_TENANTS |= {"agency_client_role", "playbook_piece", "playbook_push"}


@pytest.fixture
def catalog(settings: Settings, behind_the_wall: Connection) -> Connection:
    return behind_the_wall


def names(catalog: Connection, query: str) -> set[str]:
    return {row[0] for row in catalog.execute(query).fetchall()}


ALL_TABLES = "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"


def test_every_table_but_alembics_is_behind_forced_row_level_security(catalog: Connection) -> None:
    open_ = names(catalog, f"{ALL_TABLES} and not (relrowsecurity and relforcerowsecurity)")
    assert open_ == {"alembic_version"}


def test_every_table_with_tenants_rows_has_the_tenant_first_in_its_primary_key(catalog: Connection) -> None:
    owned = names(catalog, "select table_name from information_schema.columns where column_name = 'tenant_id'")
    keyed = names(
        catalog,
        "select conrelid::regclass::text from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid "
        "and a.attnum = c.conkey[1] where contype = 'p' and attname = 'tenant_id'",
    )
    assert owned - keyed <= OVER_ALL_TENANTS


def test_every_unique_key_of_tenants_rows_contains_the_tenant(catalog: Connection) -> None:
    loose = names(
        catalog,
        "select indrelid::regclass::text from pg_index i join pg_class t on t.oid = i.indrelid "
        "where indisunique and t.relnamespace = 'public'::regnamespace and not exists (select 1 from pg_attribute a "
        "where a.attrelid = i.indrelid and a.attnum = any(i.indkey) and a.attname = 'tenant_id')",
    )
    assert loose <= OVER_ALL_TENANTS


def test_no_foreign_key_between_tenants_rows_leaves_the_tenant_out(catalog: Connection) -> None:
    loose = catalog.execute(
        "select conname from pg_constraint c where contype = 'f' "
        "and exists (select 1 from pg_attribute a where a.attrelid = c.confrelid and a.attname = 'tenant_id') "
        "and not exists (select 1 from pg_attribute a where a.attrelid = c.conrelid and a.attnum = any(c.conkey) "
        "and a.attname = 'tenant_id')"
    ).fetchall()
    assert loose == []


def test_every_policy_that_reads_the_scope_treats_an_empty_scope_as_nobody(catalog: Connection) -> None:
    policies = catalog.execute(
        "select tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') from pg_policies"
    ).fetchall()
    careless = [row[:2] for row in policies if "current_setting" in row[2] and "NULLIF" not in row[2].upper()]
    assert policies
    assert careless == []


def test_only_the_system_login_has_a_policy_that_lets_everything_through(catalog: Connection) -> None:
    wide = catalog.execute("select distinct roles from pg_policies where qual = 'true'").fetchall()
    assert wide == [(["hallway_system"],)]


def test_an_agency_may_only_read(catalog: Connection) -> None:
    rights = names(
        catalog,
        "select distinct privilege_type from information_schema.role_table_grants where grantee = 'hallway_agency'",
    )
    assert rights == {"SELECT"}


def test_no_login_is_a_superuser_or_passes_the_wall_or_borrows_another(catalog: Connection) -> None:
    mighty = names(
        catalog,
        "select rolname from pg_roles where rolname like 'hallway%' and (rolsuper or rolbypassrls or rolreplication)",
    )
    borrowed = catalog.execute(
        "select m.rolname, r.rolname from pg_auth_members a join pg_roles m on m.oid = a.member "
        "join pg_roles r on r.oid = a.roleid where r.rolname like 'hallway%' "
        "and (a.inherit_option or a.set_option) and m.rolname in ('hallway_web', 'hallway_agency', 'hallway_system')"
    ).fetchall()
    assert mighty == set()
    assert borrowed == []


def test_the_search_is_the_only_function_that_reads_past_the_wall(catalog: Connection) -> None:
    definers = names(
        catalog,
        "select proname from pg_proc where prosecdef and pronamespace = 'public'::regnamespace",
    )
    assert definers == {"search_messages"}


def test_there_is_no_view_that_would_read_as_its_owner(catalog: Connection) -> None:
    assert names(catalog, "select viewname from pg_views where schemaname = 'public'") == set()


def test_whatever_belongs_to_a_conversation_is_as_private_as_it(catalog: Connection) -> None:
    """A new table with a `conversation_id` says `walls.private(table)`; mentions show who is named to them alone."""
    owned = names(catalog, "select table_name from information_schema.columns where column_name = 'conversation_id'")
    private = names(catalog, "select tablename from pg_policies where policyname = 'private_rows'")
    children = {"attachment", "mail", "voicemail", "call_leg", "lead_field"}
    people = {"contact", "contact_point", "contact_merge"}
    assert private == (owned | children | people | {"conversation"}) - {"mention"}


def test_ledgers_grant_no_change_to_anybody(catalog: Connection) -> None:
    rights = names(
        catalog,
        "select distinct privilege_type from information_schema.role_table_grants "
        "where table_name in ('consent_event', 'gate_decision', 'audit_event') and grantee like 'hallway_%' "
        "and grantee <> 'hallway_owner'",
    )
    assert rights == {"SELECT", "INSERT"}
