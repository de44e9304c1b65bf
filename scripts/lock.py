"""Resolve every dependency anew into the lock files: hashes, and no addresses."""

from __future__ import annotations

import json
import subprocess

from scripts import build_assets, setup


def main() -> None:
    lock_python(setup.RUN_LOCK)
    lock_python(setup.DEV_LOCK, "--extra", "dev")
    lock_assets()


def lock_python(lock: str, *extra: str) -> None:
    command = [str(setup.VENV / "bin" / "uv"), "pip", "compile", "-q", "--upgrade", "--universal", "--generate-hashes"]
    quiet = ["--no-header", "--no-annotate", "pyproject.toml", "-o", lock]
    subprocess.run([*command, *extra, *quiet], cwd=setup.ROOT, check=True, env=setup.index_settings())
    print(f"lock: {lock}")


def lock_assets() -> None:
    """From nothing: npm keeps an earlier lock's gaps for other platforms."""
    path = build_assets.ROOT / "package-lock.json"
    path.unlink(missing_ok=True)
    build_assets.npm(build_assets.find_node(), "install", "--package-lock-only", "--package-lock")
    lock = json.loads(path.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
    path.write_text(json.dumps(lock, indent=2) + "\n")
    print(f"lock: {path.name}")


if __name__ == "__main__":
    main()
