"""The loop that everybody writes, by torch's public names alone: the second opinion on every path."""

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from components.pages.training.descent import Setup

OPTIMIZERS: dict[str, Any] = {
    "sgd": lambda p, s: torch.optim.SGD(p, lr=s.lr),
    "momentum": lambda p, s: torch.optim.SGD(p, lr=s.lr, momentum=s.momentum),
    "nesterov": lambda p, s: torch.optim.SGD(p, lr=s.lr, momentum=s.momentum, nesterov=True),
    "rmsprop": lambda p, s: torch.optim.RMSprop(p, lr=s.lr),
    "adam": lambda p, s: torch.optim.Adam(p, lr=s.lr),
    "adamw": lambda p, s: torch.optim.AdamW(p, lr=s.lr),
}


def mean_loss(name: str, z: Tensor, y: Tensor) -> Tensor:
    """The mean loss, as each page of torch's documentation writes it."""
    if name == "logits":
        return functional.binary_cross_entropy_with_logits(z, y)
    y_pred = torch.sigmoid(z)
    if name == "bce":
        return functional.binary_cross_entropy(y_pred, y)
    if name == "squared":
        return ((y_pred - y) ** 2).mean()
    clamped = torch.clamp(y_pred, 1e-8, 1 - 1e-8)
    return (-(y * torch.log(clamped) + (1 - y) * torch.log(1 - clamped))).mean()


def path(setup: Setup, steps: int) -> list[dict[str, Any]]:
    """Position, loss, held gradients and optimiser's state after each step, the start first."""
    x = torch.tensor([x for x, _ in setup.points])
    y = torch.tensor([label for _, label in setup.points])
    w = torch.tensor(setup.w, requires_grad=True)
    b = torch.tensor(setup.b, requires_grad=True)
    optimizer = OPTIMIZERS[setup.optimizer]([w, b], setup)
    generator = torch.Generator().manual_seed(setup.seed)
    order: list[Tensor] = []
    found: list[dict[str, Any]] = [{"w": w.item(), "b": b.item(), "loss": mean_loss(setup.loss, w * x + b, y).item()}]
    for _ in range(steps):
        if setup.zero != "never":
            optimizer.zero_grad()
        if not setup.batch:
            mean_loss(setup.loss, w * x + b, y).backward()  # type: ignore[no-untyped-call]  # torch's own has no types
        else:
            if not order or setup.zero == "epoch":
                order = list(torch.split(torch.randperm(len(x), generator=generator), setup.batch))
            drawn, order = (order, []) if setup.zero == "epoch" else (order[:1], order[1:])
            for batch in drawn:
                loss = mean_loss(setup.loss, w * x[batch] + b, y[batch])
                loss = loss * (len(batch) / len(x)) if setup.zero == "epoch" and len(drawn) > 1 else loss
                loss.backward()  # type: ignore[no-untyped-call]  # torch's own has no types
        assert w.grad is not None
        assert b.grad is not None
        held = {"w_grad": w.grad.item(), "b_grad": b.grad.item()}
        optimizer.step()
        with torch.no_grad():
            loss_now = mean_loss(setup.loss, w * x + b, y).item()
        kept = [{k: float(v) for k, v in optimizer.state.get(p, {}).items() if v is not None} for p in (w, b)]
        found.append({"w": w.item(), "b": b.item(), "loss": loss_now, **held, "kept": kept})
        if not (torch.isfinite(w) and torch.isfinite(b)):
            break
    return found
