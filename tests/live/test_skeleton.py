"""What a page is built from in the browser: that all of it is there, and that its places are filled."""

import re

import pytest

from components.browser import assets
from components.live.event import opening
from components.live.skeleton import FOLDER
from components.live.update import first_message
from components.pages import lessons
from components.pages.index import PAGES
from tests.messages import Message, answer, decode

PLACE = re.compile(r"<[^>]*\bdata-(?:readout|text|bar)=[^>]*>")


def opened(name: str, query: str = "") -> Message:
    return decode(first_message(opening(PAGES[name], query)))


@pytest.mark.parametrize("name", PAGES)
def test_the_first_message_is_an_update_with_a_skeleton(name: str) -> None:
    expected = answer(name, seq=0).fields  # what takes its time has been done for it
    first = opened(name)
    built = first.fields.pop("skeleton")
    assert first.fields == expected
    assert first["seq"] == 0
    assert "static" in first
    assert built["page"] == first["page"] == name


@pytest.mark.parametrize("name", PAGES)
def test_what_a_part_is_shown_by_is_there(name: str) -> None:
    for part in PAGES[name].parts:
        assert not part.html or (FOLDER / part.html).is_file(), part.html
        assert not part.view or part.view in assets.files(), part.view
        script = assets.files()[part.view].decode() if part.view else "export default class"
        assert "export default class" in script, part.view


@pytest.mark.parametrize("name", PAGES)
def test_a_skeleton_says_all_parts_of_its_page(name: str) -> None:
    page = PAGES[name]
    parts = {part["name"]: part for part in opened(name)["skeleton"]["parts"]}
    assert list(parts) == [part.name for part in page.parts]
    for part in page.parts:
        said = parts[part.name]
        assert (said["title"], said["view"]) == (part.title, part.view)
        assert said["hides"] == sorted(page.implied[part.name])
        assert not part.html or said["html"] == (FOLDER / part.html).read_text("utf-8")


def test_every_skeleton_has_the_navigation() -> None:
    for name in PAGES:
        pages = opened(name)["skeleton"]["pages"]
        assert [(page["name"], page["title"], page["path"]) for page in pages] == [
            (page.name, page.title, page.path) for page in PAGES.values()
        ]


def test_a_skeleton_has_the_pages_title_question_and_lesson() -> None:
    for name, page in PAGES.items():
        built = opened(name)["skeleton"]
        assert (built["title"], built["question"]) == (page.title, lessons.read(name).question)
        (lesson,) = (part["html"] for part in built["parts"] if part["name"] == "lesson")
        assert lessons.read(name).body in lesson


def test_a_skeleton_says_what_can_be_predicted_and_what_is_asked_where_nobody_says() -> None:
    built = opened("neuron")["skeleton"]
    assert built["predictable"] == [
        {"name": "dw", "title": "∂L/∂w"},
        {"name": "db", "title": "∂L/∂b"},
        {"name": "z", "title": "z"},
        {"name": "y_pred", "title": "ŷ"},
        {"name": "loss", "title": "L"},
    ]
    assert built["usual"] == ["dw", "db"]
    usual = {name: opened(name)["skeleton"]["usual"] for name in PAGES}
    assert usual == {
        "neuron": ["dw", "db"],
        "chain_rule": ["dz_dx"],
        "vectors": ["grad"],
        "gradient_lab": [],
        "training": ["next"],
        "playground": [],
        "teach": [],
        "recording": [],
    }


def test_only_a_first_visit_is_offered_the_tour() -> None:
    offer, stops = lessons.tour("neuron")
    first = opened("neuron")["skeleton"]["tour"]
    assert first["offer"] == offer
    assert [(stop["title"], stop["html"]) for stop in first["stops"]] == list(stops)
    assert [(stop["part"], stop["change"], stop["node"]) for stop in first["stops"]] == [
        (stop.part, stop.change, stop.node) for stop in PAGES["neuron"].tour
    ]
    expected = {"x": 6.7, "w": 1.0, "b": 0.0, "y": 0.0, "loss": "notebook", "dtype": "float32", "beside": ""}
    assert first["values"] == expected
    for query in ("w=2", "tour=off", "?tour=3", "theme=dark", "embed=true"):
        tour = opened("neuron", query)["skeleton"]["tour"]
        assert (tour["offer"], tour["stops"]) == ("", first["stops"]), query
    assert not any(opened(name)["skeleton"].get("tour") for name in PAGES if name != "neuron")


@pytest.mark.parametrize("name", PAGES)
def test_every_place_for_a_number_or_a_text_is_filled(name: str) -> None:
    """A misspelt name would read as a covered number."""
    first = opened(name, "?beside=y" if name == "neuron" else "")
    said = first["readouts"].keys() | first.fields.get("texts", {}).keys() | first["static"].get("texts", {}).keys()
    tour = first["skeleton"].get("tour") or {"stops": []}
    html = "".join(part["html"] for part in (*first["skeleton"]["parts"], *tour["stops"]))
    places = [dict(re.findall(r'\bdata-(\w+)="([^"]*)"', tag)) for tag in PLACE.findall(html)]
    names = {place.get("of") or place.get("readout") or place.get("text") or place["bar"] for place in places}
    assert names <= said
    assert bool(names) == (name not in ("playground", "recording")), "their views have all places of their numbers"


def test_a_misspelt_place_is_noticed() -> None:
    (place,) = PLACE.findall('<p><b class="a" data-readout="lesson_dw" data-of="wd"></b></p>')
    assert dict(re.findall(r'\bdata-(\w+)="([^"]*)"', place)) == {"readout": "lesson_dw", "of": "wd"}


def test_a_skeleton_is_the_same_for_everybody() -> None:
    assert opened("neuron", "w=2&hide=lesson")["skeleton"] == opened("neuron", "b=3&present=1")["skeleton"]
