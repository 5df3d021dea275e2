"""Recordings read back: the same numbers as torch's, and one sentence for everything that is none."""

import copy
import io
import json
import pickle
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from components.graph.model import Number
from components.recording import limits
from components.recording.read import Recorded, read
from components.recording.recorder import record
from components.recording.schema import RefusedError
from components.recording.snapshots import Opened, opened
from tests.recording.programs import Classifier, backward


def small() -> bytes:
    w = torch.tensor([0.1, -0.7, 3.0], requires_grad=True)
    b = torch.tensor(0.3, requires_grad=True)
    with record() as r:
        backward(torch.tanh(w * w + b).sum())
    text: str = r.text()
    return text.encode()


SMALL = small()
RECORD: dict[str, Any] = json.loads(SMALL)


def whole(tensor: Tensor) -> Number:
    numbers: Number = tensor.tolist() if tensor.numel() <= limits.MOST_NUMBERS else None
    return numbers


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_what_is_read_is_what_torch_says(dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    model, x = Classifier().to(dtype).eval(), torch.randn(2, 1, 8, 8, dtype=dtype)
    with record() as r:
        scores = model(x)
        loss = nn.functional.cross_entropy(scores, torch.tensor([2, 0]))
        backward(loss, retain_graph=True)
    asked = {"scores": scores, "loss": loss} | {f"model.{name}": p for name, p in model.named_parameters()}
    gradients = dict(zip(asked, torch.autograd.grad(loss, list(asked.values())), strict=True))
    moment, nodes, _ = opened(read(r.text().encode()).moments[0])
    graph = moment.snapshot.graph
    for name, tensor in asked.items():
        node = graph.node(name)
        assert (node.shape, node.dtype) == (tuple(tensor.shape), str(dtype).removeprefix("torch."))
        assert (node.value, node.gradient) == (whole(tensor), whole(gradients[name]))
        assert nodes[name].value.value == tuple(tensor.flatten()[:16].tolist())
        assert nodes[name].gradient.value == tuple(gradients[name].flatten()[:16].tolist())
    assert graph.result == "loss"
    order = [node.id for node in graph.nodes]
    assert all(order.index(edge.input) < order.index(edge.consumer) for edge in graph.edges)
    assert moment.snapshot.seen is None


def test_zeros_are_counted_and_may_be_missing() -> None:
    w = torch.tensor([0.0, -0.0, 3.0], requires_grad=True)
    with record() as r:
        backward((w.repeat(40) * w.repeat(40)).sum())
    text = r.text()
    for data, counts in ((text, [80, 2]), (re.sub(r',"zeros":\d+', "", text), [None, None])):
        nodes = {node.op: node for node in read(data.encode()).moments[0].nodes}
        summaries = nodes["MulBackward0"].value.summary, nodes["AccumulateGrad"].gradient.summary
        assert [summary.zeros for summary in summaries if summary] == counts


def test_edges_carry_what_arrives_where_they_alone_lead_there() -> None:
    moment, nodes, _ = opened(read(SMALL).moments[0])
    assert [(node.id, node.op) for node in moment.snapshot.graph.nodes] == [
        ("b", "AccumulateGrad"),
        ("w", "AccumulateGrad"),
        ("mul", "MulBackward0"),
        ("add", "AddBackward0"),
        ("tanh", "TanhBackward0"),
        ("result", "SumBackward0"),
    ]
    graph = moment.snapshot.graph
    flows = {(edge.consumer, edge.input): edge.gradient for edge in graph.edges}
    assert flows["result", "tanh"] == graph.node("tanh").gradient == [1.0, 1.0, 1.0]
    assert flows["mul", "w"] is None
    assert graph.node("tanh").expression == "tanh(w·w + b)"
    assert moment.lines["tanh"] == nodes["tanh"].line
    assert nodes["w"].before is not None
    assert nodes["w"].before.value is None
    assert nodes["w"].after == nodes["w"].gradient


def test_what_the_pass_did_not_reach_is_not_seen() -> None:
    w = torch.tensor([0.1, -0.7], requires_grad=True)
    v = torch.tensor(0.5, requires_grad=True)
    with record() as r:
        torch.autograd.grad((w * v).sum(), v)
    seen = opened(read(r.text().encode()).moments[0]).moment.snapshot.seen
    assert seen is not None
    assert seen.values - seen.gradients == {"w"}
    assert seen.edges == {"sum.0-mul", "mul.1-v"}


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        read(data)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 250
    return sentence


def archive() -> bytes:
    file = io.BytesIO()
    torch.save(nn.Linear(2, 2), file)
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("graph.json", SMALL)
    return file.getvalue()


BAD = {
    "empty": (b"", "cannot be read as JSON"),
    "truncated": (SMALL[:-20], "its end is missing"),
    "more behind it": (SMALL + b"{}", "cannot be read as JSON"),
    "a model's file": (archive(), "such as torch.save writes"),
    "a zip": (zipped(), "zip file or a pickle"),
    "a pickle": (pickle.dumps(RECORD), "zip file or a pickle"),
    "not UTF-8": (SMALL.decode().encode("utf-16"), "no text in UTF-8"),
    "halves of characters": (b'{"format":"\xed\xa0\x80"}', "no text in UTF-8"),
    "huge": (b" " * limits.LARGEST_FILE + SMALL, "4 MB are the most"),
    "deep": (b"[" * 100_000 + b"]" * 100_000, "too deep"),
    "deep objects": (b'{"a":' * 1_000_000, "4 MB are the most|too deep"),
    "keys twice": (SMALL.replace(b'"left_out":0', b'"left_out":0,"left_out":1'), "the same key twice"),
    "NaN": (SMALL.replace(b'"left_out":0', b'"left_out":NaN'), "NaN is no number"),
    "-Infinity": (SMALL.replace(b'"left_out":0', b'"left_out":-Infinity'), "-Infinity is no number"),
    "1e999": (SMALL.replace(b'"left_out":0', b'"left_out":1e999'), "1e999 is no number"),
    "an endless number": (SMALL.replace(b'"left_out":0', b'"left_out":1' + b"0" * 99_999), "is no number"),
    "a list": (b"[]", "it should be an object"),
    "a number": (b"1", "it should be an object"),
    "another version": (SMALL.replace(b"explorer/1", b"explorer/2"), "is not “autograd-explorer/1”"),
    "a notebook": (b'{"cells": [], "nbformat": 4}', "is not “autograd-explorer/1”"),
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_recording_is_refused_in_one_sentence(kind: str) -> None:
    data, sentence = BAD[kind]
    with pytest.raises(AssertionError) if sentence == "" else pytest.raises(RefusedError, match=sentence):
        read(data)
    refusal(data)


def changed(*path: Any, to: Any) -> bytes:
    """The small recording with another value at a place."""
    found = copy.deepcopy(RECORD)
    *way, last = ("moments", 0, *path)
    inside: Any = found
    for key in way:
        inside = inside[key]
    inside[last] = to
    return json.dumps(found).encode()


IMPOSSIBLE = {
    "an edge to nowhere": (changed("edges", 0, "to", to="n99"), r"edges\[0\] should be between two nodes"),
    "a cycle": (changed("edges", 0, to={"from": "n0", "to": "n5", "local": None, "grad": None}), "without a cycle"),
    "an edge to itself": (changed("edges", 0, "from", to=RECORD["moments"][0]["edges"][0]["to"]), "without a cycle"),
    "an id twice": (changed("nodes", 1, "id", to="n0"), "an id that stands twice"),
    "no node": (changed("nodes", to=[]), r"nodes should be a list of 1 to 5,000"),
    "a key that is not known": (changed("nodes", 0, "<b>", to=1), "without a key “<b>”"),
    "numbers as a text": (changed("nodes", 0, "value", 0, to="1"), r"nodes\[0\]\.value\[0\] should be a number"),
    "too many numbers": (changed("nodes", 0, "value", to=[0.0] * 17), "a list of 0 to 16 entries"),
    "a yes": (changed("nodes", 0, "value", 0, to=True), "should be a number"),
    "a long source": (changed("nodes", 0, "source", to="x" * 201), "a text of at most 200 characters"),
    "a negative line": (changed("line", to=-1), "a whole number from 1 to"),
    "half a line": (changed("line", to=1.5), "a whole number from 1 to"),
    "a negative length": (changed("nodes", 0, "shape", to=[-3]), "a whole number from 0 to"),
    "another call": (changed("call", to="exec"), "“backward” or “autograd.grad”"),
    "a nan in a summary": (changed("nodes", 0, "summary", "min", to="nan"), "should be a number"),
    "a list for a moment": (json.dumps(RECORD | {"moments": [[]]}).encode(), r"moments\[0\] should be an object"),
    "too many nodes": (
        json.dumps(RECORD | {"moments": RECORD["moments"] * 300}).encode()[: limits.LARGEST_FILE],
        "more than 1,700 nodes",
    ),
}


@pytest.mark.parametrize("kind", IMPOSSIBLE)
def test_what_cannot_be_is_refused_where_it_stands(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_NODES", 1_700)
    data, sentence = IMPOSSIBLE[kind]
    with pytest.raises(RefusedError, match=sentence):
        read(data)
    refusal(data)


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from places(entry, (*way, key))


STRANGE: tuple[Any, ...] = (None, True, -1, 2**70, 1.5, 1e300, "", "nan", "x" * 5_000, [], [[]], {}, {"min": 1}, [None])


def test_anything_anywhere_is_read_or_refused() -> None:
    read_back = 0
    for way in list(places(RECORD["moments"][0]))[1:]:
        for strange in STRANGE:
            try:
                for moment in read(changed(*way, to=strange)).moments:
                    opened(moment)
                read_back += 1
            except RefusedError:
                continue
    assert read_back > 100


REQUIRED = {
    "torch",
    "left_out",
    "moments",
    "call",
    "nodes",
    "edges",
    "id",
    "op",
    "from",
    "to",
    "min",
    "max",
    "nonfinite",
}


def test_a_missing_key_is_named() -> None:
    for way in places(RECORD):
        found: Any = copy.deepcopy(RECORD)
        inside = found
        for key in way[:-1]:
            inside = inside[key]
        if way and way[-1] in REQUIRED:
            del inside[way[-1]]
            assert f"{way[-1]} should be there" in refusal(json.dumps(found).encode())


def test_markup_stays_text_and_what_cannot_be_seen_is_marked() -> None:
    name = "<script>alert(1)</script>"
    found = read(changed("nodes", 0, "name", to=name)).moments[0]
    assert found.nodes[0].name == name
    assert opened(found).moment.snapshot.graph.nodes[0].name == name
    assert (
        read(changed("nodes", 0, "source", to="a\u202eb\0c\ud800")).moments[0].nodes[0].source
        == "a\ufffdb\ufffdc\ufffd"
    )


def test_no_shape_makes_work() -> None:
    for shape in ([2**62, 0], [2**62, 2**62], [0] * 64, [1] * 64):
        found = read(changed("nodes", 0, "shape", to=shape)).moments[0]
        for numbers in ([], [1.0]):
            node = found.nodes[0]._replace(value=found.nodes[0].value._replace(value=tuple(numbers)))
            assert isinstance(opened(found._replace(nodes=(node, *found.nodes[1:]))), Opened)


def test_a_large_recording_is_read_whole() -> None:
    first, *_ = RECORD["moments"][0]["nodes"]
    nodes = [first | {"id": f"n{i}", "name": "w"} for i in range(limits.MOST_NODES)]
    edges = [{"from": f"n{i}", "to": f"n{i - 1}", "local": None, "grad": None} for i in range(1, limits.MOST_NODES)]
    moment = RECORD["moments"][0] | {"nodes": nodes[::-1], "edges": edges}
    found: Recorded = read(json.dumps(RECORD | {"moments": [moment]}).encode())
    graph = opened(found.moments[0]).moment.snapshot.graph
    assert len({node.id for node in graph.nodes}) == len(graph.nodes) == limits.MOST_NODES
    assert [node.id for node in found.moments[0].nodes[:2]] == ["n0", "n1"]
