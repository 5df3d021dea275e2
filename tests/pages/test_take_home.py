"""Take it home: every page's script prints the very numbers that the page shows."""

import json
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.engine.losses import DTYPES, LOSSES
from components.engine.neuron import Inputs
from components.pages import PAGES
from components.session import Visit
from tests.interpreter import labelled, printed

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
}
"""By page: what its script prints, and the readout of the same number."""

MORE: Mapping[str, list[Any]] = {
    "neuron": [
        Inputs(w=w, y=y, loss=loss, dtype=dtype)
        for w in (3.0, -3.0)
        for y in (0.0, 1.0)
        for loss in LOSSES
        for dtype in DTYPES
    ],
}
"""By page: states beside its presets."""


def say(page: str, visit: Visit[Any]) -> dict[str, Any]:
    message, _ = PAGES[page].answer(visit)
    (length,) = struct.unpack_from("<I", message)
    said: dict[str, Any] = json.loads(message[4 : 4 + length])
    return said


@pytest.mark.parametrize("page", READOUTS)
def test_the_script_prints_the_pages_readouts(page: str, tmp_path: Path) -> None:
    states = [*PAGES[page].form.presets.values(), *MORE[page]]
    said = [say(page, Visit(state, answers=1, take="script")) for state in states]
    texts = printed([[told["script"]["py"]] for told in said], tmp_path)
    for state, told, text in zip(states, said, texts, strict=True):
        shown = {label: told["readouts"][name][0] for label, name in READOUTS[page].items()}
        assert labelled(text) == shown, state


@pytest.mark.parametrize("page", READOUTS)
@pytest.mark.parametrize("take", ["", "dot", "json", "Script", "script "])
def test_no_script_is_said_unless_it_is_asked_for(page: str, take: str) -> None:
    inputs = PAGES[page].form.make()
    assert "script" not in say(page, Visit(inputs, answers=1, take=take))


@pytest.mark.parametrize("page", READOUTS)
def test_the_files_are_named_after_the_page(page: str) -> None:
    said = say(page, Visit(PAGES[page].form.make(), answers=1, take="script"))
    assert said["script"].keys() == {"name", "py", "ipynb"}
    assert said["script"]["name"] == page


def test_asking_changes_nothing_else() -> None:
    visit: Visit[Any] = Visit(Inputs(), answers=1)
    asked = say("neuron", replace(visit, take="script"))
    asked.pop("script")
    assert asked == say("neuron", visit)
