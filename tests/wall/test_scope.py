"""Sessions serve one tenant; forgetting to say which is an error, and another's rows do not exist."""

from __future__ import annotations

import threading
import uuid

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError

from groundwork import scope
from groundwork.database import ScopedSession, new_id, open_session
from groundwork.scope import CrossTenantWrite, NoTenantScope
from hallway.contacts import Contact, ContactPoint, reach
from hallway.conversations import open_for
from hallway.conversations.models import Conversation
from tests.wall.two_businesses import Two, two_businesses

pytestmark = pytest.mark.usefixtures("clean")


@pytest.fixture
def two() -> Two:
    return two_businesses()


def test_a_session_without_a_scope_refuses_to_read() -> None:
    with pytest.raises(NoTenantScope):
        ScopedSession().scalars(select(Contact)).all()


def test_a_new_thread_does_not_inherit_a_scope(two: Two) -> None:
    errors: list[BaseException] = []

    def read() -> None:
        try:
            ScopedSession().scalars(select(Contact)).all()
        except NoTenantScope as error:
            errors.append(error)

    with open_session(scope.tenant(two.alice)):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert len(errors) == 1


def test_each_business_sees_its_own_contacts_only(two: Two) -> None:
    for tenant_id, names in ((two.alice, {"Dana Kowalski"}), (two.charlie, {"Priya Natarajan"})):
        with open_session(scope.tenant(tenant_id)) as session:
            assert set(session.scalars(select(Contact.name))) == names
            assert session.scalar(select(func.count()).select_from(Contact)) == 1
            assert session.scalar(text("select count(*) from contact")) == 1


def test_another_tenants_row_cannot_be_fetched_by_its_id(two: Two) -> None:
    with open_session(scope.tenant(two.alice)) as session:
        assert session.get(Contact, (two.charlie, two.priya)) is None
        assert session.scalar(select(Contact).where(Contact.id == two.priya)) is None


def test_a_write_for_another_tenant_stops_before_the_database(two: Two) -> None:
    with pytest.raises(CrossTenantWrite), open_session(scope.tenant(two.alice)) as session:
        session.add(Contact(tenant_id=two.charlie, id=new_id(), name="Planted", language="en"))


def test_a_raw_write_for_another_tenant_is_refused_by_the_database(two: Two) -> None:
    row = {"t": two.charlie, "i": new_id()}
    with pytest.raises(ProgrammingError, match="row-level security"), open_session(scope.tenant(two.alice)) as session:
        session.execute(text("insert into contact (tenant_id, id, language) values (:t, :i, 'en')"), row)


def test_a_raw_update_or_delete_of_anothers_rows_touches_nothing(two: Two) -> None:
    with open_session(scope.tenant(two.alice)) as session:
        for statement in ("update contact set name = 'x'", "delete from contact"):
            touched = session.execute(text(f"{statement} where tenant_id = :t returning id"), {"t": two.charlie})
            assert touched.all() == []
        session.execute(update(Contact).values(name="Mine"))
    with open_session(scope.tenant(two.charlie)) as session:
        assert session.scalars(select(Contact.name)).all() == ["Priya Natarajan"]


def test_a_reference_to_anothers_row_cannot_exist(two: Two) -> None:
    with pytest.raises(IntegrityError, match="fk_"), open_session(scope.tenant(two.alice)) as session:
        point = ContactPoint(contact_id=two.priya, kind="phone", value="+15125550199")
        session.add(point)


def test_both_businesses_may_know_the_same_caller(two: Two) -> None:
    for tenant_id in (two.alice, two.charlie):
        with open_session(scope.tenant(tenant_id)) as session:
            open_for(session, reach(session, "+15125550177"), "call")
            assert session.scalar(select(func.count(Conversation.id))) == 2


def test_an_emptied_scope_sees_nothing_and_writes_nothing(two: Two) -> None:
    with open_session(scope.tenant(two.alice)) as session:
        session.execute(text("select set_config('app.tenant_id', '', true)"))
        assert session.scalar(text("select count(*) from contact")) == 0
    with pytest.raises(ProgrammingError), open_session(scope.tenant(two.alice)) as session:
        session.execute(text("select set_config('app.tenant_id', '', true)"))
        session.execute(
            text("insert into contact (tenant_id, id, language) values (:t, uuidv7(), 'en')"), {"t": two.alice}
        )


def test_nothing_of_a_scope_stays_on_a_pooled_connection(two: Two) -> None:
    for tenant_id in (two.alice, two.charlie, two.alice):
        with open_session(scope.tenant(tenant_id)) as session:
            session.scalars(select(Contact)).all()
    with open_session(scope.tenant(uuid.uuid4())) as session:
        assert session.scalars(select(Contact)).all() == []


def test_the_web_login_cannot_become_another_login(two: Two) -> None:
    for role in ("hallway_system", "hallway_owner"):
        with pytest.raises(DBAPIError, match="permission denied"), open_session(scope.tenant(two.alice)) as session:
            session.execute(text(f"set local role {role}"))


def test_the_web_login_cannot_read_accounts_routes_or_secrets(two: Two) -> None:
    for table in ("user_account", "user_session", "number_route", "carrier_account", "agency"):
        with pytest.raises(DBAPIError, match="permission denied"), open_session(scope.tenant(two.alice)) as session:
            session.execute(text(f"select * from {table}"))


def test_an_agency_reads_its_clients_and_nobody_else(two: Two) -> None:
    with open_session(scope.agency(two.northstar)) as session:
        assert session.scalars(select(Contact.name)).all() == ["Dana Kowalski"]
    with pytest.raises(DBAPIError, match="permission denied"), open_session(scope.agency(two.northstar)) as session:
        session.execute(text("update contact set name = 'x'"))


def test_search_meets_only_the_tenants_own_words(two: Two) -> None:
    for tenant_id, hits in ((two.alice, 1), (two.charlie, 0)):
        with open_session(scope.tenant(tenant_id)) as session:
            found = session.execute(text("select * from search_messages('water heater', 10)")).all()
            assert len(found) == hits


@pytest.mark.parametrize("words", ["", "the", "%", "and or the", "!!"])
def test_words_that_say_nothing_find_nothing(two: Two, words: str) -> None:
    with open_session(scope.tenant(two.alice)) as session:
        assert session.execute(text("select * from search_messages(:words, 10)"), {"words": words}).all() == []


def test_consent_once_written_cannot_be_changed_or_removed(two: Two) -> None:
    for statement in ("update consent_event set action = 'granted'", "delete from consent_event"):
        with (
            pytest.raises(DBAPIError, match=r"permission denied|append-only"),
            open_session(scope.tenant(two.alice)) as session,
        ):
            session.execute(text(statement))
