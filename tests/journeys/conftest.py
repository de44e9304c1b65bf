"""One installation for the stories of a file; each story has a business of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from groundwork import config
from groundwork.config import Settings
from groundwork.embedded import Redis
from tests.carrier import running_carrier
from tests.journeys.installation import Installation, Story, as_ours, begin


@pytest.fixture(scope="module")
def installation(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    with running_carrier(folder) as carrier:
        house = Installation(folder, carrier, Redis(folder / "redis", throwaway=True))
        try:
            house.open()
            yield house
        finally:
            house.close()


@pytest.fixture
def story(installation: Installation, clean: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Story]:
    """The beginning of a story: nobody has called yet."""
    installation.carrier.clear_faults()
    installation.mend()
    for name, value in as_ours(installation).items():
        monkeypatch.setitem(os.environ, name, value)
    config.settings.cache_clear()
    yield begin(installation)
    config.settings.cache_clear()
