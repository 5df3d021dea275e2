"""What torch's errors mean in the lab: one line of cause and one of cure for each."""

from collections.abc import Mapping
from typing import NamedTuple

from components.drawing.torch_messages import meaning


class Fault(NamedTuple):
    """Why an error came in the lab, and what helps there: by experiment, or in all the others ("")."""

    cause: str
    cures: Mapping[str, str]


FAULTS: Mapping[str, Fault] = {
    "does not require grad and does not have a grad_fn": Fault(
        "Nothing was tracked as this tensor was made, so it has no graph to walk back through.",
        {
            "": "Call backward() on something made from a tracked tensor.",
            "requires-grad": "Press x.requires_grad_(True), and compute y again.",
            "detach": "Call backward() on y: it was made from x itself, not from z, which has no history.",
            "no-grad": "Compute y outside the block: y = x ** 2.",
        },
    ),
    "backward through the graph a second time": Fault(
        "The first pass freed what this graph had saved, so it cannot be walked back twice.",
        {
            "": "Compute y = x ** 2 anew before each pass.",
            "accumulate": "Compute y anew (backward() does), or keep the graph with backward(retain_graph=True).",
        },
    ),
    "modified by an inplace operation": Fault(
        "z.add_(1.0) wrote into the number that y had saved for its derivative 2x; torch counts such writes.",
        {"": "Compute y = x ** 2 anew, or write into a copy of its own: z = x.detach().clone()."},
    ),
    "'NoneType' object has no attribute 'zero_'": Fault(
        "x.grad is None, not 0: no pass has left a gradient there, so there is nothing to clear.",
        {"": "Press backward() first."},
    ),
    "is not defined": Fault(
        "Python knows no such name yet: the cell that makes it has not been run.",
        {"": "Run it first.", "detach": "Press x.detach() first.", "no-grad": "Press z = x * y first."},
    ),
}
"""By words that an error has in it: what the lab can say more of than what it means anywhere."""


def explain(error: str, experiment: str) -> tuple[str, str]:
    """Cause and cure of an error (`Type: message`); empty for one that no table knows."""
    for words, fault in FAULTS.items():
        if words in error:
            return fault.cause, fault.cures.get(experiment, fault.cures[""])
    known = meaning(error)
    return (known.means, known.cure) if known else ("", "")
