"""The programs that come with the playground: all run, and say what their line about them says."""

import re

import pytest

from components.pages.playground.programs import programs
from components.sandbox.run import handle
from tests.sandbox.test_language import run_plainly

FAILING = ("why does it not require grad?", "why a second time?", "why was it changed in place?")


@pytest.mark.parametrize("name", programs())
def test_a_program_ends_as_in_plain_python(name: str) -> None:
    code = programs()[name].code
    answer = handle({"code": code, "draw": True})
    printed, error, _ = run_plainly(code)
    assert answer["refused"] is answer["limit"] is None
    assert answer["printed"] == printed
    assert (answer["error"] is not None) == (error is not None) == (name in FAILING)
    assert answer["moments"] or name == "why does it not require grad?"
    assert programs()[name].about.endswith(".")


def test_they_have_the_themes_that_the_page_promises() -> None:
    themes = [program.theme for program in programs().values()]
    assert list(dict.fromkeys(themes)) == ["The notebook", "Networks", "Training", "Why is it so?"]
    assert themes.count("Why is it so?") == 10
    assert not any(re.search(r"[^\x20-\x7e\n]", program.code) for program in programs().values())
