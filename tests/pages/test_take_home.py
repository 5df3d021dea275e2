"""Take it home: every page's script prints the very numbers that the page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from components.pages.chain_rule import model as chain
from components.pages.index import PAGES
from tests.interpreter import labelled, printed
from tests.messages import Message, answer

READOUTS: Mapping[str, Mapping[str, str]] = {
    "neuron": {
        "z": "z",
        "y_pred": "y_pred",
        "loss": "loss",
        "w.grad": "dw",
        "b.grad": "db",
        "dL/dw by hand": "manual_dw",
        "dL/db by hand": "manual_db",
    },
    "chain_rule": {
        "y": "y",
        "z": "z",
        "dz/dy": "dz_dy",
        "dz/dx": "dz_dx",
        "dz/dx by hand": "manual_dz_dx",
        "dz/dx by the notebook": "notebook_dz_dx",
        "dy/dx": "dy_dx",
        "dy/dx by hand": "manual_dy_dx",
    },
    "vectors": {"y": "y", "x.grad": "grad", "jacobian": "jacobian"},
    "gradient_lab": {"x.grad": "grad"},
    "training": {"loss": "loss", "w": "w", "b": "b"},
}
"""By page: what its script prints, and the readout of the same number."""

WITH_SCRIPT = [name for name, page in PAGES.items() if page.script]


@dataclass(frozen=True)
class Home:
    """One preset's script at home: what the page said, and what the program printed there."""

    state: Any
    said: Message
    program: str


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Home]]:
    """By page: all its presets, and the chain's first step, run in one fresh Python: torch takes seconds to load."""
    states = [(page, state) for page in WITH_SCRIPT for state in PAGES[page].form.presets.values()]
    states.append(("chain_rule", chain.Inputs(result="y")))
    taken = [(page, state, answer(page, state, export="script")) for page, state in states]
    texts = printed([[said["script"]["py"]] for _, _, said in taken], tmp_path_factory.mktemp("home"))
    found: dict[str, list[Home]] = {page: [] for page in WITH_SCRIPT}
    for (page, state, said), program in zip(taken, texts, strict=True):
        found[page].append(Home(state, said, program))
    return found


def test_every_page_says_what_its_script_prints() -> None:
    assert READOUTS.keys() == set(WITH_SCRIPT)


@pytest.mark.parametrize("page", READOUTS)
def test_the_program_prints_the_pages_readouts(page: str, homes: Mapping[str, list[Home]]) -> None:
    for home in homes[page]:
        found = labelled(home.program)
        assert found == {label: home.said["readouts"][READOUTS[page][label]][0] for label in found}, home.state
    assert {label for home in homes[page] for label in labelled(home.program)} == READOUTS[page].keys()


def test_what_torch_refuses_for_a_vector_is_printed_too(homes: Mapping[str, list[Home]]) -> None:
    refused = [[line["error"] for line in home.said["code"] if "error" in line] for home in homes["vectors"]]
    caught = [[line for line in home.program.splitlines() if "Error: " in line] for home in homes["vectors"]]
    assert caught == refused
    assert any(refused)


@pytest.mark.parametrize("page", PAGES)
def test_no_script_is_said_unless_it_is_asked_for(page: str) -> None:
    for export in ("", "dot", "json", "Script", "script "):
        assert "script" not in answer(page, export=export), export
    assert ("script" in answer(page, export="script")) == (page in WITH_SCRIPT)


@pytest.mark.parametrize("page", WITH_SCRIPT)
def test_no_script_is_said_where_it_is_hidden(page: str) -> None:
    """It prints the answers."""
    for query in ("?hide=take-home", "?hide=answers", "?embed=true"):
        assert "script" not in answer(page, query=query, export="script"), query
    assert "script" in answer(page, query="?embed=true&show=take-home", export="script")


@pytest.mark.parametrize("page", WITH_SCRIPT)
def test_the_files_are_named_after_the_page_and_asking_changes_nothing_else(page: str) -> None:
    asked = answer(page, export="script")
    script = asked.fields.pop("script")
    assert script.keys() == {"name", "py", "ipynb", "playground"}
    assert script["name"] == page
    assert asked.fields == answer(page).fields
