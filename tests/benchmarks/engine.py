"""Engine work per update, beside the same curves computed point by point.

OMP_NUM_THREADS=1 python -m tests.benchmarks.engine
"""

import timeit
from collections.abc import Callable
from dataclasses import replace

import torch

from components.losses import LOSSES
from components.pages.neuron import curves
from components.pages.neuron import model as neuron
from components.pages.neuron.diagnosis import central_differences, diagnose
from components.pages.neuron.model import Inputs

STATE = Inputs(w=1.3)
RUN = neuron.run(STATE)


def plain_pass(inputs: Inputs) -> tuple[float, float, float]:
    """The notebook's own lines: forward and backward, nothing read from the graph."""
    x, y = torch.tensor(inputs.x), torch.tensor(inputs.y)
    w = torch.tensor(inputs.w, requires_grad=True)
    b = torch.tensor(inputs.b, requires_grad=True)
    loss = LOSSES["notebook"].function(torch.sigmoid(w * x + b), y)
    torch.autograd.backward(loss)
    assert w.grad is not None
    assert b.grad is not None
    return loss.item(), w.grad.item(), b.grad.item()


def point_by_point() -> list[tuple[float, float, float]]:
    """Both sweeps, each point a pass of its own."""
    by_w = [plain_pass(replace(STATE, w=float(v))) for v in curves.axis("w")]
    return by_w + [plain_pass(replace(STATE, b=float(v))) for v in curves.axis("b")]


def second_opinions() -> None:
    """What else an update computes about its gradients."""
    diagnose(RUN)
    central_differences(RUN.inputs, (float(RUN.inputs.h),))


def milliseconds(work: Callable[[], object], times: int) -> float:
    for _ in range(min(times, 100)):
        work()
    return min(timeit.repeat(work, number=times, repeat=5)) / times * 1000


def main() -> None:
    torch.set_num_threads(1)
    passes = milliseconds(lambda: plain_pass(STATE), 500)
    run = milliseconds(lambda: neuron.run(STATE, details=False), 500)
    sweeps = milliseconds(lambda: curves.sweep(STATE), 500)
    sweep = milliseconds(lambda: curves.sweep(STATE, ("b",)), 500)
    answers = milliseconds(second_opinions, 500)
    slow = milliseconds(point_by_point, 3)
    print(f"a bare forward and backward          {passes:8.3f} ms")
    print(f"neuron with its graph read           {run:8.3f} ms")
    print(f"two sweeps of {curves.POINTS} points             {sweeps:8.3f} ms")
    print(f"neuron and both sweeps               {run + sweeps:8.3f} ms")
    print(f"closed form, differences, verdicts   {answers:8.3f} ms")
    update = run + sweep + answers
    print(f"all of an update while w is dragged  {update:8.3f} ms  (its own curve stays)")
    print(f"  in bare passes                     {update / passes:8.1f}     (at most 4.5 wanted)")
    print(f"the same sweeps point by point       {slow:8.3f} ms")
    print(f"point by point / neuron and sweeps   {slow / (run + sweeps):8.1f} x  (at least 50 wanted)")


if __name__ == "__main__":
    main()
