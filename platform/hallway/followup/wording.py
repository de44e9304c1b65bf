"""What is wrong with the words of a plan's steps, for the editor's cards and for whatever would put it in force."""

from __future__ import annotations

from collections.abc import Iterator

from groundwork.database import Json
from hallway import playbooks
from hallway.followup.steps import Plan, PlanError, Problem
from hallway.playbooks.step_wording import WORDS


def worded(step: Json) -> list[tuple[str, str]]:
    """The fields of words of this step, each with its label."""
    words = WORDS.get(step["kind"], ())
    plain = [(one.name, one.key.label) for one in words]
    return plain + [(f"{one.name}_es", f"{one.key.label} in Spanish") for one in words if one.spanish]


def judge(plan: Json) -> Iterator[tuple[Problem, str]]:
    """Each problem of the words with its level, "error" or "warning". The plan need not be whole yet."""
    for step in plan["steps"]:
        for name, label in worded(step):
            for one in playbooks.lint_step(step["kind"], name, step.get(name, ""), plan["purpose"]):
                where = f" ({one.where})" if one.where and one.where not in one.message else ""
                yield Problem(step["id"], name, f"{label}: {one.message}{where}"), one.level


def check(plan: Plan) -> None:
    """Raises PlanError with every step whose words must not go out as they are."""
    wrong = [problem for problem, level in judge(plan.as_json()) if level == "error"]
    if wrong:
        raise PlanError(wrong)
