"""For each rule a program where it must speak, with the line to change, and one where it must not."""

from collections.abc import Mapping

from tests.why import programs_change, programs_graph, programs_numeric, programs_training
from tests.why.program import Programs

PROGRAMS: Mapping[str, Programs] = {
    **programs_graph.PROGRAMS,
    **programs_change.PROGRAMS,
    **programs_training.PROGRAMS,
    **programs_numeric.PROGRAMS,
}
"""By the rule's name."""
