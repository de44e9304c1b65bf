"""Gunicorn's settings for `hallway web`, loaded with `-c python:workers.serving`."""

from __future__ import annotations

import os
from typing import Any

from prometheus_client import multiprocess

worker_class = "asgi"
graceful_timeout = 5  # seconds that a stop waits for open event streams; gunicorn's own thirty are too long
control_socket_disable = True  # it would be one per user, not one per installation


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that ended no longer counts in what /metrics shows of living processes."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]
