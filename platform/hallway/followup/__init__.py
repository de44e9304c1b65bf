"""Follow-up: a moment starts sequences, their steps run by timers, and a reply, booking or STOP ends them at once."""

from hallway.followup.closing import Stopped, close, restart
from hallway.followup.editing import MOVE, move_people, publish
from hallway.followup.enrolling import moment
from hallway.followup.happening import happened
from hallway.followup.models import Enrollment, EnrollmentStep, Moment, Sequence, SequenceVersion
from hallway.followup.planning import STEP
from hallway.followup.running import run_steps
from hallway.followup.sequences import MOMENTS, MomentKind
from hallway.followup.steps import Plan, PlanError, Step, Wait
from hallway.followup.stopping import end, stop, stop_one
from hallway.followup.telling import Followed, Line, of_conversation

__all__ = [
    "MOMENTS",
    "MOVE",
    "STEP",
    "Enrollment",
    "EnrollmentStep",
    "Followed",
    "Line",
    "Moment",
    "MomentKind",
    "Plan",
    "PlanError",
    "Sequence",
    "SequenceVersion",
    "Step",
    "Stopped",
    "Wait",
    "close",
    "end",
    "happened",
    "moment",
    "move_people",
    "of_conversation",
    "publish",
    "restart",
    "run_steps",
    "stop",
    "stop_one",
]
