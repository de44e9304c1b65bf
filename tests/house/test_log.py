"""What goes wrong is logged with its place, never with what people wrote or their numbers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import logging, sys
import structlog
from groundwork import log

log.configure(json=sys.argv[1] == "json")

def send(body, phone):
    return {}[body.upper() if phone else phone]

for logger in (structlog.get_logger("ours"), logging.getLogger("theirs")):
    try:
        send("my kitchen is flooding", "+15125550148")
    except KeyError as error:
        error.args = ("no such lane",)
        logger.exception("not sent")
structlog.get_logger("ours").warning("slipped in: +15125550148", caller="+15125550148")
"""


@pytest.mark.parametrize("form", ["json", "readable"])
def test_a_logged_failure_shows_its_place_but_no_words_and_no_numbers(form: str) -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    done = subprocess.run([sys.executable, "-c", PROGRAM, form], env=env, capture_output=True, text=True, check=True)
    assert done.stderr.count("not sent") == 2
    assert done.stderr.count("in send") == 2
    assert done.stderr.count("KeyError: 'no such lane'") == 2
    assert "flooding" not in done.stderr
    assert "5125550148" not in done.stderr
    assert "0148" in done.stderr
