"""`hallway mail-in` as a process of its own."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.mail.conftest import MAIL

LONGEST_START = 60.0


@contextmanager
def running_door(port: int) -> Iterator[int]:
    """It listens on `port` of 127.0.0.1 while the with block lasts."""
    env = {**os.environ, "MAIL_IN_BIND": f"127.0.0.1:{port}", **MAIL}
    process = subprocess.Popen([sys.executable, "-m", "workers.cli", "mail-in"], env=env)
    try:
        until = time.monotonic() + LONGEST_START
        while process.poll() is None and time.monotonic() < until:
            try:
                smtplib.SMTP("127.0.0.1", port, timeout=1).quit()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)
