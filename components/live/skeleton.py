"""What a page is built from in the browser: sent once, when it is opened."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from components.address.lists import Points, Runs
from components.drawing import controls
from components.pages import lessons
from components.pages.index import PAGES
from components.pages.page import Page, Part

FOLDER = Path(__file__).parents[1]


def skeleton(page: Page[Any], is_untouched: bool) -> dict[str, Any]:
    """The page's title, question and parts, all pages for the navigation, and what its class may be asked.

    A first visit (`is_untouched`) is offered the page's tour.
    """
    tour = _tour(page.name)
    return _skeleton(page.name) | ({"tour": tour if is_untouched else {**tour, "offer": ""}} if tour else {})


@lru_cache(maxsize=16)
def _skeleton(name: str) -> dict[str, Any]:
    page = PAGES[name]
    return {
        "page": name,
        "title": page.title,
        "question": lessons.read(name).question,
        "pages": [_link(other) for other in PAGES.values()],
        "defaults": {field.name: field.default for field in page.form.fields},
        "separators": {f.name: f.separator for f in page.form.fields if isinstance(f, Points | Runs)},
        "parts": [_part(page, part) for part in page.parts],
        "predictable": [{"name": name, "title": one.title} for name, one in page.predictable.items()],
        "usual": [name for name, one in page.predictable.items() if one.usual],
    }


def _link(page: Page[Any]) -> dict[str, Any]:
    """What a link to a page needs."""
    return {"name": page.name, "title": page.title, "path": page.path}


def _part(page: Page[Any], part: Part) -> dict[str, Any]:
    html = (FOLDER / part.html).read_text("utf-8") if part.html else ""
    if part.name == "lesson":
        html = f'<article class="readouts lesson">{lessons.read(page.name).body}</article>'
    return {
        "name": part.name,
        "title": part.title,
        "view": part.view,
        "html": html,
        "inside": part.inside,
        "hides": sorted(page.implied[part.name]),
    }


@lru_cache(maxsize=16)
def _tour(name: str) -> dict[str, Any]:
    page = PAGES[name]
    if not page.tour:
        return {}
    offer, texts = lessons.tour(name)
    return {
        "offer": offer,
        "values": controls.records(page.form)["presets"][0]["values"],
        "stops": [
            {"title": title, "html": html, "part": stop.part, "change": stop.change, "node": stop.node}
            for stop, (title, html) in zip(page.tour, texts, strict=True)
        ],
    }
