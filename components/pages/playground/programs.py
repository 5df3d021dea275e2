"""The programs that the playground begins with, by theme: sections of `programs.md`."""

import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).with_name("programs.md")
_SECTION = re.compile(r"^## (?P<name>[^\n]+)\n(?P<about>.*?)```python\n(?P<code>.*?)```", re.MULTILINE | re.DOTALL)


class Program(NamedTuple):
    """A program: its theme, what is to be seen in it, and its text."""

    theme: str
    about: str
    code: str


@lru_cache(maxsize=1)
def programs() -> dict[str, Program]:
    """By name, in their order; the first is where the page begins."""
    found = {}
    for theme in f"\n{SOURCE.read_text('utf-8')}".split("\n# ")[1:]:
        title, _, text = theme.partition("\n")
        for section in _SECTION.finditer(f"\n{text}"):
            found[section["name"].strip()] = Program(title.strip(), section["about"].strip(), section["code"])
    return found
