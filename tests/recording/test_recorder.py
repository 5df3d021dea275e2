"""What the recorder takes, beside what torch answers when it is asked in another way."""

import math
import weakref
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from components.recording.recorder import record
from tests.recording.programs import LINES, RUNS, Classifier, backward, moments, named

FILES = [Path(__file__).read_text("utf-8").splitlines(), LINES]


ALWAYS = {
    *("id", "op", "name", "module", "line", "source", "shape", "dtype"),
    *("value", "summary", "grad", "grad_summary"),
}
"""Keys of every node, known or not."""


def test_numbers_are_those_of_torch() -> None:
    torch.manual_seed(0)
    model = Classifier().double()
    x, y = torch.randn(4, 1, 8, 8, dtype=torch.float64), torch.tensor([0, 1, 2, 0])
    model.head.weight.grad = torch.ones_like(model.head.weight)
    with record() as r:
        scores = model(x)
        loss = functional.cross_entropy(scores, y)
        backward(loss, retain_graph=True)
    (moment,) = moments(r)
    nodes = named(moment)
    asked = {"scores": scores, "loss": loss} | {f"model.{name}": p for name, p in model.named_parameters()}
    gradients = torch.autograd.grad(loss, list(asked.values()))
    assert nodes.keys() == asked.keys()
    for (name, tensor), gradient in zip(asked.items(), gradients, strict=True):
        values, node = tensor.detach().flatten(), nodes[name]
        assert (node["shape"], node["dtype"]) == (list(tensor.shape), "float64")
        assert node["value"] == values[:16].tolist()
        assert node["grad"] == gradient.flatten()[:16].tolist()
        summary = node["grad_summary"]
        assert (summary["min"], summary["max"], summary["nonfinite"]) == (gradient.min(), gradient.max(), 0)
        assert summary["mean"] == pytest.approx(gradient.mean().item(), rel=1e-12, abs=1e-15)
        assert summary["zeros"] == (gradient == 0).sum()
    weight, bias = nodes["model.head.weight"], nodes["model.head.bias"]
    assert weight["before"]["value"] == [1.0] * 16
    assert weight["after"]["value"] == (1 + gradients[list(asked).index("model.head.weight")]).flatten()[:16].tolist()
    assert bias["before"] == {"shape": None, "dtype": "", "value": None, "summary": None}
    assert all(node.keys() - {"before", "after"} == ALWAYS for node in moment["nodes"])
    assert all(edge.keys() == {"from", "to", "local", "grad"} for edge in moment["edges"])
    assert bias["after"]["value"] == bias["grad"]


def test_each_node_has_line_and_module() -> None:
    model, criterion = Classifier(), nn.CrossEntropyLoss()
    with record() as r:
        loss = criterion(model(torch.randn(2, 1, 8, 8)), torch.tensor([0, 1]))
        backward(loss)
    (moment,) = moments(r)
    inner = [node for node in moment["nodes"] if node["op"] != "AccumulateGrad"]
    places = {node["op"]: (node["source"], node["module"]) for node in inner}
    forward = "hidden: Tensor = self.features(x)"
    assert places["ConvolutionBackward0"] == (forward, "model.features.0")
    assert places["ReluBackward0"] == (forward, "model.features.2")
    assert places["TBackward0"] == places["AddmmBackward0"] == ("scores: Tensor = self.head(hidden)", "model.head")
    assert places["NllLossBackward0"][1] == "criterion"
    for node in inner:
        assert node["source"] in [line.strip() for lines in FILES for line in lines[node["line"] - 1 : node["line"]]]
    assert {node["module"] for node in moment["nodes"] if node["name"].startswith("model.head.")} == {"model.head"}
    assert moment["source"] == "result.backward(**options)  # type: ignore[no-untyped-call]  # torch leaves it untyped"


class Trainer:
    """Whose parts are known by its attributes, and by variables of the function that runs."""

    def __init__(self) -> None:
        self.net = nn.Linear(2, 1)
        self.scale = torch.tensor(2.0, requires_grad=True)
        self.biases = [torch.tensor(float(i), requires_grad=True) for i in range(2)]

    def step(self, x: Tensor) -> list[Tensor]:
        shift, biases = torch.tensor(1.0, requires_grad=True), self.biases
        loss = (self.net(x) * self.scale + shift + biases[0] * biases[1]).sum()
        backward(loss)
        return [shift]


