"""The program behind a page as a notebook shows it: each line, what it printed, and of an error what to do about it."""

from components.graph.model import Seen
from components.pages.vectors.model import Line

REMEDIES = {
    "grad can be implicitly created only for scalar outputs": (
        "backward() starts from one number. y has several, and torch does not guess how much each counts.",
        "y.backward(gradient=v), as below. Or y.sum().backward(): the same with a v of ones.",
    ),
}
"""By torch's message: the cause and the cure, one sentence or two each."""


LATER = "?"
"""Printed below a line to whose number a walk has not come."""


def lines(ran: tuple[Line, ...], reached: Seen | None = None) -> list[dict[str, str]]:
    """Each line with what stands below it; what a line does not have is left out.

    In a walk a line prints its number, or raises its error, once that is `reached` (None: all is known).
    """
    return [_line(line, reached is None or _is_reached(line, reached)) for line in ran]


def _is_reached(line: Line, reached: Seen) -> bool:
    """The value of y is known when it has been computed, x.grad when it has arrived, an error once backward began."""
    return "y" in reached.values if line.code == "y" else ("x" if line.output else "y") in reached.gradients


def _line(line: Line, is_reached: bool) -> dict[str, str]:
    if not is_reached:
        return {"code": line.code} | ({"output": LATER} if line.output or line.error else {})
    cause, cure = REMEDIES.get(line.error.partition(": ")[2], ("", ""))
    said = {"code": line.code, "output": line.output, "error": line.error, "cause": cause, "cure": cure}
    return {name: text for name, text in said.items() if text}
