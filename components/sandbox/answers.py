"""Answers to programs that cannot say themselves why they were stopped."""

from typing import Any

from components.sandbox.limits import MB, Limits


def blank() -> dict[str, Any]:
    """The answer to a program of which nothing is known."""
    return {
        "accepted": True,
        "refused": None,
        "refusals": [],
        "limit": None,
        "error": None,
        "warnings": [],
        "printed": "",
        "names": {},
        "moments": [],
        "why": [],
        "lines": [],
        "literals": [],
        "passes": 0,
    }


def is_complete(said: dict[str, Any]) -> bool:
    """Whether an answer has every field, of the kind that it has: a process that was taken over may say anything."""
    return all(
        name in said and isinstance(said[name], (dict, type(None)) if value is None else type(value))
        for name, value in blank().items()
    )


def stopped(text: str, line: int | None = None) -> dict[str, Any]:
    """The answer to a program that was stopped, in one sentence."""
    return blank() | {"limit": {"line": line, "text": text}}


def out_of_time(limits: Limits, line: int | None) -> dict[str, Any]:
    """The answer to a program that was still running at its time limit."""
    where = f"at line {line} " if line else ""
    return stopped(f"Stopped {where}after {limits.wall_seconds:g} seconds, the longest that a program may run.", line)


def out_of_memory(limits: Limits, line: int | None) -> dict[str, Any]:
    """The answer to a program that asked for more memory than there is for it."""
    return stopped(f"This needs more than the {limits.memory // MB} MB of memory that a program may use.", line)


def too_large(limits: Limits, line: int | None = None) -> dict[str, Any]:
    """The answer to a program whose results are too large to be sent."""
    return stopped(f"The results take more than the {limits.answer_bytes // MB} MB that can be shown.", line)


def crashed(line: int | None) -> dict[str, Any]:
    """The answer to a program whose process ended."""
    where = f" at line {line}" if line else ""
    return stopped(f"The process that ran this program ended{where}. The next program has a new one.", line)


def too_long(limits: Limits) -> dict[str, Any]:
    """The answer to a request that is longer than any that is read: nothing of it has run."""
    text = f"The program is longer than the {limits.request_bytes // MB} MB that are read."
    return blank() | {"accepted": False, "refused": {"line": None, "text": text}}


def superseded() -> dict[str, Any]:
    """The answer to a program that a newer one of its visitor has overtaken."""
    return stopped("A newer program has taken its place.") | {"superseded": True}


BUSY = "Too many programs are waiting for their turn. Try again in a moment."
UNAVAILABLE = "Programs cannot be run here at the moment."
