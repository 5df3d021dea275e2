"""Ordinary and odd programs, recorded: each gives what it gives alone, and each step has its line and its value."""

import copy
import io
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.utils.checkpoint import checkpoint_sequential

from components.recording.recorder import record
from tests.recording.programs import backward, moments

Program = Callable[[], list[Any]]

PROGRAMS: list[Program] = []
COMPLEX = ["FftR2CBackward0"]
"""Steps whose results have no plain numbers."""


def program(function: Program) -> Program:
    PROGRAMS.append(function)
    return function


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 2))


def gradients(*modules: nn.Module) -> list[Any]:
    return [parameter.grad for module in modules for parameter in module.parameters()]


@program
def line_search() -> list[Any]:
    model, x = network(), torch.randn(6, 4)
    optimizer = torch.optim.LBFGS(model.parameters(), max_iter=5)

    def closure() -> float:
        optimizer.zero_grad()
        loss = model(x).square().mean()
        backward(loss)
        return float(loss.item())

    optimizer.step(closure)  # type: ignore[no-untyped-call]
    return [*model.parameters()]


@program
def batches() -> list[Any]:
    data, model = torch.utils.data.TensorDataset(torch.randn(12, 4)), network()
    for (x,) in torch.utils.data.DataLoader(data, batch_size=4, shuffle=True):
        backward(model(x).square().mean())
    return gradients(model)


@program
def copies() -> list[Any]:
    model, file = network(), io.BytesIO()
    copied = copy.deepcopy(model)
    torch.save(model.state_dict(), file)
    file.seek(0)
    copied.load_state_dict(torch.load(file))
    backward(copied(torch.ones(1, 4)).sum())
    return gradients(copied)


@program
def parametrised() -> list[Any]:
    model = nn.Sequential(
        parametrizations.weight_norm(nn.Linear(4, 3)), parametrizations.spectral_norm(nn.Linear(3, 2))
    )
    backward(model(torch.randn(2, 4)).sum())
    return gradients(model)


@program
def sequences() -> list[Any]:
    recurrent = nn.LSTM(4, 3, batch_first=True)
    packed = pack_padded_sequence(torch.randn(3, 5, 4), torch.tensor([5, 3, 2]), batch_first=True)
    states, _ = pad_packed_sequence(recurrent(packed)[0])
    backward(states.sum())
    return gradients(recurrent)


@program
def lookups() -> list[Any]:
    embedding = nn.Embedding(10, 3, sparse=True)
    optimizer = torch.optim.SparseAdam(embedding.parameters())
    backward(embedding(torch.tensor([1, 2])).sum())
    optimizer.step()  # type: ignore[no-untyped-call]
    return [embedding.weight.detach()]


@program
def spectra() -> list[Any]:
    x = torch.randn(8, requires_grad=True)
    backward(torch.fft.rfft(x).abs().square().sum())
    return [x.grad]


@program
def matrices() -> list[Any]:
    a = torch.randn(4, 4, requires_grad=True)
    backward(
        torch.linalg.svdvals(a).sum()
        + torch.linalg.inv(a + 5 * torch.eye(4)).sum()
        + torch.einsum("ij,jk", a, a).trace()
    )
    return [a.grad]


@program
def second_derivatives() -> list[Any]:
    hessian = torch.autograd.functional.hessian(lambda x: (x**3).sum(), torch.randn(3))  # type: ignore[no-untyped-call]
    is_right = torch.autograd.gradcheck(torch.sin, (torch.randn(3, dtype=torch.float64, requires_grad=True),))
    return [hessian, is_right]


@program
def watched() -> list[Any]:
    model, seen, x = network(), list[float](), torch.randn(2, 4, requires_grad=True)
    model[0].register_full_backward_hook(lambda *given: seen.append(given[2][0].sum().item()))
    model[1].register_forward_hook(lambda _module, _inputs, output: output * 2)
    x.register_hook(lambda gradient: seen.append(gradient.sum().item()))  # type: ignore[no-untyped-call]
    backward(model(x).sum())
    return [*seen, x.grad]


@program
def saved_elsewhere() -> list[Any]:
    a = torch.randn(5, requires_grad=True)
    with torch.autograd.graph.saved_tensors_hooks(lambda saved: saved.clone(), lambda saved: saved):
        y = (a.exp() * a).sum()
    backward(y)
    return [a.grad]


@program
def computed_again() -> list[Any]:
    model, x = network(), torch.randn(2, 4, requires_grad=True)
    again: Any = checkpoint_sequential(model, 2, x, use_reentrant=False)  # type: ignore[no-untyped-call]
    backward(again.sum())
    return [x.grad, *gradients(model)]


@program
def changed_in_place() -> list[Any]:
    x = torch.randn(4, 4, requires_grad=True)
    y = x.clone()
    y[0] = 0
    y[1:3, 1] += 1
    y.diagonal().mul_(3)
    backward((y**2).sum())
    return [x.grad]


@program
def sampled() -> list[Any]:
    mean = torch.zeros(2, requires_grad=True)
    distribution = torch.distributions.Normal(mean, torch.ones(2))
    drawn = distribution.rsample()
    backward(-distribution.log_prob(drawn).sum())  # type: ignore[no-untyped-call]
    return [drawn, mean.grad, torch.rand(3)]


@program
def many_at_once() -> list[Any]:
    leaves = [torch.randn(3, requires_grad=True) for _ in range(3)]
    backward(torch.stack(torch._foreach_mul(leaves, 2.0)).sum())
    return [leaf.grad for leaf in leaves]


@program
def kept_graph() -> list[Any]:
    w = torch.randn(3, requires_grad=True)
    backward((w**3).sum(), create_graph=True)
    first = w.grad
    assert first is not None
    w.grad = None
    backward(first.sum())
    return [w.grad]


@pytest.mark.filterwarnings("ignore:Using backward:UserWarning")
@pytest.mark.parametrize("run", PROGRAMS, ids=lambda run: run.__name__)
def test_a_program_is_the_same_and_every_step_is_known(run: Program) -> None:
    torch.manual_seed(0)
    alone = run()
    torch.manual_seed(0)
    with record() as r:
        recorded = run()
    for one, other in zip(alone, recorded, strict=True):
        assert torch.equal(one, other) if isinstance(one, Tensor) else one == other
    assert r.left_out == 0
    nodes = [node for moment in moments(r) for node in moment["nodes"]]
    unknown = [node["op"] for node in nodes if node["value"] is None or not (node["line"] or "before" in node)]
    assert unknown == (COMPLEX if run is spectra else [])
