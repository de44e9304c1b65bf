"""Engines, the declarative base, and sessions that serve one scope for their whole life."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

import uuid_utils.compat
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CursorResult,
    DateTime,
    Engine,
    ForeignKeyConstraint,
    MetaData,
    Text,
    Uuid,
    create_engine,
    event,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    SessionTransaction,
    mapped_column,
    with_loader_criteria,
)
from sqlalchemy.sql.base import ExecutableOption

from groundwork import clock, config
from groundwork.scope import CrossTenantWrite, NoTenantScope, Scope

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
Json = dict[str, Any]


def new_id() -> uuid.UUID:
    """A UUIDv7: unique everywhere and ordered by the time it was made."""
    return uuid_utils.compat.uuid7()


class Base(DeclarativeBase):
    """All tables. Times are aware, strings are text, dictionaries are jsonb."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: DateTime(timezone=True),
        uuid.UUID: Uuid(),
        str: Text(),
        Json: JSONB(),
        list[Any]: JSONB(),
    }


class TenantOwned:
    """A row that belongs to one tenant: primary key (tenant_id, id), kept apart by row level security."""

    tenant_id: Mapped[uuid.UUID] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-19)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, server_default=func.now(), sort_order=-18)


def belongs_to(table: str, column: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """A foreign key to another row of the same tenant; a reference across tenants cannot exist."""
    return ForeignKeyConstraint(["tenant_id", column], [f"{table}.tenant_id", f"{table}.id"], ondelete=ondelete)


_engines: dict[str, Engine] = {}


def engine(login: str) -> Engine:
    """The pool of one login (`web`, `agency`, `system`), made at first use."""
    if login not in _engines:
        _engines[login] = _make_engine(config.settings().login_urls[login], login)
    return _engines[login]


def _make_engine(url: str, login: str) -> Engine:
    limits = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
    return create_engine(
        url,
        pool_size=16,
        max_overflow=8,
        pool_timeout=5,
        pool_pre_ping=False,
        pool_recycle=1800,
        hide_parameters=True,  # an error may carry what a customer wrote; logs must not
        connect_args={"options": limits, "application_name": f"hallway {login}", "connect_timeout": 5},
    )


def dispose(*, close: bool = True) -> None:
    """Drop every pool: at exit, and in a forked child (close=False leaves the parent's sockets alone)."""
    for pool in _engines.values():
        pool.dispose(close=close)
    _engines.clear()


class ScopedSession(Session):
    """A session that serves one scope for its whole life; without a scope it refuses to work."""

    def __init__(self, db: object = None, scope: Scope | None = None, **options: Any) -> None:  # noqa: ARG002
        self.scope = scope
        self._after_commit: dict[object, Callable[[], object]] = {}
        self.gathered: Json = {}  # what deeds after the commit will need; forgotten when the transaction ends
        super().__init__(expire_on_commit=False, **{k: v for k, v in options.items() if k != "expire_on_commit"})

    @property
    def tenant_id(self) -> uuid.UUID:
        """The tenant this session serves. Raises NoTenantScope in any other scope."""
        if self.scope is None or self.scope.tenant_id is None:
            raise NoTenantScope("This work belongs to one tenant, and no tenant was named.")
        return self.scope.tenant_id

    def get_bind(self, *_args: Any, **_options: Any) -> Engine:
        if self.scope is None:
            raise NoTenantScope("Say whose rows this session may touch before using it.")
        return engine(self.scope.login)

    def run(self, statement: str, values: Mapping[str, object]) -> CursorResult[Any]:
        """Execute a statement written out in the driver's own words (`%(name)s`), for where somebody waits.

        It goes past the mapper and the compiler, which cost as much as asking; row level security alone narrows it.
        """
        if self.autoflush:
            self.flush()
        return self.connection().exec_driver_sql(statement, dict(values))

    def after_commit(self, deed: Callable[[], object], once: object = None, *, first: bool = False) -> None:
        """Run `deed` once this session's work is committed; never after a rollback. Deeds of one `once` run once.

        `first` goes before those that can wait.
        """
        known, key = self._after_commit, once or deed
        if key not in known:
            self._after_commit = {key: deed, **known} if first else {**known, key: deed}

    @cached_property
    def only_ours(self) -> ExecutableOption:
        """Narrows every query of the mapper to this session's tenant, on top of row level security."""
        tenant_id = self.tenant_id
        return with_loader_criteria(
            TenantOwned, lambda cls: cls.tenant_id == tenant_id, include_aliases=True, propagate_to_loaders=False
        )


# The setting by which row level security knows whose transaction it is, by login; in the driver's own words, for every
# transaction begins with it.
NAME_SCOPE = {
    "web": "select set_config('app.tenant_id', %(id)s, true)",
    "agency": "select set_config('app.agency_id', %(id)s, true)",
}
NAME_VIEWER = "select set_config('app.viewer', %(id)s, true)"
# An execution option of statements in the hot path that name the tenant themselves: narrowing costs as much as asking.
NAMES_TENANT = {"names_tenant": True}


def apply_scope(connection: Connection, scope: Scope) -> None:
    """Name the tenant or agency for the transaction that just began."""
    statement = NAME_SCOPE.get(scope.login)
    if statement is not None:
        connection.exec_driver_sql(statement, {"id": str(scope.id or "")})
    if scope.viewer is not None:
        connection.exec_driver_sql(NAME_VIEWER, {"id": str(scope.viewer)})


@event.listens_for(ScopedSession, "after_begin")
def _name_scope(session: ScopedSession, _transaction: SessionTransaction, connection: Connection) -> None:
    if session.scope is not None:
        apply_scope(connection, session.scope)


@event.listens_for(ScopedSession, "do_orm_execute")
def _narrow_to_tenant(state: ORMExecuteState) -> None:
    session = state.session
    if not isinstance(session, ScopedSession) or session.scope is None or session.scope.tenant_id is None:
        return
    if state.execution_options.get("names_tenant"):
        return
    owned = any(issubclass(mapper.class_, TenantOwned) for mapper in state.all_mappers)
    if owned and not state.is_column_load and not state.is_relationship_load:
        state.statement = state.statement.options(session.only_ours)


@event.listens_for(ScopedSession, "before_flush")
def _own_new_rows(session: ScopedSession, _context: object, _instances: object) -> None:
    tenant_id = session.scope.tenant_id if session.scope else None
    if tenant_id is None:
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantOwned):
            continue
        if row.tenant_id is None:
            row.tenant_id = tenant_id
        elif row.tenant_id != tenant_id:
            raise CrossTenantWrite(f"A {type(row).__name__} of another tenant was about to be written.")


