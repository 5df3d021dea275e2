"""A notebook or a script as one program: the cells' code alone, each under a comment with its number.

Outputs, attachments and metadata are skipped unseen. Nothing is executed, and nothing is kept.
"""

import io
import json
import re
import tokenize
from collections.abc import Iterator
from typing import Any, NamedTuple

from components.address.packed import LONGEST_TEXT, plain

LARGEST_FILE = 4_000_000
"""Bytes of a file: pictures in a notebook count."""

DEEPEST = 100
"""Brackets within brackets in a notebook, whose outputs may be deep."""

MOST_CELLS = 5_000
MOST_LINES = 5_000
"""Lines of a program, as the sandbox takes them."""

CODECS = ("utf-8", "utf-8-sig", "ascii", "iso-8859-1", "iso-8859-15", "cp1252")
"""How a script may be encoded where its first lines say so."""

PYTHON_CELLS = ("%%time", "%%timeit", "%%capture", "%%prun", "%%python", "%%python3")
"""Instructions to a notebook below which Python follows."""

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(r"[\[\]{}]")
_ARCHIVE = (b"PK\x03\x04", b"PK\x05\x06", b"\x80", b"\x1f\x8b", b"\x89PNG", b"%PDF")


class UnreadableError(ValueError):
    """A file that is no program; its text is one sentence for a visitor."""


class Opened(NamedTuple):
    """A program, and what is said of how it was opened ("": nothing)."""

    code: str
    said: str = ""


def read(data: bytes) -> Opened:
    """The program in a file; UnreadableError where there is none."""
    if len(data) > LARGEST_FILE:
        most = LARGEST_FILE // 1_000_000
        raise UnreadableError(f"This file is too large: {most} MB are the most; a notebook is smaller without outputs.")
    if data.startswith(_ARCHIVE):
        raise UnreadableError("This is no program: a .py file or a notebook (.ipynb) is plain text.")
    text = _text(data)
    return _notebook(text) if text.lstrip().startswith("{") else _script(text)


def _text(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding not in CODECS:
            raise UnreadableError("This file is in an encoding that is not read here: save it as UTF-8.")
        return plain(data.decode(encoding))
    except (SyntaxError, UnicodeDecodeError):
        raise UnreadableError("This file is no text in UTF-8: save it as UTF-8.") from None


def _script(text: str) -> Opened:
    size = len(text.encode())
    if size > LONGEST_TEXT:
        raise UnreadableError(f"This program has {size:,} bytes; {LONGEST_TEXT:,} are the most here.")
    if not text.strip():
        raise UnreadableError("This file is empty.")
    return Opened(text)


def _notebook(text: str) -> Opened:
    root = _parsed(text)
    if not isinstance(root, dict) or not any(name in root for name in ("cells", "worksheets")):
        raise UnreadableError("This is no notebook: it has no cells. A recording is opened on the page Open.")
    language = _language(root)
    if language != "python":
        raise UnreadableError(f"This notebook is written in {language[:40]}; the playground runs Python.")
    cells = [_source(cell, number) for number, cell in enumerate(_cells(root), 1) if _is_code(cell, number)]
    if not any(cell.strip() for cell in cells):
        raise UnreadableError("This notebook has no code in it.")
    return _joined(cells)


def _parsed(text: str) -> Any:
    depth = 0
    for bracket in _BRACKET.finditer(_QUOTED.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > DEEPEST:
            raise UnreadableError("This notebook cannot be read: its brackets stand too deep within each other.")
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=lambda _: None)
    except UnreadableError:
        raise
    except (ValueError, RecursionError):
        raise UnreadableError("This notebook cannot be read as JSON, or its end is missing.") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnreadableError("This notebook cannot be read: an object in it says the same key twice.")
    return found


def _language(root: dict[str, Any]) -> str:
    """The language that a notebook says it is written in, in small letters; Python where it says none."""
    metadata = root.get("metadata")
    said = metadata if isinstance(metadata, dict) else {}
    for place, key in (("language_info", "name"), ("kernelspec", "language")):
        described = said.get(place)
        name = described.get(key) if isinstance(described, dict) else None
        if isinstance(name, str) and name:
            return "python" if name.lower() in ("python", "python3", "ipython") else plain(name)
    return "python"


def _cells(root: dict[str, Any]) -> list[Any]:
    """The cells of a notebook, also of one of the third format, which has them in sheets."""
    cells = root.get("cells")
    if cells is None and isinstance(root.get("worksheets"), list):
        sheets = [sheet.get("cells") for sheet in root["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list) or len(cells) > MOST_CELLS:
        raise UnreadableError(f"This notebook cannot be read: its cells should be a list of at most {MOST_CELLS:,}.")
    return cells


def _is_code(cell: Any, number: int) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("cell_type"), str):
        raise UnreadableError(f"This notebook cannot be read: entry {number:,} of its cells is none.")
    return bool(cell["cell_type"] == "code")


def _source(cell: dict[str, Any], number: int) -> str:
    source = cell.get("source", cell.get("input"))
    said: list[Any] = source if isinstance(source, list) else [source]
    lines = [line for line in said if isinstance(line, str)]
    if len(lines) != len(said):
        raise UnreadableError(f"This notebook cannot be read: the source of cell {number:,} is no text.")
    return _plain_cell(plain("".join(lines)).strip("\n"))


def _plain_cell(source: str) -> str:
    """A cell's code: an instruction for a whole cell is a comment, and so is what follows it where it is not Python."""
    lines = source.split("\n")
    first = next((place for place, line in enumerate(lines) if line.strip()), 0)
    if not lines[first].startswith("%%"):
        return source
    is_python = lines[first].split()[0] in PYTHON_CELLS
    last = first + 1 if is_python else len(lines)
    return "\n".join([*lines[:first], *(f"# {line}" for line in lines[first:last]), *lines[last:]])


def _joined(cells: list[str]) -> Opened:
    """As many cells as a program may have: a part of one would be another program, and comments count as well."""
    filled = [(number, source) for number, source in enumerate(cells, 1) if source.strip()]
    parts = list(_fitting(filled))
    total = f"{len(cells):,} {'cell' if len(cells) == 1 else 'cells'}"
    if not parts:
        number, source = filled[0]
        size = len(source.encode())
        raise UnreadableError(f"Cell {number} has {size:,} bytes; a program has at most {LONGEST_TEXT:,} here.")
    code = "\n".join(parts)
    if len(parts) == len(filled):
        return Opened(code, f"{total} of the notebook are in the program, one after the other, without their outputs.")
    last = filled[len(parts) - 1][0]
    most = f"{LONGEST_TEXT:,} bytes and {MOST_LINES:,} lines"
    return Opened(code, f"Cells 1 to {last} of {len(cells):,} are in the program, which has at most {most}.")


def _fitting(cells: list[tuple[int, str]]) -> Iterator[str]:
    size = lines = 0
    for number, source in cells:
        part = f"# %% cell {number}\n{source}\n"
        size, lines = size + len(part.encode()) + 1, lines + part.count("\n") + 1
        if size > LONGEST_TEXT or lines > MOST_LINES:
            return
        yield part
