"""A small network, and a recording of a program's as tests look at it."""

import json
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from components.recording.recorder import record


def backward(result: Tensor, **options: Any) -> None:
    result.backward(**options)  # type: ignore[no-untyped-call]  # torch leaves it untyped


UNKNOWN = {"line": None, "source": "", "module": "", "value": None, "summary": None, "grad": None}
"""Keys that a node may go without."""


def moments(recording: record) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(recording.text())["moments"]
    for moment in found:
        moment["nodes"] = [UNKNOWN | node for node in moment["nodes"]]
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


RUNS = "    result.backward(**options)  # type: ignore[no-untyped-call]  # torch leaves it untyped"
LINES = Path(__file__).read_text("utf-8").splitlines()
