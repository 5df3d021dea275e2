"""A program's text as a syntax tree, where Python can read it and it is not too large."""

import ast
import re
import warnings

from components.sandbox.budget import MOST_CHARACTERS, MOST_DEPTH, MOST_LINES, MOST_PARTS
from components.sandbox.errors import RefusedError

PROGRAM = "<program>"
"""The file name that a program's frames carry."""

_LINE_ENDS = re.compile(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\xad]")
_MAGIC = re.compile(r"^\s*(?P<magic>[%!?]\w*)")
_PROMPT = re.compile(r"^\s*(>>>|In \[\d*\]:)")
_FENCE = re.compile(r"^\s*```")


def parse(code: str) -> ast.Module:
    """The tree of a program; RefusedError where it is too large or Python cannot read it."""
    lines = code.split("\n")
    if len(code) > MOST_CHARACTERS or len(lines) > MOST_LINES:
        many = f"{len(lines):,} lines" if len(lines) > MOST_LINES else f"{len(code):,} characters"
        most = f"{MOST_LINES:,} lines and {MOST_CHARACTERS:,} characters"
        raise RefusedError(None, f"The program has {many}; at most {most} are read here.")
    _check_characters(lines)
    _check_depth(code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code, PROGRAM)
            compile(tree, PROGRAM, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise RefusedError(error.lineno, _sentence(error, lines), error) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise RefusedError(
            None, f"Python cannot read this program: {str(error)[:200] or 'it is too complex'}."
        ) from None
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS:
        raise RefusedError(None, f"The program has more than {MOST_PARTS:,} parts; a loop says the same in fewer.")
    return tree


def _check_characters(lines: list[str]) -> None:
    for number, line in enumerate(lines, 1):
        if "\x00" in line:
            raise RefusedError(number, "There is a null character in this line; delete it.")
        if found := _LINE_ENDS.search(line):
            code = f"U+{ord(found[0]):04X}"
            raise RefusedError(number, f"This line holds {code}, which editors show as a new line and Python does not.")
        if found := _INVISIBLE.search(_outside_strings(line)):
            raise RefusedError(number, f"This line holds a character that cannot be seen, U+{ord(found[0]):04X}.")


def _outside_strings(line: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "", line)


def _check_depth(code: str) -> None:
    """Python's own parser gives up late, and slowly, where brackets stand in one another."""
    depth, line = 0, 1
    for character in _outside_strings(code):
        line += character == "\n"
        if character in "[({":
            depth += 1
        elif character in "])}" and depth:
            depth -= 1
        if depth > MOST_DEPTH:
            raise RefusedError(line, f"More than {MOST_DEPTH} brackets stand inside one another here.")


def _sentence(error: SyntaxError, lines: list[str]) -> str:
    """What Python says of the line, and what is to be done where that is known."""
    line = lines[error.lineno - 1] if error.lineno and error.lineno <= len(lines) else ""
    if match := _MAGIC.match(line):
        return f"`{match['magic']}` is a command of a notebook and no Python; put a # in front of the line."
    if _PROMPT.match(line):
        return "This line begins with a prompt (`>>>`), which is no part of a program; delete it."
    if _FENCE.match(line):
        return "This line is a fence of Markdown and no Python; delete it."
    if line.rstrip().endswith("?"):
        return "A question mark asks a notebook for help and is no Python; delete it."
    return f"Python cannot read this line: {error.msg}."
