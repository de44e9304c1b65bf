"""Lists and exports at the pages' doors, with the workers of the bulk queue at hand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.ui.conftest import alice, app, bob, charlie, limits_begin_anew, nora, world
from workers import jobs

__all__ = ["alice", "app", "bob", "charlie", "limits_begin_anew", "nora", "world"]
Work = Callable[[UUID], None]


@pytest.fixture
def work() -> Work:
    """Let workers do all there is to do in the background for one business, turn by turn."""

    def until_done(tenant_id: UUID) -> None:
        for _ in range(12):
            jobs.answer(str(tenant_id), "timers:bulk")

    return until_done
