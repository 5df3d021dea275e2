"""Paths below the prefix under which the app is served."""

import pytest
import streamlit as st

from components.server import paths


@pytest.mark.parametrize(
    ("base", "path", "below"),
    [
        ("", "/_stcore/metrics", "_stcore/metrics"),
        ("", "//_stcore/metrics", "_stcore/metrics"),
        ("school/autograd", "/school/autograd/_stcore/health", "_stcore/health"),
        ("/autograd/", "/autograd", ""),
        ("autograd", "/autograd-2/live", "autograd-2/live"),
        ("autograd", "/live", "live"),
    ],
)
def test_a_path_is_read_below_the_prefix(monkeypatch: pytest.MonkeyPatch, base: str, path: str, below: str) -> None:
    monkeypatch.setattr(st, "get_option", lambda _: base)
    assert paths.below_base(path) == below


@pytest.mark.parametrize(("base", "route"), [("", "/live"), ("/", "/live"), ("/a/b/", "/a/b/live")])
def test_a_route_has_the_prefix(monkeypatch: pytest.MonkeyPatch, base: str, route: str) -> None:
    monkeypatch.setattr(st, "get_option", lambda _: base)
    assert paths.route("live") == route
    assert paths.below_base(route) == "live"
