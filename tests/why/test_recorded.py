"""Findings of recordings: each fault is found with its line, pass and nodes; what is healthy or doubtful is not."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from components.recording.make_examples import NAMES
from components.recording.read import Recorded, read
from components.recording.recorder import record
from components.why.recorded.case import Found
from components.why.recorded.table import findings, of_moment
from tests.pages.recording import small
from tests.recording.test_examples import example


def recorded(program: Callable[[], Any]) -> Recorded:
    torch.manual_seed(0)
    with record() as r:
        program()
    return read(r.text().encode())


def one_of(program: Callable[[], Any], recording: Recorded | None = None) -> tuple[Found, Recorded]:
    """The only finding of a program's recording."""
    recording = recording or recorded(program)
    (found,) = of_moment(findings(recording), len(recording.moments) - 1)
    return found, recording


def source(found: Found) -> str:
    """The text of the line to change, of a program of this file."""
    assert found.line is not None
    return inspect.getsource(inspect.getmodule(one_of)).split("\n")[found.line - 1].strip()  # type: ignore[arg-type]


def named(found: Found, recording: Recorded) -> list[str]:
    """What the marked nodes are called."""
    nodes = {node.id: node for node in recording.moments[found.moment].nodes}
    return [nodes[node_id].name or nodes[node_id].op for node_id in found.nodes]


def backward(loss: Tensor, **options: Any) -> None:
    loss.backward(**options)  # type: ignore[no-untyped-call]


# the examples


@pytest.mark.parametrize("name", sorted({*NAMES} - {"gan", "sigmoids", "first_nan"}))
def test_nothing_is_found_in_what_is_healthy(name: str) -> None:
    assert findings(example(name)) == ()


def test_nothing_is_found_in_gradients_that_are_gathered_over_two_passes() -> None:
    assert findings(read(small.text().encode())) == ()


def test_twelve_sigmoids_leave_nothing_of_the_gradient() -> None:
    found, recording = one_of(lambda: None, example("sigmoids"))
    assert (found.kind, found.is_question, found.moment) == ("zero", False, 0)
    assert named(found, recording) == ["SigmoidBackward0"] * 12
    assert "3.15e−12 at `model.0`" in found.text
    sizes = [factor.size for factor in found.factors]
    assert sizes == sorted(sizes, reverse=True)


def test_the_first_nan_is_found_in_its_pass_with_the_number_that_made_it() -> None:
    found, recording = one_of(lambda: None, example("first_nan"))
    assert (found.kind, found.moment, named(found, recording)) == ("nan", 6, ["LogBackward0"])
    assert "`width` is −0.356" in found.text


def test_a_forgotten_detach_is_found_where_it_belongs() -> None:
    found, recording = one_of(lambda: None, example("gan"))
    assert (found.kind, found.line, found.moment) == ("accumulated", 18, 0)
    assert named(found, recording) == ["fake", "AddmmBackward0"]
    assert "Hand `fake.detach()` to `discriminator` in line 18." in found.text


# nan


def steep() -> None:
    x = torch.tensor([0.0, 4.0], requires_grad=True)
    backward(torch.sqrt(x * 2).sum())


def masked() -> None:
    scores = torch.randn(2, 3, requires_grad=True)
    mask = torch.tensor([[True, False, False], [False, True, True]])
    backward((functional.softmax(scores.masked_fill(mask, -torch.inf), -1) ** 2).sum())


def overflowing() -> None:
    x = torch.tensor([1.0, 90.0], requires_grad=True)
    backward(torch.exp(x).sum())


def broken_before() -> None:
    w = torch.tensor([1.0, torch.nan], requires_grad=True)
    backward((w * 2).sum())


def test_a_gradient_that_turns_nan_is_found_at_the_function_that_turns_it() -> None:
    found, recording = one_of(steep)
    assert (found.kind, source(found)) == ("nan", "backward(torch.sqrt(x * 2).sum())")
    assert named(found, recording) == ["SqrtBackward0", "MulBackward0"]
    assert "slope of the square root is infinite" in found.text


def test_infinite_numbers_that_do_not_reach_the_loss_are_no_fault() -> None:
    assert findings(recorded(masked)) == ()


def test_an_overflow_says_what_was_too_large() -> None:
    found, recording = one_of(overflowing)
    assert named(found, recording) == ["ExpBackward0"]
    assert "`x` reaches 90" in found.text


def test_a_leaf_that_is_nan_from_the_beginning_is_said_to_be() -> None:
    found, recording = one_of(broken_before)
    assert named(found, recording) == ["w"]
    assert "before anything is computed with it" in found.text


# sizes


def dead() -> None:
    model = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 1))
    nn.init.constant_(model[0].bias, -20)  # type: ignore[arg-type]
    backward(model(torch.randn(4, 3)).sum())


