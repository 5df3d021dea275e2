"""How much a program may do: limits with names, and the counters that hold a run to them."""

import time
from collections.abc import Callable, Sized
from typing import Final

from components.sandbox.errors import LimitError

MOST_CHARACTERS: Final = 100_000
MOST_LINES: Final = 5_000
MOST_DEPTH: Final = 60
"""Brackets and blocks inside one another in a program's text."""

MOST_PARTS: Final = 50_000
"""Nodes of a program's syntax tree."""

MOST_STEPS: Final = 1_000_000
"""Statements, and turns of comprehensions."""

MOST_CALLS: Final = 20_000
"""Calls of torch's functions."""

MOST_SECONDS: Final = 1.5
MOST_ENTRIES: Final = 1_000_000
"""Entries of a list, a tuple or a range, and characters of a string."""

MOST_BITS: Final = 20_000
"""Bits of an integer."""

MOST_DIGITS: Final = 4_300
"""Digits of a text that is read as an integer, as in Python itself."""

MOST_WIDTH: Final = 1_000
"""Width and precision in a format."""

MOST_TENSOR_BYTES: Final = 64 * 2**20
MOST_BYTES: Final = 128 * 2**20
"""All tensors of a program together."""

MOST_PRINTED: Final = 100_000
"""Characters that a program prints."""

STEPS_BETWEEN_LOOKS_AT_THE_CLOCK: Final = 256

TIME = f"It ran for {MOST_SECONDS:g} seconds and was stopped there. A shorter loop or smaller numbers will do."
STEPS = f"It was stopped after {MOST_STEPS:,} steps. A loop that goes on for less will do."
CALLS = f"It was stopped after {MOST_CALLS:,} calls of torch. Fewer turns of a loop will do."
ENTRIES = f"It asked for more than {MOST_ENTRIES:,} entries in one list or text."
BITS = f"An integer of more than {MOST_BITS:,} bits was asked for; a float will do (`2.0 ** n`)."
BYTES = f"Its tensors would take more than {MOST_BYTES // 2**20} MB. Smaller shapes show the same."
PRINTED = f"It printed more than {MOST_PRINTED:,} characters."
WIDTH = f"A format wider than {MOST_WIDTH:,} characters was asked for."
MEMORY = "It asked for more memory than one program may have. Smaller shapes show the same."


def ignore_progress(_line: int) -> None:
    """Where nobody asks how far a program is."""


class Budget:
    """The counters of one run. `progress` is told the line of each statement before it runs."""

    def __init__(self, progress: Callable[[int], None] = ignore_progress) -> None:
        self.progress = progress
        self.steps = self.calls = self.bytes = self.printed = 0
        self.line = 0
        self.deadline = time.monotonic() + MOST_SECONDS

    def step(self, line: int) -> None:
        """Counts a statement on its line, or a turn of a comprehension."""
        self.line = line
        self.progress(line)
        self.steps += 1
        if self.steps % STEPS_BETWEEN_LOOKS_AT_THE_CLOCK == 0:
            self.check_time()
            if self.steps > MOST_STEPS:
                raise LimitError(STEPS)

    def check_time(self) -> None:
        """Raises LimitError where the time is over."""
        if time.monotonic() > self.deadline:
            raise LimitError(TIME)

    def call(self) -> None:
        """Counts a call of torch's."""
        self.calls += 1
        if self.calls > MOST_CALLS:
            raise LimitError(CALLS)
        self.check_time()

    def allocate(self, count: int) -> None:
        """Counts bytes of tensors."""
        self.bytes += count
        if self.bytes > MOST_BYTES:
            raise LimitError(BYTES)

    def print(self, text: str) -> None:
        """Counts what is printed."""
        self.printed += len(text)
        if self.printed > MOST_PRINTED:
            raise LimitError(PRINTED)


def check_length(value: Sized) -> None:
    """Raises LimitError for a list, a tuple, a text or a range that is too long."""
    if len(value) > MOST_ENTRIES:
        raise LimitError(ENTRIES)
