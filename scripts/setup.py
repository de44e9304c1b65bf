"""Make the environment in .venv and the pages' assets; a second run finds everything in place."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "hallway-setup.json"
UV = "uv>=0.9,<1"
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="with the tools for tests and checks")
    dev = parser.parse_args().dev
    os.chdir(ROOT)
    try:
        make_environment()
        install_packages(dev)
    except OSError as error:
        sys.exit(f"setup: {ROOT} cannot be written ({error}). Check out the project in a folder of yours.")
    _run("could not build the pages' assets", [PYTHON, "-m", "scripts.build_assets"])
    if dev:
        _run("has no browser for the tests", [PYTHON, "-m", "scripts.browser"])


def make_environment() -> None:
    """A fresh .venv, also when the Python that it was made with has gone, or the folder was moved."""
    if _works(PYTHON) and _stamp().get("root", str(ROOT)) == str(ROOT):
        return
    print("setup: making .venv", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=True, symlinks=True)


def install_packages(dev: bool) -> None:
    """Bring .venv to exactly what the lock says; the tools of an earlier --dev stay while their lock does."""
    run, full = _fingerprint(RUN_LOCK), _fingerprint(RUN_LOCK, DEV_LOCK)
    stamp = _stamp()
    if stamp.get("dev") == full or (not dev and stamp.get("run") == run):
        return
    lock = DEV_LOCK if dev else RUN_LOCK
    STAMP.unlink(missing_ok=True)
    print(f"setup: installing packages from {lock} (a minute at most)", flush=True)
    index = index_settings()
    if not sync_with_uv(lock, index):
        print("setup: uv could not; pip installs instead", flush=True)
        _run("could not install the packages", [*_pip("install"), "--require-hashes", "-r", lock])
    install_project(index)
    STAMP.write_text(json.dumps({"root": str(ROOT), "run": run, "dev": full if dev else ""}))


def sync_with_uv(lock: str, env: dict[str, str]) -> bool:
    """Whether uv, which is some five times faster than pip, made .venv match the lock."""
    fetched = subprocess.run([*_pip("install"), "--only-binary", ":all:", UV], check=False, stdout=subprocess.DEVNULL)
    uv = VENV / "bin" / "uv"
    if fetched.returncode or not uv.exists():
        return False
    command = [str(uv), "pip", "sync", "-q", "--python", str(PYTHON), "--require-hashes", lock]
    return subprocess.run(command, check=False, env=env).returncode == 0


def install_project(env: dict[str, str]) -> None:
    """The command `hallway`, and the source folders on the path of .venv."""
    uv = VENV / "bin" / "uv"
    with_uv = [str(uv), "pip", "install", "-q", "--python", str(PYTHON)]
    installer = with_uv if uv.exists() else _pip("install")
    _run("could not install the project", [*installer, "--no-deps", "-e", "."], env)


def index_settings(*, main_only: bool = False) -> dict[str, str]:
    """The environment with pip's configured package index passed on to uv, which does not read pip's settings.

    `main_only` leaves side indexes out: they may hold files for one kind of machine, and a lock is for all.
    """
    told = subprocess.run([*_pip("config"), "list"], check=False, capture_output=True, text=True).stdout
    pip = _merged(line.partition("=") for line in told.splitlines())
    wanted = {
        "UV_DEFAULT_INDEX": pip.get("index-url"),
        "UV_INSECURE_HOST": pip.get("trusted-host"),
        "ALL_PROXY": pip.get("proxy"),
        "SSL_CERT_FILE": pip.get("cert"),
    }
    side = {
        "UV_INDEX": pip.get("extra-index-url"),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        # Like pip: the best match of all indexes; the lock's hashes guard what is taken.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    wanted |= {} if main_only else side
    return {**{name: value for name, value in wanted.items() if value}, **os.environ}


def _merged(settings: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """pip's settings by their plain names; a command's beat the global ones, the environment's beat both."""
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found = [(key.rpartition("."), value.strip("'\"")) for key, _, value in settings]
    ranked = sorted((ranks[section], name, value) for (section, _, name), value in found if section in ranks)
    return {name: value for _, name, value in ranked}


def _stamp() -> dict[str, str]:
    try:
        return dict(json.loads(STAMP.read_text()))
    except (OSError, ValueError):
        return {}


def _fingerprint(*names: str) -> str:
    """Changes when a lock, the project's metadata or the Python changes."""
    parts = [(ROOT / name).read_bytes() for name in (*names, "pyproject.toml")]
    return hashlib.sha256(b"\0".join([*parts, sys.version.encode()])).hexdigest()


def _works(python: Path) -> bool:
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    try:
        return subprocess.run([python, "-c", check], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _pip(command: str) -> list[str]:
    quiet = ["-qq"] if command == "install" else []
    return [str(PYTHON), "-m", "pip", "--disable-pip-version-check", command, *quiet]


def _run(failure: str, command: Sequence[str | Path], env: dict[str, str] | None = None) -> None:
    code = subprocess.run(command, check=False, env=env).returncode
    if code:
        sys.exit(f"setup: {failure}; what went wrong is told above. Mend it and run `make setup` again.")


if __name__ == "__main__":
    main()