def test_names_are_those_where_the_program_runs() -> None:
    trainer = Trainer()
    with record() as r:
        kept = trainer.step(torch.ones(3, 2))
    wanted = {"net.weight", "net.bias", "scale", "shift", "biases[0]", "biases[1]", "loss"}
    assert named(moments(r)[0]).keys() == wanted
    assert r.moments[0]["line"] == LINES.index(RUNS) + 1
    held = weakref.ref(kept.pop())
    assert held() is None


class Strange(list[Tensor]):
    """What a recorder must not lean on."""

    def __init__(self) -> None:
        super().__init__([torch.tensor(2.0, requires_grad=True)])
        self._modules = 3

    def __getitem__(self, place: Any) -> Any:
        raise AssertionError("nobody asked")

    def step(self) -> None:
        (w,) = iter(self)
        backward(w * 3)


def test_objects_of_the_program_are_not_touched() -> None:
    strange = Strange()
    with record() as r:
        strange.step()
    assert [named(moment)["w"]["grad"] for moment in moments(r)] == [[3.0]]


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        ctx.variable = x
        return (x**2).mul_(x)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        return 3 * ctx.saved_tensors[0] ** 2 * grads[0]  # type: ignore[no-any-return]


def test_a_function_of_ones_own() -> None:
    a = torch.tensor(1.5, requires_grad=True)
    with record() as r:
        b: Any = 2 * Cube.apply(a)  # type: ignore[no-untyped-call]
        backward(torch.cos(b))
    (moment,) = moments(r)
    by_op = {node["op"]: node for node in moment["nodes"]}
    assert list(by_op) == ["AccumulateGrad", "CubeBackward", "MulBackward0", "CosBackward0"]
    assert by_op["CubeBackward"]["value"] == [3.375]
    assert "Cube.apply" in by_op["CubeBackward"]["source"]
    assert named(moment)["a"]["grad"] == pytest.approx([-math.sin(6.75) * 13.5])


def test_what_torch_computes_within_a_call_has_a_value_too() -> None:
    attention, cell = nn.MultiheadAttention(4, 1, batch_first=True), nn.GRU(4, 2)
    words = torch.randn(1, 3, 4)
    with record() as r:
        mixed, weights = attention(words, words, words)
        states, _ = cell(functional.normalize(mixed))
        backward(functional.cross_entropy(states[0], torch.ones(3, dtype=torch.long)) + weights.sum())
    inner = [node for node in moments(r)[0]["nodes"] if node["op"] != "AccumulateGrad"]
    assert [node["op"] for node in inner if node["value"] is None or node["line"] is None] == []
    softmax = next(node for node in inner if node["op"] == "SoftmaxBackward0")
    assert softmax["value"] == pytest.approx(weights.flatten().tolist(), rel=1e-6)
    assert softmax["module"] == "attention"
    (scores,) = [node["value"] for node in inner if node["op"] == "LogSoftmaxBackward0"]
    assert scores == pytest.approx(functional.log_softmax(states[0], 1).flatten().tolist(), rel=1e-6)


def test_torchs_own_modes_and_functions_see_what_they_ever_do() -> None:
    model = nn.Linear(4, 4)

    def flops() -> int:
        with FlopCounterMode(display=False) as counter:
            backward(model(torch.ones(2, 4)).sum())
        return int(counter.get_total_flops())

    alone, apply, guard = flops(), vars(torch.autograd.Function)["apply"], vars(functional)["has_torch_function"]
    with record() as r:
        assert flops() == alone > 0
        assert vars(torch.autograd.Function)["apply"] is apply
        assert vars(functional)["has_torch_function"] is guard
    assert [node["op"] for node in moments(r)[0]["nodes"] if node["value"] is None] == []


