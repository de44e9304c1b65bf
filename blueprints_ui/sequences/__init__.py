"""Follow-up sequences of a business: the list, the editor, and what a draft would have done."""

from blueprints_ui.sequences.editor import sequence_editor
from blueprints_ui.sequences.listing import sequence_list
from blueprints_ui.sequences.replaying import what_if

SEQUENCES = (sequence_list, sequence_editor, what_if)

__all__ = ["SEQUENCES"]
