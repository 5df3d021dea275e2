"""A descent is torch's own, bit for bit; where it ends, and what forgetting zero_grad is."""

import math
import random
import subprocess
import sys
from pathlib import Path

import pytest

from components.losses import LOSSES
from components.pages.training import descent
from components.pages.training.descent import ZEROS, Setup
from components.pages.training.optimizers import KINDS
from tests.pages.training.plain import path

ROOT = Path(__file__).parents[3]
FIVE = ((-2.0, 0.0), (-1.0, 1.0), (0.0, 0.0), (1.0, 1.0), (2.0, 1.0))
STEPS = 12


def setups() -> list[Setup]:
    """Fifty random states, each optimiser, loss and way of clearing among them."""
    chance = random.Random(14)
    found = []
    for number in range(50):
        points = tuple(
            (chance.randint(-100, 100) / 10, float(chance.randint(0, 1))) for _ in range(chance.randint(1, 20))
        )
        found.append(
            Setup(
                points=points,
                w=chance.randint(-500, 500) / 100,
                b=chance.randint(-100, 100) / 10,
                loss=list(LOSSES)[number % len(LOSSES)],
                optimizer=list(KINDS)[number % len(KINDS)],
                lr=float(f"{10 ** chance.uniform(-3, 2):.3g}"),
                momentum=chance.randint(1, 100) / 100,
                zero=chance.choice(list(ZEROS)),
                batch=chance.choice([0, 0, 1, 2, len(points) - 1]),
                seed=chance.randint(0, 99),
            )
        )
    return found


def same(ours: float | None, theirs: float) -> bool:
    """Bit for bit, nan beside nan."""
    return ours is not None and (ours == theirs or (math.isnan(ours) and math.isnan(theirs)))


@pytest.mark.parametrize(
    "setup", setups(), ids=lambda setup: f"{setup.optimizer}-{setup.loss}-{setup.zero}-{setup.batch}"
)
def test_a_descent_is_a_plain_torch_loop_bit_for_bit(setup: Setup) -> None:
    ours, theirs = descent.states(setup, STEPS), path(setup, STEPS)
    assert len(ours) == len(theirs)
    for state, other in zip(ours, theirs, strict=True):
        for name in ("w", "b", "loss", "w_grad", "b_grad"):
            if name in other:
                assert same(getattr(state, name), other[name]), name
        for kept, kept_there in zip(state.kept, other.get("kept", ({}, {})), strict=True):
            assert all(same(kept[name], kept_there[name]) for name in KINDS[setup.optimizer].state if kept)
            assert bool(kept) == bool(KINDS[setup.optimizer].state and "kept" in other)


def test_nothing_is_known_of_a_step_before_the_first() -> None:
    start = descent.states(Setup(FIVE, -4.0, 3.0), 0)[0]
    assert (start.w, start.b, start.w_grad, start.b_grad, start.batch) == (-4.0, 3.0, None, None, ())


@pytest.mark.parametrize("lr", [0.01, 0.5, 5.0])
def test_forgetting_zero_grad_is_momentum_one_bit_for_bit(lr: float) -> None:
    forgotten = descent.states(Setup(FIVE, -4.0, 3.0, lr=lr, zero="never"), 200)
    ball = descent.states(Setup(FIVE, -4.0, 3.0, lr=lr, optimizer="momentum", momentum=1.0), 200)
    clean = descent.states(Setup(FIVE, -4.0, 3.0, lr=lr), 200)
    assert [(s.w, s.b, s.loss) for s in forgotten] == [(s.w, s.b, s.loss) for s in ball]
    assert [s.w for s in forgotten] != [s.w for s in clean]


def test_gradients_accumulated_over_an_epoch_are_those_of_all_points() -> None:
    accumulated = descent.states(Setup(FIVE, -4.0, 3.0, zero="epoch", batch=2), 60)
    whole = descent.states(Setup(FIVE, -4.0, 3.0), 60)
    for one, other in zip(accumulated, whole, strict=True):
        assert one.w == pytest.approx(other.w, abs=1e-5)
        assert one.b == pytest.approx(other.b, abs=1e-5)
    assert all(sorted(state.batch) == [0, 1, 2, 3, 4] for state in accumulated[1:])


def test_an_epoch_of_mini_batches_sees_every_point_once_and_the_seed_says_in_which_order() -> None:
    orders = []
    for seed in range(5):
        seen = [state.batch for state in descent.states(Setup(FIVE, 0.0, 0.0, batch=2, seed=seed), 6)[1:]]
        assert [len(batch) for batch in seen] == [2, 2, 1, 2, 2, 1]
        assert sorted(sum(seen[:3], ())) == sorted(sum(seen[3:], ())) == [0, 1, 2, 3, 4]
        orders.append(seen)
    assert len({str(order) for order in orders}) > 1
    again = [state.batch for state in descent.states(Setup(FIVE, 1.0, 0.0, batch=2, seed=3), 6)[1:]]
    assert again == orders[3]


def test_a_descent_ends_at_the_first_step_that_is_no_number() -> None:
    setup = Setup(((10.0, 0.0),), 5.0, 10.0, loss="notebook")
    states = descent.states(setup, 60)
    assert len(states) == 2
    assert states[0].loss == math.inf
    assert math.isnan(states[1].w)
    assert states[1].w_grad is not None
    assert math.isnan(states[1].w_grad)


def test_a_path_that_is_begun_goes_on_where_it_was_and_is_the_same() -> None:
    setup = Setup(FIVE, -3.25, 2.5, optimizer="adam")
    grown = [len(descent.states(setup, 30, most=8)) for _ in range(5)]
    assert grown == [9, 17, 25, 31, 31]
    descent._begun.cache_clear()
    fresh = descent.states(setup, 30)
    descent._begun.cache_clear()
    parts = [descent.states(setup, 30, most=7) for _ in range(5)][-1]
    assert parts == fresh
    assert descent.states(setup, 4) == fresh[:5]


def test_the_compiler_is_never_imported() -> None:
    """It takes seconds and 77 MB, and would be paid by the first visitor or by the server's start."""
    program = (
        "import sys\n"
        "from components.pages.training import descent\n"
        "from components.pages.training.optimizers import KINDS\n"
        "for name in KINDS: descent.states(descent.Setup(((1.0, 0.0), (2.0, 1.0)), 1.0, 0.0, optimizer=name), 3)\n"
        "print('torch._dynamo' in sys.modules)\n"
        "import torch\n"
        "torch.optim.SGD([torch.zeros(())], lr=0.1).step()\n"
        "print('torch._dynamo' in sys.modules)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["False", "True"]