def saturated() -> None:
    x = torch.tensor([40.0, 50.0], requires_grad=True)
    backward(torch.sigmoid(x * 1).sum())


def exploding() -> None:
    model = nn.Sequential(*[nn.Linear(8, 8) for _ in range(8)])
    for layer in model:
        nn.init.normal_(layer.weight, std=3.0)  # type: ignore[arg-type]
    backward(model(torch.randn(4, 8)).mean())


def deep() -> None:
    """Ten layers with ReLU, as they come: smaller from layer to layer, but not to nothing."""
    layers = [part for _ in range(10) for part in (nn.Linear(32, 32), nn.ReLU())]
    backward(nn.Sequential(*layers, nn.Linear(32, 1))(torch.randn(16, 32)).mean())


def test_a_relu_that_gives_only_zeros_is_found() -> None:
    found, recording = one_of(dead)
    assert (found.kind, found.is_question, named(found, recording)) == ("zero", False, ["ReluBackward0"])


def test_a_sigmoid_at_its_end_is_found() -> None:
    found, recording = one_of(saturated)
    assert (found.kind, named(found, recording)) == ("zero", ["SigmoidBackward0"])
    assert "exactly 0 or 1" in found.text


def test_a_gradient_that_explodes_has_a_title_of_its_own() -> None:
    found, _ = one_of(exploding)
    assert (found.kind, found.title) == ("nan", "The gradient explodes")


def test_a_deep_network_with_relu_is_healthy() -> None:
    assert findings(recorded(deep)) == ()


# what is kept


def training(clears: bool) -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for _ in range(3):
        if clears:
            optimizer.zero_grad()
        backward((w * w).sum())
        optimizer.step()


def micro_batches() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.1)
    for step in range(4):
        backward((w * w).sum())
        if step % 2:
            optimizer.step()
            optimizer.zero_grad()


def healthy_gan() -> None:
    """Each loss clears its own gradients; the generator's goes through the discriminator, whose sums nobody uses."""
    generator, discriminator = nn.Linear(2, 1), nn.Linear(1, 1)
    of_generator = torch.optim.SGD(generator.parameters(), lr=0.1)
    of_discriminator = torch.optim.SGD(discriminator.parameters(), lr=0.1)
    for _ in range(2):
        fake = generator(torch.randn(4, 2))
        for optimizer, given in ((of_discriminator, fake.detach()), (of_generator, fake)):
            optimizer.zero_grad()
            backward(discriminator(given).mean())
            optimizer.step()


def test_gradients_that_a_step_used_and_nobody_cleared_are_found() -> None:
    found, recording = one_of(lambda: training(clears=False))
    assert (found.kind, named(found, recording)) == ("accumulated", ["w"])
    assert "`w.grad`" in found.text
    assert "zero_grad()" in found.text


@pytest.mark.parametrize("program", [lambda: training(clears=True), micro_batches, healthy_gan])
def test_gradients_that_are_gathered_on_purpose_are_no_fault(program: Callable[[], None]) -> None:
    assert findings(recorded(program)) == ()


class Half(torch.autograd.Function):
    """A product whose second factor is forgotten in the backward pass."""

    @staticmethod
    def forward(ctx: Any, one: Tensor, other: Tensor) -> Tensor:
        ctx.save_for_backward(other)
        return one * other

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> tuple[Tensor, None]:
        (other,) = ctx.saved_tensors
        return grads[0] * other, None


def own_function() -> None:
    one, other = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    product: Any = Half.apply(one, other)  # type: ignore[no-untyped-call]
    backward(product.sum())


def chosen() -> None:
    one, other = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    backward((one * other).sum(), inputs=[one])


def sparse() -> None:
    table = nn.Embedding(5, 3, sparse=True)
    backward(table(torch.tensor([1, 2])).sum())


def test_a_function_that_gives_no_gradient_is_found() -> None:
    found, recording = one_of(own_function)
    assert (found.kind, found.is_question, named(found, recording)) == ("none", False, ["other"])
    assert "`Half`" in found.text


def test_a_leaf_that_inputs_leave_out_is_asked_about() -> None:
    found, recording = one_of(chosen)
    assert (found.kind, found.is_question, named(found, recording)) == ("none", True, ["other"])


def test_a_sparse_gradient_is_not_said_to_be_none() -> None:
    assert findings(recorded(sparse)) == ()


# many


def test_a_fault_that_returns_is_said_once_as_it_is_in_the_pass_that_is_shown() -> None:
    def program() -> None:
        for _ in range(3):
            saturated()

    found = findings(recorded(program))
    assert [one.moment for one in found] == [0, 1, 2]
    for moment in range(3):
        (said,) = of_moment(found, moment)
        assert said.moment == moment
