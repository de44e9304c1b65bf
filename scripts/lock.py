"""Resolve every dependency anew into the lock files: hashes, and no addresses."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from scripts import build_assets, setup


def main() -> None:
    lock_python(setup.RUN_LOCK)
    lock_python(setup.DEV_LOCK, "--extra", "dev")
    lock_assets()


def lock_python(lock: str, *extra: str) -> None:
    command = [str(setup.VENV / "bin" / "uv"), "pip", "compile", "-q", "--upgrade", "--universal", "--generate-hashes"]
    quiet = ["--no-header", "--no-annotate", "pyproject.toml", "-o", lock]
    subprocess.run([*command, *extra, *quiet], cwd=setup.ROOT, check=True, env=setup.index_settings(main_only=True))
    print(f"lock: {lock}")


def lock_assets() -> None:
    """From nothing, in a folder of its own: what is installed here would leave hashes and other platforms out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("package.json", ".npmrc"):
            shutil.copy(setup.ROOT / part, folder)
        build_assets.npm(build_assets.find_node(), folder, "install", "--package-lock-only")
        lock = json.loads((folder / "package-lock.json").read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    (setup.ROOT / "package-lock.json").write_text(json.dumps(lock, indent=2) + "\n")
    print("lock: package-lock.json")


if __name__ == "__main__":
    main()
