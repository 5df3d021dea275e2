"""Paths that are no page's."""

import pytest
from starlette.types import Scope

from components.pages.index import PATHS
from components.server import unknown_pages


def sent_to(path: str, query: bytes = b"") -> str | None:
    scope: Scope = {"type": "http", "path": path, "query_string": query}
    answer = unknown_pages.redirection(scope)
    return answer.headers["location"] if answer else None


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_shown_where_it_is(path: str) -> None:
    assert sent_to(f"/{path}", b"w=2") is None


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/nothing", "./?w=2#/nothing"),
        ("/a/b", "../?w=2#/a/b"),
        ("/a/", "../?w=2#/a"),
        ("/Vectors/", "../vectors?w=2"),
        ("/“no”?#", "./?w=2#/%E2%80%9Cno%E2%80%9D%3F%23"),
        ("/" + "a" * 99, "./?w=2#/" + "a" * unknown_pages.LONGEST),
    ],
)
def test_another_path_leads_to_the_first_page_and_is_kept(path: str, to: str) -> None:
    assert sent_to(path, b"w=2") == to
