"""Whatever an owner or manager sends from the settings leaves a line that the business can read."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any

from blueprints_ui.app import create_app
from blueprints_ui.guard import MANAGERS
from groundwork.config import Settings

# Forms of owners and managers that change nothing: previews, drafts, steps of set-up that only lead on.
CHANGE_NOTHING = {"sequence_editor.draft", "setup_leaks.proposal", "setup_wording.show_preview"}
CHANGE_NOTHING |= {"setup_number.go_on", "setup_plan.save", "setup_proof.again", "setup_proof.save"}
CHANGE_NOTHING |= {"setup_registration.check", "setup_registration.look_at_pages", "billing_page.portal"}
NOTES = {"note", "note_own", "note_everywhere", "keep_noted", "remove_noted"}


def test_every_form_of_owners_and_managers_writes_down_what_was_done(settings: Settings) -> None:
    app, silent = create_app(settings), set()
    for rule in app.url_map.iter_rules():
        view: Any = app.view_functions[rule.endpoint]
        theirs = "POST" in (rule.methods or ()) and 0 < len(getattr(view, "writes", ())) <= len(MANAGERS)
        if theirs and rule.endpoint not in CHANGE_NOTHING and not _notes(inspect.unwrap(view)):
            silent.add(rule.endpoint)
    assert silent == set(), "say guard.note(...) in what happened, or show here that nothing changes"


def _notes(view: Any) -> bool:
    """Whether a view, or a function of its module that it calls, writes into the log of the business."""
    module = ast.parse(inspect.getsource(sys.modules[view.__module__]))
    functions = {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}
    waiting, seen = [view.__name__], set()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        called = {_name(node.func) for node in ast.walk(functions[name]) if isinstance(node, ast.Call)}
        if called & NOTES:
            return True
        waiting += called
    return False


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
