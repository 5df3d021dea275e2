"""What the playground's address may say of a program."""

import re

PLACE = re.compile(r"[1-9]\d{0,3}:\d{1,3}", re.ASCII)
"""A line and a column of a program, as in `3:17`."""

LONGEST_NAME = 40


def is_place(text: str) -> bool:
    """Whether a text is a place in a program."""
    return PLACE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """Whether a text can be the name of a result."""
    return text.isidentifier() and len(text) <= LONGEST_NAME
