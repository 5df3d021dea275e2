"""Where nodes stand: apart from each other, on the right side of their consumers, and without any text from outside."""

import itertools
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor

from components.drawing import layout
from components.drawing.layout import CARD, INPUT_CARD, Direction, Layout, NoGraphvizError, Plan
from components.graph import read
from components.graph.model import Structure
from components.pages.neuron import model as neuron
from components.pages.neuron.model import Inputs

DIRECTIONS: tuple[Direction, ...] = ("LR", "TB")
Box = tuple[float, float, float, float]


def structure_of(result: Tensor, **names: Tensor) -> Structure:
    return read.snapshot(result, names=names).graph.structure


def wide() -> Structure:
    leaves = [torch.tensor(1.0, requires_grad=True) for _ in range(12)]
    return structure_of(torch.stack([torch.sin(one) for one in leaves]).sum())


def mixed() -> Structure:
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    return structure_of((x * x + torch.sin(x) * x.mean()).sum() / x.max(), x=x)


STRUCTURES = {
    "neuron": neuron.run(Inputs()).graph.structure,
    "wide": wide(),
    "mixed": mixed(),
    "leaf": structure_of(torch.tensor(1.0, requires_grad=True)),
    "number": structure_of(torch.tensor(1.0)),
}
CASES = list(itertools.product(STRUCTURES, DIRECTIONS))


def overlapping(boxes: tuple[Box, ...]) -> list[tuple[int, int]]:
    """The pairs of boxes that share a point inside both."""
    return [
        (i, j)
        for (i, (x, y, w, h)), (j, (x2, y2, w2, h2)) in itertools.combinations(enumerate(boxes), 2)
        if x < x2 + w2 and x2 < x + w and y < y2 + h2 and y2 < y + h
    ]


def ends(structure: Structure, placed: Layout) -> Iterator[tuple[Box, Box]]:
    """The boxes of each edge's input and consumer."""
    box = dict(zip((node[0] for node in structure.nodes), placed.nodes, strict=True))
    for _, consumer, source in structure.edges:
        yield box[source], box[consumer]


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing remembered from before, and nothing left for afterwards."""
    layout.program.cache_clear()
    layout.place.cache_clear()
    yield
    layout.program.cache_clear()
    layout.place.cache_clear()


@pytest.mark.parametrize(("name", "direction"), CASES)
def test_no_two_cards_overlap(name: str, direction: Direction) -> None:
    assert overlapping(layout.place(Plan(STRUCTURES[name], direction)).nodes) == []


def test_the_comparison_sees_an_overlap() -> None:
    boxes = ((0.0, 0.0, 10.0, 10.0), (9.0, 9.0, 10.0, 10.0), (19.0, 0.0, 5.0, 5.0))
    assert overlapping(boxes) == [(0, 1)]


@pytest.mark.parametrize(("name", "direction"), CASES)
def test_inputs_stand_before_their_consumers(name: str, direction: Direction) -> None:
    structure = STRUCTURES[name]
    across, size = (0, 2) if direction == "LR" else (1, 3)
    for source, consumer in ends(structure, layout.place(Plan(structure, direction))):
        assert source[across] + source[size] <= consumer[across]


@pytest.mark.parametrize(("name", "direction"), CASES)
def test_cards_have_their_size_and_stay_on_the_page(name: str, direction: Direction) -> None:
    structure = STRUCTURES[name]
    placed = layout.place(Plan(structure, direction))
    for (_, op, _, _), (left, top, width, height) in zip(structure.nodes, placed.nodes, strict=True):
        assert (width, height) == (INPUT_CARD if op == "input" else CARD)
        assert left >= -0.1
        assert top >= -0.1
        assert left + width <= placed.width + 0.1
        assert top + height <= placed.height + 0.1


@pytest.mark.parametrize(("name", "direction"), CASES)
def test_every_edge_runs_from_its_input_to_its_consumer(name: str, direction: Direction) -> None:
    structure = STRUCTURES[name]
    placed = layout.place(Plan(structure, direction))
    assert len(placed.edges) == len(structure.edges)
    for points, (source, consumer) in zip(placed.edges, ends(structure, placed), strict=True):
        assert len(points) % 3 == 1
        assert points[0] == pytest.approx(leaving(source, direction), abs=1)
        assert points[-1] == pytest.approx(entering(consumer, direction), abs=1)


def leaving(box: Box, direction: Direction) -> tuple[float, float]:
    left, top, width, height = box
    return (left + width, top + height / 2) if direction == "LR" else (left + width / 2, top + height)


def entering(box: Box, direction: Direction) -> tuple[float, float]:
    left, top, width, height = box
    return (left, top + height / 2) if direction == "LR" else (left + width / 2, top)


def test_a_structure_is_laid_out_once(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first = layout.place(Plan(neuron.run(Inputs()).graph.structure, "LR"))
    monkeypatch.setattr(layout, "_run", None)
    assert layout.place(Plan(neuron.run(Inputs(w=3.0, y=1.0)).graph.structure, "LR")) is first


def test_without_a_program_there_is_one_clear_sentence(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(NoGraphvizError, match=r"^Graphviz is not installed: pip install graphviz-pure, .*\.$"):
        layout.place(Plan(STRUCTURES["neuron"], "LR"))


def test_a_program_that_is_installed_later_is_found(fresh: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(NoGraphvizError):
        layout.place(Plan(STRUCTURES["leaf"], "LR"))
    monkeypatch.undo()
    assert len(layout.place(Plan(STRUCTURES["leaf"], "LR")).nodes) == 1


@pytest.mark.parametrize(
    "script",
    ["exit 1", "echo not JSON", "exec sleep 5", "kill -9 $$"],
    ids=["fails", "answers nonsense", "hangs", "dies"],
)
def test_a_program_that_does_not_work_is_said(
    fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str
) -> None:
    broken = tmp_path / "dot"
    broken.write_text(f"#!/bin/sh\n{script}\n")
    broken.chmod(0o755)
    monkeypatch.setattr(layout, "program", lambda: str(broken))
    monkeypatch.setattr(layout, "SECONDS", 0.5)
    with pytest.raises(NoGraphvizError, match="Graphviz could not lay the graph out"):
        layout.place(Plan(STRUCTURES["leaf"], "LR"))


def test_the_program_beside_python_comes_first(fresh: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder, name in (("beside", "dot"), ("elsewhere", "dot"), ("beside", "python")):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).touch(0o755)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "beside" / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "elsewhere"))
    assert layout.program() == str(tmp_path / "beside" / "dot")


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("name", ["evil", '"]; n0 [image="/etc/passwd"', "<b>x</b>", "a\\", "\n}"])
def test_no_text_from_outside_reaches_the_program(name: str, direction: Direction) -> None:
    x = torch.tensor(1.0, requires_grad=True)
    plain = structure_of(torch.sin(x) * x, x=x)
    named = structure_of(torch.sin(x) * x, **{name: x})
    assert named != plain
    assert layout.dot(Plan(named, direction)) == layout.dot(Plan(plain, direction))


def test_the_direction_is_told() -> None:
    sources = [layout.dot(Plan(STRUCTURES["neuron"], direction)) for direction in DIRECTIONS]
    assert ["rankdir=LR" in source for source in sources] == [True, False]
    assert ["rankdir=TB" in source for source in sources] == [False, True]
