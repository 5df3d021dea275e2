"""The recorder beside the same program without it: it changes nothing, keeps nothing, says what it cannot record."""

import gc
import json
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
from tests.recording.programs import Classifier, backward, moments, named
from tests.source import imports

SOURCE = Path(recorder.__file__).read_text("utf-8")

Run = Callable[[], list[Tensor]]


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


def judged() -> list[Tensor]:
    """Attention without gradients, for which torch has a faster way, and one pass in it."""
    torch.manual_seed(7)
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    with torch.no_grad():
        scores = layer(torch.randn(2, 5, 8))
    backward(layer(scores).sum())
    return [scores, *[p.grad for p in layer.parameters() if p.grad is not None]]


@pytest.mark.parametrize("run", [training, penalty, mixed, words, judged])
def test_a_recorded_run_is_the_same_run_bit_for_bit(run: Run) -> None:
    bare = run()
    with record() as r:
        recorded = run()
    assert r.moments
    assert len(bare) == len(recorded)
    assert all(torch.equal(a, b) for a, b in zip(bare, recorded, strict=True))


def test_a_run_goes_on_whatever_the_recorder_meets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "names", lambda *_: 1 / 0)
    a = torch.tensor(2.0, requires_grad=True)
    with record() as r:
        backward(a * 3)
    assert a.grad == 3.0
    assert (len(r.moments), r.left_out) == (0, 1)


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
    assert torch._C._len_torch_dispatch_stack() == 0
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
