"""What torch's errors mean in the lab: one line of cause and one of cure for each."""

from typing import NamedTuple


class Fault(NamedTuple):
    """Words by which an error is known, why it came, and what helps: by experiment, or in all the others ("")."""

    words: str
    cause: str
    cures: dict[str, str]


FAULTS = (
    Fault(
        "backward through the graph a second time",
        "The first pass freed what this graph had saved, so it cannot be walked back twice.",
        {
            "": "Compute y = x ** 2 anew before each pass.",
            "accumulate": "Compute y anew (backward() does), or keep the graph with backward(retain_graph=True).",
        },
    ),
    Fault(
        "does not require grad and does not have a grad_fn",
        "Nothing was tracked as this tensor was made, so it has no graph to walk back through.",
        {
            "": "Call backward() on something made from a tracked tensor.",
            "requires-grad": "Press x.requires_grad_(True), and compute y again.",
            "detach": "Call backward() on y: it was made from x itself, not from z, which has no history.",
            "no-grad": "Compute y outside the block: y = x ** 2.",
        },
    ),
    Fault(
        "modified by an inplace operation",
        "z.add_(1.0) wrote into the number that y had saved for its derivative 2x; torch counts such writes.",
        {"": "Compute y = x ** 2 anew, or write into a copy of its own: z = x.detach().clone()."},
    ),
    Fault(
        "'NoneType' object has no attribute 'zero_'",
        "x.grad is None, not 0: no pass has left a gradient there, so there is nothing to clear.",
        {"": "Press backward() first."},
    ),
    Fault(
        "is not defined",
        "Python knows no such name yet: the cell that makes it has not been run.",
        {"": "Run it first.", "detach": "Press x.detach() first.", "no-grad": "Press z = x * y first."},
    ),
)


def explain(error: str, experiment: str) -> tuple[str, str]:
    """Cause and cure of an error (`Type: message`); empty for one that the table does not know."""
    for fault in FAULTS:
        if fault.words in error:
            return fault.cause, fault.cures.get(experiment, fault.cures[""])
    return "", ""
