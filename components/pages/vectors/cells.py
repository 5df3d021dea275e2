"""The program behind a page as a notebook shows it: each line, what it printed, and of an error what to do about it."""

from components.pages.vectors.model import Line

REMEDIES = {
    "grad can be implicitly created only for scalar outputs": (
        "backward() starts from one number. y has several, and torch does not guess how much each counts.",
        "y.backward(gradient=v), as below. Or y.sum().backward(): the same with a v of ones.",
    ),
}
"""By torch's message: the cause and the cure, one sentence or two each."""


def lines(ran: tuple[Line, ...]) -> list[dict[str, str]]:
    """Each line with what stands below it; what a line does not have is left out."""
    return [_line(line) for line in ran]


def _line(line: Line) -> dict[str, str]:
    cause, cure = REMEDIES.get(line.error.partition(": ")[2], ("", ""))
    said = {"code": line.code, "output": line.output, "error": line.error, "cause": cause, "cure": cure}
    return {name: text for name, text in said.items() if text}
