"""Playbooks: the wording a business starts with, and may change."""

from hallway.playbooks.keys import KEYS, SITUATIONS, Key, Variable, sample_variables
from hallway.playbooks.lint import Preview, Problem, lint, preview
from hallway.playbooks.models import Wording
from hallway.playbooks.sequences import default_sequence
from hallway.playbooks.speak import put_in_words, say
from hallway.playbooks.step_wording import lint_step
from hallway.playbooks.templates import WordingError, render
from hallway.playbooks.wording import LANGUAGES, TRADES, default_wording

__all__ = [
    "KEYS",
    "LANGUAGES",
    "SITUATIONS",
    "TRADES",
    "Key",
    "Preview",
    "Problem",
    "Variable",
    "Wording",
    "WordingError",
    "default_sequence",
    "default_wording",
    "lint",
    "lint_step",
    "preview",
    "put_in_words",
    "render",
    "sample_variables",
    "say",
]
