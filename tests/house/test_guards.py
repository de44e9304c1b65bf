"""What keeps the house in order: names, sizes, layers, and words that must not slip in."""

from __future__ import annotations

import ast
import os
import platform
import re
import shutil
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from workers.cli import main

ROOT = Path(__file__).resolve().parents[2]
LONGEST_FILE, LONGEST_FUNCTION = 300, 50
SOURCE = ("platform", "tenants", "billing", "webhooks", "workers", "blueprints_ui", "scripts")
UNTRACKED = {".git", ".venv", "var", "node_modules", "built", "__pycache__"}
# Written in halves, so that this file does not find itself.
MACHINE_PATHS = re.compile(r"(?<![\w.}])/(work|root|home|Users|tmp)" + r"/\w")
REGISTRIES = re.compile(r"pypi\." + "org|python" + r"hosted\.|registry\." + r"npmjs|deb\." + "debian", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X|NotImplemented" + r"Error)\b")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
TEXT = {".py", ".md", ".toml", ".css", ".js", ".html", ".json", ".lock", ".txt", ".cfg", ".yml", ".tsv", "", ".mako"}


@lru_cache(maxsize=1)
def tracked() -> list[Path]:
    """Every file of the project as git sees it, or as a plain copy has it."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    walked = [path for path in ROOT.rglob("*") if not UNTRACKED & set(path.relative_to(ROOT).parts)]
    return [path for path in walked if path.is_file()]


def sources() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in SOURCE]


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    hits = []
    for path in paths:
        if path.suffix in TEXT:
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                if pattern.search(line):
                    hits.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return hits


def test_pythons_own_platform_module_is_not_shadowed() -> None:
    assert platform.python_implementation()
    assert (platform.__file__ or "").endswith("platform.py")
    assert not list((ROOT / "platform").glob("*.py"))
    assert not (ROOT / "platform.py").exists()


def test_every_storey_imports_only_what_lies_below_it() -> None:
    checker = Path(sys.executable).parent / "lint-imports"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}
    done = subprocess.run([checker, "--no-cache"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_files_stay_short() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_functions_stay_short() -> None:
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}: {node.name} has {length} lines")
    assert long == []


def test_every_module_says_in_one_line_what_it_is() -> None:
    silent = []
    for path in sources():
        tree = ast.parse(path.read_text())
        if tree.body and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
    assert silent == []


def test_no_file_names_a_machine() -> None:
    assert found(MACHINE_PATHS, tracked()) == []


def test_no_file_names_a_package_registry() -> None:
    assert found(REGISTRIES, tracked()) == []


def test_nothing_is_left_half_done() -> None:
    code = [path for path in tracked() if path.suffix in {".py", ".js", ".css", ".html", ".toml"}]
    assert found(UNFINISHED, code) == []


def test_the_procfile_names_processes_that_exist() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert set(lines) == {"release", "web", "worker", "bulk", "clock", "mail"}
    for command in lines.values():
        program, word, *_queues = command.split()
        assert program == "hallway"
        assert word in main.commands
    served = {word for command in lines.values() for word in command.split()[2:]}
    assert served == {"now", "soon", "bulk"}


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    told = subprocess.run(["make", "help"], cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    assert targets <= set(re.findall(r"make (\w+)", told))
    assert targets == set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()) - {"check-python"}  # type: ignore[index]


def test_links_in_the_documents_lead_somewhere() -> None:
    dead = []
    for path in (path for path in tracked() if path.suffix == ".md"):
        targets = [target for target in LINK.findall(path.read_text()) if "://" not in target]
        dead += [f"{path.relative_to(ROOT)}: {target}" for target in targets if not (path.parent / target).exists()]
    assert dead == []


def test_every_setting_is_described_for_those_who_deploy() -> None:
    config = (ROOT / "platform" / "groundwork" / "config.py").read_text()
    names = set(re.findall(r'(?:env\.get\(|_required\(env, |in env)?"([A-Z][A-Z_]{3,})"', config))
    guide = (ROOT / "docs" / "deploy.md").read_text()
    assert sorted(name for name in names if f"`{name}`" not in guide) == []
