"""Find the Chromium that tests and screenshots drive; install Debian's when that is possible."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The browser's program: CHROMIUM from the environment, or the system's. None when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    return next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Fetch Debian's chromium as root; elsewhere say what is missing, and fail only under CI."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("browser: none found, installing chromium", flush=True)
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], check=False, env=env, stdout=subprocess.DEVNULL)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
        subprocess.run(command, check=False, env=env, stdout=subprocess.DEVNULL)
    if not find():
        say_missing()


def say_missing() -> None:
    words = "No Chromium was found. Install chromium or google-chrome, or name the program in CHROMIUM."
    if os.environ.get("CI"):
        sys.exit(f"browser: {words}")
    print(f"browser: {words} The tests in a browser will be SKIPPED.", file=sys.stderr)


if __name__ == "__main__":
    if not find():
        install()
