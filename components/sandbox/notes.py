"""What each line of a program made, for the end of the line."""

from typing import Any, NamedTuple

from torch import Tensor

from components.sandbox.printing import written_integer
from components.sandbox.values import Class, Function

MOST_SHOWN = 6
"""Entries of a tensor that are written out."""

LONGEST = 80


class _Seen(NamedTuple):
    """A tensor as it was when a line made it."""

    text: str


class Notes:
    """By line, the last value."""

    def __init__(self) -> None:
        self.lines: dict[int, dict[str, tuple[Any, int]]] = {}

    def made(self, line: int, name: str, value: Any) -> None:
        """Notes what a line has given to a name ("": to none)."""
        kept = _Seen(brief(value)) if isinstance(value, Tensor) else value
        of_line = self.lines.setdefault(line, {})
        of_line[name] = kept, of_line[name][1] + 1 if name in of_line else 1

    def records(self) -> list[dict[str, Any]]:
        """Line by line: its texts and how often it ran."""
        found = []
        for line, values in sorted(self.lines.items()):
            written = [(name, brief(value)) for name, (value, _) in values.items()]
            texts = [f"{name} = {text}" if len(values) > 1 and name else text for name, text in written if text]
            count = max(count for _, count in values.values())
            found.append({"line": line, "text": ", ".join(texts)[: LONGEST * 2], "count": count})
        return [record for record in found if record["text"]]


def brief(value: Any) -> str:
    """A value in a few characters: of a tensor the numbers or the shape, and whether it is tracked."""
    if isinstance(value, _Seen):
        return value.text
    if isinstance(value, Tensor):
        return _brief_tensor(value)
    if type(value) is int:
        text = written_integer(value)
    elif isinstance(value, bool | float | complex | str) or value is None:
        text = repr(value)
    elif isinstance(value, Function | Class):
        return ""
    elif isinstance(value, list | tuple | dict | set):
        text = _brief_list(value)
    else:
        text = type(value).__name__
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _brief_list(value: Any) -> str:
    kind = type(value).__name__
    if len(value) > MOST_SHOWN or isinstance(value, dict | set):
        return f"{kind} of {len(value)}"
    entries = ", ".join(type(v).__name__ if isinstance(v, list | tuple | dict) else brief(v) for v in value)
    return f"[{entries}]" if isinstance(value, list) else f"({entries})"


def _brief_tensor(tensor: Tensor) -> str:
    if tensor.is_meta or tensor.is_complex() or tensor.numel() > MOST_SHOWN:
        text = f"{'×'.join(map(str, tensor.shape)) or 'one'} {str(tensor.dtype).removeprefix('torch.')}"
    else:
        text = _numbers(tensor.tolist())
    return text + (" ∂" if tensor.requires_grad else "")


def _numbers(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    return f"{value:.5g}" if isinstance(value, float) else str(value)
