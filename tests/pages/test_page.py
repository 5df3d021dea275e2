"""The record of a page: what is hidden with what, and that every page's record fits its folder."""

from dataclasses import replace
from pathlib import Path

import pytest

from components.address.classroom import Classroom
from components.address.form import Form
from components.address.view import GraphView
from components.pages import index
from components.pages.index import PAGES, PATHS
from components.pages.page import Content, Page, Part, Predictable

FOLDER = Path(index.__file__).parent
EMPTY: Page[tuple[()]] = Page(
    name="map",
    title="Map",
    path="map",
    form=Form(make=tuple, fields=(), presets={"first": ()}),
    parts=(
        Part("answers", ""),
        Part("frame", "", hides=("map",)),
        Part("map", "", hides=("height",)),
        Part("height", "", shows_answers=True),
        Part("lesson", ""),
    ),
    update=lambda _: Content(static={"id": ""}),
    predictable={"top": Predictable("top", ("answers",)), "name": Predictable("name", ("lesson",))},
)


def hidden(revealed: bool = False, **classroom: tuple[str, ...]) -> set[str]:
    return set(EMPTY.hidden(replace(Classroom(), **classroom), revealed))  # type: ignore[arg-type]


def test_what_goes_with_a_part_goes_all_the_way() -> None:
    assert hidden() == set()
    assert hidden(named=("lesson",)) == {"lesson"}
    assert hidden(named=("map",)) == {"map", "height"}
    assert hidden(named=("frame",)) == {"frame", "map", "height"}
    assert hidden(omitted=("frame", "lesson")) == {"frame", "map", "height", "lesson"}


def test_where_answers_stand_is_hidden_with_them() -> None:
    assert hidden(named=("answers",)) == {"answers", "height"}


def test_parts_that_hide_each_other_do_not_hang() -> None:
    page = replace(EMPTY, parts=(Part("a", "", hides=("b",)), Part("b", "", hides=("a",))))
    assert page.hidden(Classroom(named=("a",)), revealed=False) == {"a", "b"}


def test_a_part_of_another_page_may_be_named() -> None:
    assert hidden(named=("jacobian",)) == {"jacobian"}


def test_what_is_to_be_predicted_is_hidden_until_it_is_revealed() -> None:
    assert hidden(predict=("top",)) == {"answers", "height"}
    assert hidden(predict=("top", "name")) == {"answers", "height", "lesson"}
    assert hidden(predict=("top",), revealed=True) == set()
    assert hidden(predict=("top",), named=("lesson",), revealed=True) == {"lesson"}
    assert hidden(predict=("dw",)) == set()
    assert EMPTY.open_questions(Classroom(predict=("name", "dw", "top"))) == ("top", "name")


def test_a_first_request_is_a_presets() -> None:
    request = EMPTY.first_request("first", "concept")
    assert (request.inputs, request.view.graph_view, request.hidden) == ((), GraphView("concept"), frozenset())


def test_pages_have_names_titles_and_paths_of_their_own() -> None:
    assert len(PATHS) == len({page.title for page in PAGES.values()}) == len(PAGES)
    assert next(iter(PATHS)) == ""
    assert all(PAGES.get(page.path, page) is page for page in PAGES.values())


def test_pages_are_the_folders() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/page.py")}
    assert set(PAGES) == folders
    assert all((FOLDER / name / "lesson.md").is_file() for name in PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_a_pages_words_are_about_its_parts(name: str) -> None:
    page = PAGES[name]
    names = [part.name for part in page.parts]
    assert len(set(names)) == len(names)
    assert {other for part in page.parts for other in part.hides} <= set(names)
    assert {part for one in page.predictable.values() for part in one.hides} <= set(names)
    assert all(part.title for part in page.parts)
    assert all(one.title for one in page.predictable.values())
    assert (page.questions is not None) == bool(page.predictable)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.questions])
def test_what_can_be_predicted_is_asked_and_read_out(name: str) -> None:
    page = PAGES[name]
    assert page.questions
    for title, inputs in page.form.presets.items():
        questions, _ = page.questions(inputs)
        assert [question.name for question in questions] == list(page.predictable), title
        readouts = page.update(page.first_request(title)).readouts
        asked = page.predictable.keys() - page.judges.keys()
        assert asked <= {name for numbers in readouts.values() for name in numbers}, title


@pytest.mark.parametrize("name", PAGES)
def test_readouts_stand_in_parts_of_the_page(name: str) -> None:
    page = PAGES[name]
    for title in page.form.presets:
        readouts = page.update(page.first_request(title)).readouts
        assert readouts.keys() <= {part.name for part in page.parts}, title
        names = [name for numbers in readouts.values() for name in numbers]
        assert len(set(names)) == len(names), title
