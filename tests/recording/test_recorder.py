"""The recorder beside the same program without it, and beside what torch answers when it is asked in another way."""

import gc
import json
import math
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from components.recording import limits, recorder
from components.recording.recorder import record
from tests.source import imports

SOURCE = Path(recorder.__file__).read_text("utf-8")

Run = Callable[[], list[Tensor]]


def backward(result: Tensor, **options: Any) -> None:
    result.backward(**options)  # type: ignore[no-untyped-call]  # torch leaves it untyped


def moments(recording: record) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(recording.text())["moments"]
    return found


def named(moment: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {node["name"]: node for node in moment["nodes"] if node["name"]}


class Classifier(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Dropout(0.5))
        self.head = nn.Linear(144, 3)

    def forward(self, x: Tensor) -> Tensor:
        hidden: Tensor = self.features(x)
        hidden = hidden.flatten(1)
        scores: Tensor = self.head(hidden)
        return scores


def training() -> list[Tensor]:
    """Three steps of an ordinary training, and the numbers that torch would draw next."""
    torch.manual_seed(3)
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    losses = []
    for _ in range(3):
        optimizer.zero_grad()
        loss = functional.cross_entropy(model(torch.randn(8, 1, 8, 8)), torch.randint(3, (8,)))
        backward(loss)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.detach())
    return [*losses, *model.parameters(), *model.buffers(), torch.rand(4)]


def penalty() -> list[Tensor]:
    """A derivative of a derivative, changes in place, and gradients that are summed."""
    torch.manual_seed(4)
    w = torch.randn(5, requires_grad=True)
    for _ in range(2):
        y = torch.tanh(w * 3)
        z = y.clone()
        z[1:].mul_(2).add_(w[1:])
        (slope,) = torch.autograd.grad(z.sum(), w, create_graph=True)
        backward((slope**2).sum() + z.prod())
    assert w.grad is not None
    return [w.grad, torch.rand(2)]


def mixed() -> list[Tensor]:
    torch.manual_seed(5)
    model = nn.Sequential(nn.Linear(6, 8), nn.GELU(), nn.Dropout(0.3), nn.Linear(8, 2))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        again: Any = checkpoint(model, torch.randn(4, 6), use_reentrant=False)
    backward(again.float().square().sum())
    return [p.grad for p in model.parameters() if p.grad is not None]


def words() -> list[Tensor]:
    """Attention with dropout, a recurrent network, and gradients that were asked for by hooks."""
    torch.manual_seed(6)
    layer, recurrent = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), nn.LSTM(8, 4, batch_first=True)
    optimizer = torch.optim.SGD([*layer.parameters(), *recurrent.parameters()], lr=0.1, momentum=0.9)
    for _ in range(2):
        optimizer.zero_grad()
        mixed = layer(torch.randn(2, 5, 8))
        mixed.register_hook(lambda gradient: gradient * 2)
        mixed.retain_grad()
        states, _ = recurrent(mixed)
        backward(functional.normalize(states).square().sum() + states.sum())
        optimizer.step()
    return [mixed.grad, *layer.parameters(), *recurrent.parameters(), torch.rand(3)]


@pytest.mark.parametrize("run", [training, penalty, mixed, words])
def test_a_recorded_run_is_the_same_run_bit_for_bit(run: Run) -> None:
    bare = run()
    with record() as r:
        recorded = run()
    assert r.moments
    assert len(bare) == len(recorded)
    assert all(torch.equal(a, b) for a, b in zip(bare, recorded, strict=True))


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
    assert bias["before"]["value"] is None
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
    assert all(SOURCE_OF_TESTS[node["line"] - 1].strip() == node["source"] for node in inner)
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
    assert r.moments[0]["line"] == Path(__file__).read_text("utf-8").splitlines().index(RUNS) + 1
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


def test_a_run_goes_on_whatever_the_recorder_meets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_names", lambda *_: 1 / 0)
    a = torch.tensor(2.0, requires_grad=True)
    with record() as r:
        backward(a * 3)
    assert a.grad == 3.0
    assert (len(r.moments), r.left_out) == (0, 1)


RUNS = "    result.backward(**options)  # type: ignore[no-untyped-call]  # torch leaves it untyped"
SOURCE_OF_TESTS = Path(__file__).read_text("utf-8").splitlines()


def test_nothing_of_the_machine_is_in_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET", "fine-wine")
    weight = torch.arange(1000.0).requires_grad_()
    with record() as r:
        y = weight * len("/home/somebody/dataC:\\Users\\somebodyx")
        backward(y.sum())
    r.save(str(tmp_path / "graph.json"))
    text = (tmp_path / "graph.json").read_text("utf-8")
    assert not any(word in text for word in ("fine-wine", "somebody", str(Path(__file__).parent), sys.prefix, "456"))
    assert "'...'" in text


def spoil(kind: str) -> list[Tensor]:
    a = torch.tensor([1.0, 2.0], requires_grad=True)
    if kind == "changed":
        b = a.exp()
        b.add_(1)
        backward(b.sum())
    elif kind == "untracked":
        backward(a.detach().sum())
    elif kind == "freed":
        b = a.exp().sum()
        backward(b)
        backward(b)
    raise KeyError(kind)


@pytest.mark.parametrize("kind", ["changed", "untracked", "freed", "of the program's own"])
def test_what_fails_fails_in_the_same_way_and_leaves_nothing_behind(kind: str) -> None:
    with pytest.raises((RuntimeError, KeyError)) as bare:
        spoil(kind)
    engine = recorder.autograd._engine_run_backward
    with pytest.raises((RuntimeError, KeyError)) as recorded, record():
        spoil(kind)
    assert (recorded.type, str(recorded.value)) == (bare.type, str(bare.value))
    assert recorder.autograd._engine_run_backward is engine
    assert torch._C._len_torch_function_stack() == 0
    assert not torch.is_anomaly_enabled()


