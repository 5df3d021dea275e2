"""A training as a script: the loop that everybody writes, printing the page's numbers digit for digit."""

from components.drawing.script import Script
from components.losses import LOSSES
from components.pages.training import optimizers
from components.pages.training.descent import EPOCH, NEVER
from components.pages.training.model import Inputs
from components.pages.training.optimizers import KINDS

_NEXT = "\n---\n"
"""Between two cells."""

_TRAINING = """\
import torch

{origin}

x = torch.tensor({x})  # the points,
y = torch.tensor({y})  # and their labels
w = torch.tensor({w}, requires_grad=True)  # where the descent starts
b = torch.tensor({b}, requires_grad=True)
optimizer = torch.optim.{make}([w, b], {arguments})
---
def mean_loss(x, y):
    z = w * x + b
{prediction}    return {loss}

path = []

def show(step):
    with torch.no_grad():  # only to be printed: nothing to remember
        path.append((mean_loss(x, y).item(), w.item(), b.item()))
    print(step, *path[-1])
---
print("step loss w b")
{loop}
---
for name, number in zip(("loss", "w", "b"), path[{at}]):  # after step {at}
    print(name, "=", number)"""

_ZERO = "    optimizer.zero_grad()\n"
_FORGOTTEN = "    # optimizer.zero_grad() is forgotten: .grad is the sum of all gradients so far\n"

_ALL = """\
show(0)
for step in range(1, {steps} + 1):
{zero}    mean_loss(x, y).backward()
    optimizer.step()
    show(step)"""

_DRAWN = """\
generator = torch.Generator().manual_seed({seed})  # its own: nothing global is touched
batches = []
show(0)
for step in range(1, {steps} + 1):
    if not batches:
        batches = list(torch.randperm(len(x), generator=generator).split({batch}))
    batch = batches.pop(0)
{zero}    mean_loss(x[batch], y[batch]).backward()
    optimizer.step()
    show(step)"""

_ACCUMULATED = """\
generator = torch.Generator().manual_seed({seed})  # its own: nothing global is touched
show(0)
for step in range(1, {steps} + 1):
{zero}    for batch in torch.randperm(len(x), generator=generator).split({batch}):
        share = len(batch) / len(x)  # so that the sum is the gradient of the mean over all points
        (mean_loss(x[batch], y[batch]) * share).backward()
    optimizer.step()
    show(step)"""


def script(inputs: Inputs) -> Script:
    """The first run, from its start to its last step."""
    loss = LOSSES[inputs.loss]
    call = loss.script.call.partition("  #")[0]
    text = _TRAINING.format(
        origin=loss.script.origin,
        x=[x for x, _ in inputs.points],
        y=[label for _, label in inputs.points],
        w=inputs.w,
        b=inputs.b,
        make=KINDS[inputs.optimizer].make.__name__,
        arguments=", ".join(
            f"{name}={value}"
            for name, value in optimizers.arguments(inputs.optimizer, inputs.lr, inputs.momentum).items()
        ),
        prediction="" if loss.takes_logits else "    y_pred = torch.sigmoid(z)\n",
        loss=call if loss.torch_mean else f"{call}.mean()",
        loop=_loop(inputs),
        at=int(inputs.at),
    )
    return Script("training", "A neuron that learns: the loop of every training", tuple(text.split(_NEXT)))


def _loop(inputs: Inputs) -> str:
    loop = _ALL if not inputs.batch else _ACCUMULATED if inputs.zero == EPOCH else _DRAWN
    zero = _FORGOTTEN if inputs.zero == NEVER else _ZERO
    return loop.format(steps=int(inputs.steps), zero=zero, batch=int(inputs.batch), seed=int(inputs.seed))
