"""Follow-up: a moment starts sequences, their steps run by timers, and a reply, booking or STOP ends them at once."""

from hallway.followup.enrolling import moment
from hallway.followup.happening import happened
from hallway.followup.models import Enrollment, EnrollmentStep, Moment, Sequence, SequenceVersion
from hallway.followup.planning import STEP
from hallway.followup.running import run_steps
from hallway.followup.sequences import MOMENTS, MomentKind
from hallway.followup.steps import Plan, PlanError, Step, Wait
from hallway.followup.stopping import stop

__all__ = [
    "MOMENTS",
    "STEP",
    "Enrollment",
    "EnrollmentStep",
    "Moment",
    "MomentKind",
    "Plan",
    "PlanError",
    "Sequence",
    "SequenceVersion",
    "Step",
    "Wait",
    "happened",
    "moment",
    "run_steps",
    "stop",
]
