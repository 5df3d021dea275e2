"""The lessons: what each page teaches, in Markdown that a teacher can edit, `lesson.md` in the page's folder.

A file's first line is the question that the page answers; `{name}` stands for the readout of that name, live.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent
FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A lesson as HTML: the question (one line, no tag around it) and what follows; and the readouts in it."""

    question: str
    body: str
    fields: frozenset[str]


@lru_cache(maxsize=16)
def read(name: str) -> Text:
    """The text of a lesson; HTML inside its Markdown stays plain text."""
    source = (FOLDER / name / "lesson.md").read_text("utf-8")
    heading, _, rest = source.partition("\n")
    markdown = _markdown()
    question = markdown.renderInline(heading.removeprefix("#").strip())
    body = _filled(markdown.render(rest))
    return Text(question, body, frozenset(FIELD.findall(rest)))


@dataclass(frozen=True, slots=True)
class Note:
    """A short text beside an experiment: its idea as HTML, and by press one plain line on what has just happened."""

    idea: str
    presses: Mapping[str, str]


@lru_cache(maxsize=16)
def note(page: str, name: str) -> Note:
    """The note of this name in the page's folder; a heading in it is the name of a press."""
    idea, sections = _sections(FOLDER / page / "notes" / f"{name}.md")
    return Note(_markdown().render(idea), {heading: _plain(text) for heading, text in sections})


@lru_cache(maxsize=1)
def tour(page: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How a page's tour is offered (one line), and for each of its stops the title and what is said, as HTML."""
    offer, sections = _sections(FOLDER / page / "tour.md")
    markdown = _markdown()
    stops = tuple((markdown.renderInline(title), _filled(markdown.render(text))) for title, text in sections)
    return _plain(offer.removeprefix("#")), stops


def _sections(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """What a file begins with, then each of its sections: heading and text."""
    beginning, *sections = path.read_text("utf-8").split("\n## ")
    parts = (section.partition("\n") for section in sections)
    return beginning, [(heading.strip(), text) for heading, _, text in parts]


def _markdown() -> MarkdownIt:
    """HTML in a text stays plain text."""
    return MarkdownIt("commonmark", {"html": False})


def _filled(body: str) -> str:
    return FIELD.sub(_place, body)


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def _place(field: re.Match[str]) -> str:
    """A place for a number, beside the page's own readout of the same name."""
    return f'<b data-readout="lesson_{field[1]}" data-of="{field[1]}"></b>'