def test_its_limits_are_those_of_what_reads_it() -> None:
    ours = (recorder.LISTED, recorder.MOST_NODES, recorder.LONGEST_LINE, recorder.LARGEST)
    assert ours == (limits.MOST_NUMBERS, limits.MOST_NODES, limits.LONGEST_SOURCE, limits.LARGEST_FILE)


def test_nothing_is_held_after_the_block() -> None:
    model, x = nn.Sequential(nn.Linear(20, 20), nn.Tanh()), torch.randn(50, 20)
    with record() as r:
        h = model(x)
        loss = h.sum()
        backward(loss, retain_graph=True)
    held: list[weakref.ref[Any]] = [weakref.ref(thing) for thing in (model, x, h, loss, model[0].weight)]
    del model, x, h, loss
    gc.collect()
    assert [ref() for ref in held] == [None] * 5
    assert len(moments(r)) == 1


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        ctx.variable = x
        return x**3

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
    assert recorder.autograd.Function.apply.__func__.__module__ == "torch.autograd.function"


class Length(Tensor):
    """Whose functions are its own."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return func.__name__


def test_functions_in_python_show_what_they_are_made_of() -> None:
    guard = vars(functional)["has_torch_function"]
    attention = nn.MultiheadAttention(4, 1, batch_first=True)
    words = torch.randn(1, 3, 4)
    with record() as r:
        mixed, weights = attention(words, words, words)
        backward(mixed.sum() + weights.sum())
        assert functional.relu(torch.ones(2).as_subclass(Length)) == "relu"
    by_op = {node["op"]: node for node in moments(r)[0]["nodes"]}
    assert by_op["SoftmaxBackward0"]["value"] == pytest.approx(weights.flatten().tolist(), rel=1e-6)
    assert by_op["SoftmaxBackward0"]["module"] == "attention"
    assert vars(functional)["has_torch_function"] is guard


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
    assert [named(moment)["a"]["after"]["value"] for moment in calls] == [None, [4.0], [6.0]]
    assert named(calls[0])["b"]["grad"] is None
    assert named(calls[1])["slope"]["grad"] == [1.0]


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


def test_transforms_and_other_threads_go_on_unrecorded() -> None:
    a = torch.tensor(1.0, requires_grad=True)
    with record() as r:
        assert torch.func.jacrev(lambda x: x**2)(torch.ones(2)).tolist() == [[2.0, 0.0], [0.0, 2.0]]
        thread = threading.Thread(target=lambda: backward(a * 2))
        thread.start()
        thread.join()
        backward(a * 3)
    assert a.grad == 5.0
    assert [named(moment)["a"]["grad"] for moment in moments(r)] == [[3.0]]


class OptimizedModule(nn.Sequential):
    """What torch.compile calls its own."""


def test_compiled_and_distributed_models_are_refused_and_still_run() -> None:
    for model in (nn.DataParallel(nn.Linear(2, 2)), OptimizedModule(nn.Linear(2, 2))):
        with record() as r:
            backward(model(torch.ones(3, 2)).sum())
        assert next(model.parameters()).grad is not None
        with pytest.raises(ValueError, match=r"compiled or distributed: record the plain model"):
            r.text()


def test_too_many_nodes_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MOST_NODES", 5)
    a = torch.tensor(1.0, requires_grad=True)
    with record() as r:
        for count in (3, 8, 1):
            y = a
            for _ in range(count):
                y = y * 2
            backward(y)
    assert a.grad == 8 + 256 + 2
    assert [len(moment["nodes"]) for moment in moments(r)] == [4]
    assert json.loads(r.text())["left_out"] == 2


def test_what_is_too_large_to_be_opened_is_said_when_it_is_saved(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(recorder, "LARGEST", 100)
    with record() as r:
        backward(torch.tensor(1.0, requires_grad=True) * 2)
    with pytest.raises(ValueError, match=r"It has 0\.0 MB, and the page opens 0: record less"):
        r.save(str(tmp_path / "graph.json"))
    assert not list(tmp_path.iterdir())


def test_a_link_where_it_fits_and_else_a_sentence() -> None:
    from components.address.packed import unpack

    a = torch.tensor(1.0, requires_grad=True)
    with record() as r:
        backward(a * 2)
    page, _, packed = r.link("https://school/open").partition("?graph=")
    assert page == "https://school/open"
    assert unpack(packed) == r.text()
    model = Classifier()
    with record() as r:
        for _ in range(9):
            backward(model(torch.randn(2, 1, 8, 8)).sum())
    with pytest.raises(ValueError, match=r'a link 8,192: use save\("graph\.json"\)'):
        r.link()


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode, torch.enable_grad])
def test_nothing_recorded_is_said(mode: Callable[[], Any]) -> None:
    with mode(), record() as r:
        torch.ones(2).sum()
    with pytest.raises(ValueError, match="No backward pass"):
        r.text()


def test_it_is_one_file_that_needs_torch_alone() -> None:
    assert {name.partition(".")[0] for name in imports(SOURCE)} - set(sys.stdlib_module_names) == {"torch"}
    cell: dict[str, Any] = {}
    exec(compile(SOURCE, "<a cell>", "exec"), cell)
    a = torch.tensor(1.0, requires_grad=True)
    with cell["record"]() as r:
        backward(a * 2)
    assert r.moments[0]["source"] == moments(r)[0]["source"] != ""
