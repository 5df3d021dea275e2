"""The lessons: that each can be read, that its numbers are the page's own, and that Markdown stays text."""

import html
import json
import re
import struct
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from components.address import classroom as room
from components.address import state
from components.pages import lessons
from components.pages.gradient_lab.model import EXPERIMENTS
from components.pages.index import PAGES
from components.pages.lessons import LESSONS, Lesson
from components.session import Visit


def readouts(name: str) -> set[str]:
    """What a page reads out where a visitor has touched nothing."""
    message, _ = PAGES[name].answer(Visit(PAGES[name].form.make()))
    (length,) = struct.unpack_from("<I", message)
    return set(json.loads(message[4 : 4 + length])["readouts"])


def test_every_page_has_a_lesson_and_every_lesson_a_page() -> None:
    assert list(LESSONS) == list(PAGES)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_asks_and_ends_with_something_to_predict(name: str) -> None:
    text = lessons.read(name)
    assert text.question.endswith("?")
    headings = [part.partition("<")[0] for part in text.body.split("<h2>")[1:]]
    assert headings[-1] == "Predict"


@pytest.mark.parametrize("name", LESSONS)
def test_the_numbers_of_a_lesson_are_its_pages(name: str) -> None:
    text = lessons.read(name)
    assert text.fields
    assert text.fields <= readouts(name)
    assert all(f'data-of="{field}"' in text.body for field in text.fields)
    assert "{" not in text.body


def test_the_tour_says_something_at_each_of_its_stops_with_the_pages_numbers() -> None:
    offer, stops = lessons.tour()
    assert len(stops) == len(room.TOUR)
    assert len({title for title, _ in stops}) == len(stops)
    fields = set(re.findall(r'data-of="(\w+)"', "".join(text for _, text in stops)))
    assert {"loss", "dw"} <= fields <= readouts(room.TOUR_PAGE)
    assert offer.isprintable()
    assert all("<strong>" in text for stop, (_, text) in zip(room.TOUR, stops, strict=True) if stop.change)


def test_every_link_of_the_teachers_plan_opens_what_it_says() -> None:
    links = re.findall(r'href="\./([^"]*)"', lessons.read("teach").body)
    assert len(links) >= 8
    names = {lesson.path: name for name, lesson in LESSONS.items()}
    for link in links:
        path, _, query = html.unescape(link).partition("?")
        address = parse_qs(query, strict_parsing=True)
        form = PAGES[names[path]].form
        record, notices = form.read(address)
        more = (*state.read_view(address)[1], *room.read_classroom(address)[1])
        assert (notices, more) == ((), ())
        ours = {field.name for field in form.fields} | {"node", "step", "view", "open", "h", *room.ROOM}
        assert set(address) <= ours
        shown = PAGES[names[path]].answer(Visit(record, state.read_view(address)[0]))[1]
        assert shown.node == state.read_view(address)[0].node


def test_html_in_a_lesson_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.md").write_text("# Why <b>?\n\n<script>alert(1)</script> {w}\n", "utf-8")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path)
    monkeypatch.setattr(lessons, "LESSONS", {"a": Lesson("A", "a", "a.md")})
    lessons.read.cache_clear()
    text = lessons.read("a")
    lessons.read.cache_clear()
    assert text.question == "Why &lt;b&gt;?"
    assert "<script" not in text.body
    assert text.fields == {"w"}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_experiment_has_an_idea_and_a_line_for_each_press(name: str) -> None:
    note = lessons.note("gradient_lab", name)
    assert note.idea.startswith("<p>")
    assert note.presses.keys() == EXPERIMENTS[name].presses.keys()
    assert all(0 < len(line) < 160 and "`" not in line for line in note.presses.values())
