"""The lessons: that each can be read, that its numbers are the page's own, and that Markdown stays text."""

import html
import re
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest

from components.live.event import opening
from components.pages import lessons
from components.pages.gradient_lab.model import EXPERIMENTS
from components.pages.index import PAGES, PATHS
from components.pages.teach.worksheets import SHEETS
from tests.messages import answer

PLACES = ("formula", "walk", "pages")
"""What a tour points at that no address can hide: the page's own words for it."""


def readouts(name: str) -> set[str]:
    """What a page reads out where a visitor has touched nothing."""
    return set(answer(name)["readouts"])


@pytest.mark.parametrize("name", PAGES)
def test_a_lesson_asks_and_ends_with_something_to_predict(name: str) -> None:
    text = lessons.read(name)
    assert text.question.endswith("?")
    headings = [part.partition("<")[0] for part in text.body.split("<h2>")[1:]]
    assert name == "teach" or headings[-1] == "Predict"


@pytest.mark.parametrize("name", PAGES)
def test_the_numbers_of_a_lesson_are_its_pages(name: str) -> None:
    text = lessons.read(name)
    assert bool(text.fields) == (name not in ("playground", "recording")), "their numbers have a visitor's names"
    assert text.fields <= readouts(name)
    assert all(f'data-of="{field}"' in text.body for field in text.fields)
    assert "{" not in text.body


def test_the_tour_says_something_at_each_of_its_stops_with_the_pages_numbers() -> None:
    page = PAGES["neuron"]
    offer, stops = lessons.tour("neuron")
    assert len(stops) == len(page.tour)
    assert len({title for title, _ in stops}) == len(stops)
    fields = set(re.findall(r'data-of="(\w+)"', "".join(text for _, text in stops)))
    assert {"loss", "dw"} <= fields <= readouts("neuron")
    assert offer.isprintable()
    assert all("<strong>" in text for stop, (_, text) in zip(page.tour, stops, strict=True) if stop.change)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.tour])
def test_every_stop_of_a_tour_is_a_part_and_tries_what_can_be_set(name: str) -> None:
    page = PAGES[name]
    parts = {part.name for part in page.parts} | set(PLACES)
    settable = {field.name for field in page.form.fields} | {"", "view", "node", "step", "arrows"}
    assert {stop.part for stop in page.tour} <= parts
    assert {stop.change for stop in page.tour} <= settable


def test_every_link_of_the_teachers_plan_opens_what_it_says() -> None:
    cards = (lessons.FOLDER / "teach" / "lessons.html").read_text("utf-8")
    links = re.findall(r'href="\./([^"]*)"', lessons.read("teach").body + cards)
    assert len(links) >= 8 + 3 * len(SHEETS)
    for link in links:
        path, _, query = html.unescape(link).partition("?")
        page = PATHS[path]
        assert ("from=teach" in query) == (page.name != "teach"), link
        state = opening(page, query).state
        assert (state.notices, state.is_untouched) == ((), not query), link
        said = answer(page.name, query=f"?{query}", released=True)
        assert said["notices"] == [], link
        written = {name: text for name, text in said["address"].items() if text is not None}
        assert written.items() <= dict(parse_qsl(query)).items(), link
        again = opening(page, urlencode(written)).state
        assert (again.inputs, again.graph_view) == (state.inputs, state.graph_view), link


def test_html_in_a_lesson_is_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "lesson.md").write_text("# Why <b>?\n\n<script>alert(1)</script> {w}\n", "utf-8")
    monkeypatch.setattr(lessons, "FOLDER", tmp_path)
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
