"""The steps from sign-up to live. Each can be left and found again; what is there already counts as done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from billing import standings
from groundwork import clock
from groundwork.database import ScopedSession, new_id
from hallway.calls.models import Phone
from hallway.channels import Number
from hallway.registration.models import Registration
from hallway.setup.models import LineTest, Setup
from tenants.models import Tenant


@dataclass(frozen=True)
class Step:
    """One page of the set-up. `later` may be skipped without harm to the first missed call."""

    key: str
    title: str
    short: str
    later: bool = False


STEPS = (
    Step("business", "Your business", "Business"),
    Step("leaks", "Where leads leak", "Leaks"),
    Step("number", "Your Hallway number", "Number"),
    Step("phones", "Phones that ring", "Phones"),
    Step("proof", "Prove it with a real call", "Live proof"),
    Step("wording", "What callers read", "Wording", later=True),
    Step("registration", "Register with the carriers", "Registration", later=True),
    Step("plan", "Plan and payment", "Plan", later=True),
)
KEYS = tuple(step.key for step in STEPS)
BY_OUTCOME = ("plan",)  # nobody's word makes these done


@dataclass(frozen=True)
class Progress:
    """How far a business is: the steps in order with whether each is done, and the first that is not."""

    steps: tuple[tuple[Step, bool], ...]
    finished: bool

    @property
    def next(self) -> str | None:
        return next((step.key for step, done in self.steps if not done), None)

    @property
    def done(self) -> int:
        return sum(done for _, done in self.steps)


def begun(session: ScopedSession) -> Setup | None:
    """The row of a business that went through set-up or is in it; None for one that was set up otherwise."""
    return session.scalar(select(Setup))


def of(session: ScopedSession) -> Setup:
    """This business's row, made at first need; two at once make one."""
    row = {"tenant_id": session.tenant_id, "id": new_id(), "done": {}, "answers": {}}
    found = begun(session)
    if found is None:
        session.execute(insert(Setup).values(**row).on_conflict_do_nothing(index_elements=["tenant_id"]))
        found = session.scalars(select(Setup)).one()
    return found


def mark(session: ScopedSession, key: str) -> None:
    """A step is done, or knowingly left for later."""
    setup = of(session)
    setup.done = {**setup.done, key: clock.now().isoformat()}
    session.flush()


def progress(session: ScopedSession, tenant: Tenant) -> Progress:
    """Steps said to be done, and those whose outcome is there: an invited client starts in the middle."""
    setup = of(session)
    there = {key for key, look in THERE.items() if look(session, tenant)}
    said = there | (setup.done.keys() - set(BY_OUTCOME))
    steps = tuple((step, step.key in said) for step in STEPS)
    return Progress(steps, finished=setup.finished_at is not None)


def after(key: str) -> str | None:
    """The step behind this one; None behind the last."""
    place = KEYS.index(key) + 1
    return KEYS[place] if place < len(KEYS) else None


def before(key: str) -> str | None:
    place = KEYS.index(key)
    return KEYS[place - 1] if place else None


def finish(session: ScopedSession) -> None:
    """The done page was reached."""
    setup = of(session)
    setup.finished_at = setup.finished_at or clock.now()


def _number(session: ScopedSession, _tenant: Tenant) -> bool:
    return session.scalar(select(Number.id).where(Number.active).limit(1)) is not None


def _phones(session: ScopedSession, _tenant: Tenant) -> bool:
    return session.scalar(select(Phone.id).limit(1)) is not None


def _proved(session: ScopedSession, _tenant: Tenant) -> bool:
    return session.scalar(select(LineTest.id).where(LineTest.proved_at.is_not(None)).limit(1)) is not None


def _filed(session: ScopedSession, _tenant: Tenant) -> bool:
    return session.scalar(select(Registration.id).where(Registration.state != "draft").limit(1)) is not None


def _described(_session: ScopedSession, tenant: Tenant) -> bool:
    return bool(tenant.state and tenant.zip)


def _paid(_session: ScopedSession, tenant: Tenant) -> bool:
    """A plan runs, or somebody else looks after that."""
    return tenant.paid_by_agency or standings.of(tenant) in standings.RUNS - {"new"}


THERE: dict[str, Callable[[ScopedSession, Tenant], bool]] = {
    "business": _described,
    "number": _number,
    "phones": _phones,
    "proof": _proved,
    "registration": _filed,
    "plan": _paid,
}
