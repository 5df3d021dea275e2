"""The examples: what the recorder writes of their programs, and what each is there to show."""

import math
from typing import Any

import pytest

from components.recording.make_examples import FOLDER, NAMES, text_of
from components.recording.read import Recorded, RecordedNode, read
from components.recording.snapshots import opened


def example(name: str) -> Recorded:
    return read((FOLDER / f"{name}.json").read_bytes())


def largest(node: RecordedNode) -> float:
    summary = node.gradient.summary
    assert summary is not None
    assert summary.min is not None
    assert summary.max is not None
    return max(-summary.min, summary.max)


def place(node: RecordedNode) -> tuple[Any, ...]:
    return (node.id, node.op, node.name, node.module, node.line, node.source, node.shape)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_what_its_program_gives(name: str) -> None:
    assert (FOLDER / f"{name}.json").stat().st_size < 200_000
    kept, made = example(name), read(text_of(name).encode())
    for old, new in zip(kept.moments, made.moments, strict=True):
        assert [place(node) for node in old.nodes] == [place(node) for node in new.nodes]
        assert old.edges == new.edges
        for before, after in zip(old.nodes, new.nodes, strict=True):
            for one, other in ((before.value, after.value), (before.gradient, after.gradient)):
                assert (one.value is None) == (other.value is None)
                assert (one.value or ()) == pytest.approx(other.value or (), rel=1e-3, abs=1e-6, nan_ok=True)
        assert len(opened(old).moment.snapshot.graph.nodes) == len(old.nodes)


def test_every_program_is_one_of_them() -> None:
    assert {path.stem for path in FOLDER.glob("[a-z]*.py")} == {path.stem for path in FOLDER.glob("*.json")} == {*NAMES}


def test_without_detach_the_discriminators_pass_reaches_the_generator() -> None:
    first, second = example("gan").moments
    reached = {node.name: node for node in first.nodes if node.name.startswith("generator.")}
    assert len(reached) == 4
    for node in second.nodes:
        if node.name in reached:
            assert node.before is not None
            assert node.before.value == reached[node.name].gradient.value


def test_twelve_sigmoids_let_hardly_anything_through() -> None:
    nodes = {node.name: node for node in example("sigmoids").moments[0].nodes}
    weights = [largest(nodes[f"model.{layer}.weight"]) for layer in range(0, 24, 2)]
    assert weights[0] < weights[-1] * 1e-6


def test_the_first_nan_is_in_step_seven() -> None:
    losses = [moment.nodes[-1].value.value for moment in example("first_nan").moments]
    assert [bool(loss and math.isnan(loss[0])) for loss in losses] == [False] * 6 + [True] * 2
    wrong = [
        node.op for node in example("first_nan").moments[6].nodes if node.value.summary and node.value.summary.nonfinite
    ]
    assert wrong[0] == "LogBackward0"


def test_each_step_of_the_lstm_is_there() -> None:
    (moment,) = example("lstm").moments
    assert {node.name for node in moment.nodes} > {"cell.weight_ih", "cell.weight_hh", "head.bias", "loss"}
    assert sum(node.op == "TanhBackward0" for node in moment.nodes) == 20
