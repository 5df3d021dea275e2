"""A step of a training with and without the recorder, in turn; what TorchLens and torchviz take for the same model.

OMP_NUM_THREADS=1 python -m tests.benchmarks.recording
"""

import importlib
import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from components.recording.read import read
from components.recording.recorder import record
from components.recording.snapshots import opened
from tests.benchmarks.times import line, timed

ROUNDS = 30
WANTED = 3.0
"""Times of a bare step that a recorded one may take."""

Step = Callable[[], None]


class Case(NamedTuple):
    """A model with what it is trained on."""

    model: nn.Module
    x: Tensor
    y: Tensor
    criterion: nn.Module

    def loss(self) -> Tensor:
        loss: Tensor = self.criterion(self.model(self.x), self.y)
        return loss

    def step(self) -> Step:
        """A whole step with its optimiser."""
        optimizer = torch.optim.SGD(self.model.parameters(), lr=0.01)

        def step() -> None:
            optimizer.zero_grad()
            torch.autograd.backward(self.loss())
            optimizer.step()

        return step


class Recurrent(nn.Module):
    """The last of an LSTM's states."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.head = nn.LSTM(64, 128), nn.Linear(128, 10)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.lstm(x)
        scores: Tensor = self.head(states[-1])
        return scores


def convolutions() -> nn.Module:
    """Three convolutions with batch norm on 32 x 32 images."""
    layers: list[nn.Module] = []
    for before, after in ((3, 16), (16, 32), (32, 64)):
        layers += [nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(1024, 10))


def cases() -> dict[str, Case]:
    """By name, from small to large."""
    torch.manual_seed(0)
    classes, cross_entropy = torch.randint(10, (64,)), nn.CrossEntropyLoss()
    dense = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10))
    layer = nn.TransformerEncoderLayer(256, 4, 512, batch_first=True)
    encoder = nn.TransformerEncoder(layer, 6, enable_nested_tensor=False)
    words = torch.randn(16, 32, 256)
    return {
        "8 numbers, two layers": Case(
            nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)),
            torch.randn(8, 2),
            torch.randn(8, 1),
            nn.MSELoss(),
        ),
        "64 of 28 x 28, three layers": Case(dense, torch.randn(64, 784), classes, cross_entropy),
        "64 of 20 steps, LSTM": Case(Recurrent(), torch.randn(20, 64, 64), classes, cross_entropy),
        "64 of 32 x 32, three convolutions": Case(convolutions(), torch.randn(64, 3, 32, 32), classes, cross_entropy),
        "16 of 32 words, transformer layer": Case(layer, words, torch.randn(16, 32, 256), nn.MSELoss()),
        "16 of 32 words, six of them": Case(encoder, words, torch.randn(16, 32, 256), nn.MSELoss()),
    }


def compare(name: str, case: Case) -> None:
    """Prints a recorded step beside a bare one, and what reading the recording takes."""
    step = case.step()
    bare, recorded = list[float](), list[float]()
    for _ in range(3):
        step()
    for _ in range(ROUNDS):
        with timed(bare):
            step()
        with timed(recorded), record() as r:
            step()
    data = r.text().encode()
    began = time.perf_counter()
    moments = [opened(moment) for moment in read(data).moments]
    reading = (time.perf_counter() - began) * 1000
    nodes = sum(len(moment.nodes) for moment in moments)
    ratio = statistics.median(recorded) / statistics.median(bare)
    times = f"{statistics.median(bare):7.2f} ms, recorded {statistics.median(recorded):7.2f} ms, {ratio:.2f} x"
    line(name, f"{times}   {nodes} nodes, {len(data) / 1000:.0f} kB, read in {reading:.0f} ms")


def others(case: Case) -> None:
    """Prints what tools of others take for one model; that they are missing, where they are."""
    for name, run in (("torchviz", _torchviz), ("torchlens", _torchlens)):
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            line(name, f"not installed: {error}")
            continue
        taken = list[float]()
        for _ in range(3):
            with timed(taken):
                run(module, case)
        line(name, f"{min(taken):7.2f} ms")


def _torchviz(module: Any, case: Case) -> None:
    """The picture's text, without values."""
    module.make_dot(case.loss(), params=dict(case.model.named_parameters()))


def _torchlens(module: Any, case: Case) -> None:
    module.trace(case.model, case.x)


def main() -> None:
    torch.set_num_threads(1)
    print(f"A step of a training, bare and recorded (at most {WANTED:.0f} x wanted)")
    found = cases()
    for name, case in found.items():
        compare(name, case)
    name, case = list(found.items())[-2]
    print(f"The same model in tools of others: {name}")
    others(case)


if __name__ == "__main__":
    main()