def test_a_call_with_many_results_has_the_first_numbers_whichever_are_kept() -> None:
    x, scales = torch.arange(100.0, requires_grad=True), [torch.tensor(float(i), requires_grad=True) for i in range(70)]
    with record() as r:
        last = x.unbind()[-1]
        backward(last + torch.stack(torch._foreach_mul(scales, 2.0)).sum())
    by_op = {node["op"]: node for node in moments(r)[0]["nodes"]}
    assert by_op["UnbindBackward0"]["value"] == [float(i) for i in range(16)]
    assert by_op["UnbindBackward0"]["summary"]["max"] == 99.0
    assert by_op["ForeachMulBackward1Scalar"]["value"] == [2.0 * i for i in range(16)]


def test_a_change_in_place_shows_each_value() -> None:
    a = torch.tensor([1.0, -2.0], requires_grad=True)
    with record() as r:
        b = a + 1
        b.mul_(2)
        b[0] = 5.0
        backward((b**2).sum())
    (moment,) = moments(r)
    values = {node["op"]: node["value"] for node in moment["nodes"]}
    assert values["AddBackward0"] == [2.0, -1.0]
    assert values["MulBackward0"] == [4.0, -2.0]
    assert values["CopySlices"] == [5.0, -2.0]
    assert named(moment)["a"]["grad"] == [0.0, -8.0]


def test_several_passes_and_gradients_asked_for() -> None:
    a, b = torch.tensor(3.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    with record() as r:
        y = a**2 * b
        (slope,) = torch.autograd.grad(y, a, create_graph=True)
        backward(slope)
        torch.autograd.backward([a * 2, b * 3])
    calls = moments(r)
    assert [moment["call"] for moment in calls] == ["autograd.grad", "backward", "backward"]
    assert [named(moment)["a"]["grad"] for moment in calls] == [[12.0], [4.0], [2.0]]
    assert [named(moment)["a"]["after"].get("value") for moment in calls] == [None, [4.0], [6.0]]
    assert named(calls[0])["b"]["grad"] is None
    assert named(calls[1])["slope"]["grad"] == [1.0]
    made_in_a_pass = [node for node in calls[1]["nodes"] if node["op"] != "AccumulateGrad"]
    assert {node["source"] for node in made_in_a_pass} == {calls[0]["source"]}
    assert [node["op"] for node in made_in_a_pass if node["value"] is None] == []


def test_checkpoints() -> None:
    model, x = nn.Sequential(nn.Linear(3, 4), nn.Tanh()), torch.randn(2, 3, requires_grad=True)
    for reentrant in (False, True):
        with record() as r:
            again: Any = checkpoint(model, x, use_reentrant=reentrant)
            backward(again.sum())
        found = moments(r)
        assert "model.0.weight" in named(found[0]) or reentrant
        assert named(found[-1])["x"]["grad"] is not None
    assert [moment["nodes"][-1]["op"] for moment in found] == ["TanhBackward0", "SumBackward0"]
    again_computed = {node["op"]: node for node in found[0]["nodes"]}
    assert again_computed["AddmmBackward0"]["module"] == "model.0"
    assert again_computed["TanhBackward0"]["line"] == found[0]["line"]
    assert len(again_computed["TanhBackward0"]["value"]) == 8


def test_what_is_not_finite_is_counted_and_told() -> None:
    w = torch.tensor([0.0, 1.0, 4.0], requires_grad=True)
    with record() as r:
        y = torch.sqrt(w - torch.tensor([0.0, 2.0, 0.0]))
        backward(y.sum())
    (moment,) = moments(r)
    assert named(moment)["y"]["value"] == [0.0, "nan", 2.0]
    assert named(moment)["y"]["summary"] == {"min": 0.0, "max": 2.0, "mean": 1.0, "nonfinite": 1, "zeros": 1}
    assert named(moment)["w"]["grad"] == ["inf", "nan", 0.25]


def test_tensors_without_plain_numbers_are_told_without() -> None:
    embedding, c = nn.Embedding(9, 3, sparse=True), torch.ones(3, dtype=torch.complex64, requires_grad=True)
    with record() as r:
        backward(embedding(torch.tensor([1, 2])).sum() + (c * c).abs().sum() + c[:0].abs().sum())
    (moment,) = moments(r)
    assert named(moment)["embedding.weight"]["grad"] is None
    assert (named(moment)["c"]["value"], named(moment)["c"]["dtype"]) == (None, "complex64")
