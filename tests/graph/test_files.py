"""A snapshot as JSON and as a pickle, there and back: every page's states, and what is no snapshot refused."""

import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
import torch

from components.graph import files, fold, read, walk
from components.graph.files import FileError
from components.graph.model import Graph, Node, Number, Snapshot
from components.graph.record import Recording
from components.losses import LOSSES
from components.pages.chain_rule import model as chain
from components.pages.chain_rule.page import FORM as CHAIN
from components.pages.gradient_lab import model as lab
from components.pages.gradient_lab.page import FORM as LAB
from components.pages.neuron import model as neuron
from components.pages.neuron.page import FORM as NEURON
from components.pages.vectors import model as vectors
from components.pages.vectors.page import FORM as VECTORS
from tests.graph.test_read import STATES, leaf

PAGES: dict[str, tuple[Mapping[str, Any], Callable[[Any], Any]]] = {
    "neuron": (NEURON.presets, neuron.run),
    "chain rule": (CHAIN.presets, chain.run),
    "vectors": (VECTORS.presets, vectors.run),
    "gradient lab": (LAB.presets, lab.run),
}


def snapshots() -> Iterator[tuple[str, Snapshot]]:
    """Every page's presets, the neuron's corners (nan, inf) by every loss, all reductions and experiments, and more."""
    for page, (presets, run) in PAGES.items():
        yield from ((f"{page}: {name}", run(inputs).snapshot) for name, inputs in presets.items())
    for at in STATES:
        yield from (
            (f"{at} {name}", neuron.run(neuron.Inputs(at.x, at.w, at.b, at.y, name)).snapshot) for name in LOSSES
        )
    yield "float64", neuron.run(neuron.Inputs(dtype="float64")).snapshot
    yield "the chain's first step", chain.run(chain.Inputs(result="y")).snapshot
    for reduce in vectors.PROGRAMS:
        yield reduce, vectors.run(vectors.Inputs((0.0, -1.0), reduce, (1.0, 2.0))).snapshot
    for name, experiment in lab.EXPERIMENTS.items():
        yield name, lab.run(lab.Lab(3.0, name, tuple(experiment.presses))).snapshot
    yield "matrix", matrix()
    yield "leaf", read.snapshot(leaf(3.0))
    yield "constant", read.snapshot(torch.tensor(3))


def matrix() -> Snapshot:
    """Lists of lists with nan and inf, booleans, an operation of two results, a name that is not easily written."""
    x = torch.tensor([[1.0, -1.0], [0.0, float("inf")]], requires_grad=True)
    with Recording() as recording:
        first, second = torch.log(x * 2).unbind()
        result = (first * torch.tensor([True, False])).sum() + second.max()
    return read.snapshot(result, recording, {'ŷ "\\\n': x, "r": result})


SNAPSHOTS = dict(snapshots())
ALL = pytest.mark.parametrize("snapshot", SNAPSHOTS.values(), ids=SNAPSHOTS.keys())


def same(a: Any, b: Any) -> bool:
    """Whether two things are alike, digit for digit, nan like nan."""
    if type(a) is not type(b):
        return False
    if is_dataclass(a):
        return all(same(getattr(a, field.name), getattr(b, field.name)) for field in fields(a))
    if isinstance(a, Mapping):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b) if isinstance(a, frozenset) else repr(a) == repr(b)


def types(thing: object) -> Iterator[type]:
    """The types of all that a snapshot holds."""
    yield type(thing)
    inside = [getattr(thing, field.name) for field in fields(thing)] if isinstance(thing, Snapshot) else []
    inside += thing.values() if isinstance(thing, Mapping) else thing if isinstance(thing, (tuple, list)) else []
    for one in inside:
        yield from types(one)


@ALL
def test_json_there_and_back(snapshot: Snapshot) -> None:
    assert same(files.from_json(files.to_json(snapshot)), snapshot)


@ALL
def test_a_pickle_there_and_back(snapshot: Snapshot) -> None:
    assert same(pickle.loads(pickle.dumps(snapshot)), snapshot)


@ALL
def test_nothing_of_torchs_is_in_a_snapshot(snapshot: Snapshot) -> None:
    assert not [kind for kind in types(snapshot) if kind.__module__.startswith("torch")]