@event.listens_for(ScopedSession, "before_flush", insert=True)
def _let_viewer_write(session: ScopedSession, _context: object, _instances: object) -> None:
    """What a viewer changes they could see, and may hand to others: the row it leaves need not be theirs to see."""
    if session.scope and session.scope.viewer:
        session.connection().exec_driver_sql(NAME_VIEWER, {"id": ""})


@event.listens_for(ScopedSession, "after_flush")
def _narrow_viewer_again(session: ScopedSession, _context: object) -> None:
    if session.scope and session.scope.viewer:
        session.connection().exec_driver_sql(NAME_VIEWER, {"id": str(session.scope.viewer)})


@event.listens_for(ScopedSession, "after_commit")
def _run_deeds(session: ScopedSession) -> None:
    deeds, session._after_commit, session.gathered = session._after_commit, {}, {}
    for deed in deeds.values():
        deed()


@event.listens_for(ScopedSession, "after_rollback")
def _forget_deeds(session: ScopedSession) -> None:
    session._after_commit, session.gathered = {}, {}


@contextmanager
def open_session(scope: Scope) -> Iterator[ScopedSession]:
    """A session for one scope: commits at the end, rolls back on an error, always closes."""
    session = ScopedSession(scope=scope)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


class WebDatabase(SQLAlchemy):
    """Flask-SQLAlchemy on our pools: one session per request, opened by the page guard with its scope."""

    def _make_engine(self, bind_key: str | None, options: Json, app: Any) -> Engine:  # noqa: ARG002
        return engine("web")


db = WebDatabase(metadata=Base.metadata, session_options={"class_": ScopedSession})