def test_the_states_have_all_that_can_be_in_a_snapshot() -> None:
    every = SNAPSHOTS.values()
    assert any(one.graph.regions for one in every)
    assert any(one.graph.kept for one in every)
    assert any(one.seen for one in every)
    assert any(one.folds for one in every)
    numbers = repr([one.graph for one in every])
    assert all(word in numbers for word in ("nan", "inf", "-inf", "[[", "-0.0", "True"))


@pytest.mark.parametrize("change", [(1.0, 1.0000000000000002), (0.0, -0.0), (float("nan"), None), ([1.0], [1])])
def test_a_number_that_is_another_would_be_noticed(change: tuple[Number, Number]) -> None:
    one, other = (Snapshot(Graph((Node("a", "op", "", "", (), "", number, None),), ())) for number in change)
    assert same(one, one)
    assert not same(one, other)
    assert not same(files.from_json(files.to_json(one)), other)


def test_what_was_read_can_be_folded_and_walked() -> None:
    snapshot = neuron.run(neuron.Inputs()).snapshot
    read_back = files.from_json(files.to_json(snapshot))
    assert fold.fold(read_back) == fold.fold(snapshot)
    assert walk.steps(read_back.graph) == walk.steps(snapshot.graph)


RECORD = files.to_record(neuron.run(neuron.Inputs()).snapshot)


def changed(path: str, value: object) -> str:
    """The neuron's file with one thing in it replaced; `path` leads there, `-` takes the thing away."""
    record = json.loads(json.dumps({"format": files.FORMAT, **RECORD}))
    *way, last = [int(step) if step.isdigit() else step for step in path.split(" ")]
    place = record
    for step in way:
        place = place[step]
    place[last] = value
    if value == "-":
        del place[last]
    return json.dumps(record)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "3", '"x"', "{}", '{"format": "autograd-explorer/1"}', "[" * 100_000, "9" * 10_000, "NaN"],
    ids=lambda text: text[:12],
)
def test_what_is_no_snapshot_is_refused(text: str) -> None:
    with pytest.raises(FileError):
        files.from_json(text)


PLACES = [
    "nodes", "edges", "nodes 0", "edges 0", "nodes 0 id", "nodes 0 shape", "edges 0 from", "edges 0 to", "folds",
    "folds z", "folds z members", "folds z edges", "saved", "saved mul", "operands", "regions", "format",
]  # fmt: skip


@pytest.mark.parametrize("value", [None, 3, "x", "-", {}, [3], [None], {"w": 3}, True, [[[]]], {"w": [{}]}], ids=repr)
@pytest.mark.parametrize("path", PLACES)
def test_a_file_with_one_thing_wrong_is_refused_or_can_be_shown(path: str, value: object) -> None:
    snapshot = refused_or_read(changed(path, value))
    for graph in (snapshot.graph, fold.fold(snapshot)) if snapshot else ():
        assert walk.steps(graph)
        assert graph.edges_from()


def refused_or_read(text: str) -> Snapshot | None:
    try:
        return files.from_json(text)
    except FileError:
        return None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("nodes 0 value", "1.0"),
        ("nodes 0 value", {}),
        ("nodes 0 value", [1.0, "x"]),
        ("nodes 0 value", 10**400),
        ("nodes 0 id", "x"),
        ("nodes 1 id", "w"),
        ("nodes 0 shape", [-1]),
        ("nodes 0 shape", [True]),
        ("nodes", []),
        ("edges 0 from", "nowhere"),
        ("edges 0 from", "w"),
        ("folds z members", ["nowhere"]),
        ("folds nowhere", {"members": [], "edges": []}),
        ("format", "autograd-explorer/2"),
        ("seen", {"values": [], "gradients": []}),
        ("kept", [1.0]),
    ],
)
def test_what_cannot_be_is_refused(path: str, value: object) -> None:
    with pytest.raises(FileError):
        files.from_json(changed(path, value))


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_has_not_are_refused(constant: str) -> None:
    with pytest.raises(FileError):
        files.from_json(changed("nodes 0 value", "?").replace('"?"', constant))
