"""Large graphs of the kinds that models have, and recordings of them: each of about as many nodes as asked for."""

import json
import random
from collections.abc import Callable, Iterator
from typing import NamedTuple

from components.graph.model import Structure
from components.graph.structure import structure_of


class Made(NamedTuple):
    """A node: torch's name, its own, and the places of its inputs."""

    op: str
    name: str
    inputs: tuple[int, ...]


class Builder:
    """Nodes one after another; each call gives the place of a new one."""

    def __init__(self) -> None:
        self.nodes = list[Made]()

    def leaf(self, name: str) -> int:
        return self.step("AccumulateGrad", name=name)

    def step(self, op: str, *inputs: int, name: str = "") -> int:
        self.nodes.append(Made(op, name, inputs))
        return len(self.nodes) - 1


def chain(count: int) -> list[Made]:
    """One step after another."""
    made = Builder()
    at = made.leaf("x")
    for place in range(count - 1):
        at = made.step("TanhBackward0" if place % 2 else "MulBackward0", at)
    return made.nodes


def residual(count: int) -> list[Made]:
    """Blocks of two linear layers, each with a way around it."""
    made = Builder()
    at = made.leaf("x")
    for block in range(max(1, (count - 2) // 10)):
        before = at
        for layer in range(2):
            weight, bias = (made.leaf(f"blocks.{block}.{layer}.{kind}") for kind in ("weight", "bias"))
            at = made.step("AddmmBackward0", bias, at, made.step("TBackward0", weight))
            at = made.step("ReluBackward0", at) if not layer else at
        at = made.step("AddBackward0", at, before)
    made.step("MeanBackward0", at, name="loss")
    return made.nodes


def recurrent(count: int) -> list[Made]:
    """An LSTM's cell over many steps: four leaves that every step uses."""
    made = Builder()
    weights = [made.leaf(f"cell.{name}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    hidden = cell = made.leaf("state")
    for _ in range(max(1, (count - 6) // 17)):
        ahead = made.step("AddmmBackward0", weights[2], made.step("TBackward0", weights[0]))
        back = made.step("AddmmBackward0", weights[3], hidden, made.step("TBackward0", weights[1]))
        gates = made.step("UnsafeSplitBackward0", made.step("AddBackward0", ahead, back))
        inward, forget, outward = (made.step("SigmoidBackward0", gates) for _ in range(3))
        new = made.step("MulBackward0", inward, made.step("TanhBackward0", gates))
        cell = made.step("AddBackward0", made.step("MulBackward0", forget, cell), new)
        hidden = made.step("MulBackward0", outward, made.step("TanhBackward0", cell))
    made.step("MeanBackward0", hidden, name="loss")
    return made.nodes


def tangle(count: int) -> list[Made]:
    """Each node with one or two of the hundred before it, drawn by chance."""
    made, chance = Builder(), random.Random(0)
    for place in range(count):
        before = range(max(0, place - 100), place)
        inputs = chance.sample(before, min(len(before), chance.randint(1, 2)))
        if place < 60:
            made.leaf(f"p{place}")
        else:
            made.step("MulBackward0" if len(inputs) > 1 else "ExpBackward0", *inputs)
    return made.nodes


def fan(count: int) -> list[Made]:
    """Leaves, all of which go into one step."""
    made = Builder()
    leaves = [made.leaf(f"p{place}") for place in range(count - 1)]
    made.step("StackBackward0", *leaves)
    return made.nodes


SHAPES: dict[str, Callable[[int], list[Made]]] = {
    "chain": chain,
    "residual": residual,
    "recurrent": recurrent,
    "tangle": tangle,
    "fan": fan,
}


def structure(made: list[Made]) -> Structure:
    """The nodes as what a layout depends on."""
    return structure_of(tuple([(op, name, inputs, (), op) for op, name, inputs in made]), ())[0]


def recording(made: list[Made]) -> str:
    """A recording of these nodes, each with four numbers and those that arrive there."""
    moment = {"call": "backward", "line": 9, "source": "loss.backward()", "module": ""}
    return json.dumps(
        {
            "format": "autograd-explorer/1",
            "torch": "2.13.0",
            "left_out": 0,
            "moments": [moment | {"nodes": list(map(_node, range(len(made)), made)), "edges": list(_edges(made))}],
        }
    )


def _node(place: int, made: Made) -> dict[str, object]:
    numbers = [round(0.37 * (place % 7) - 1 + part, 4) for part in range(4)]
    summary = {"min": numbers[0], "max": numbers[3], "mean": numbers[0] + 1.5, "nonfinite": 0}
    module = made.name.rpartition(".")[0]
    return {
        "id": f"n{place}",
        "op": made.op,
        "name": made.name,
        "module": module,
        "line": None if made.op == "AccumulateGrad" else 1 + place % 40,
        "source": "" if made.op == "AccumulateGrad" else f"x = layer_{place % 40}(x)",
        "shape": [2, 2],
        "dtype": "float32",
        "value": numbers,
        "summary": summary,
        "grad": numbers,
        "grad_summary": summary,
    }


def _edges(made: list[Made]) -> Iterator[dict[str, object]]:
    for place, node in enumerate(made):
        for source in node.inputs:
            yield {"from": f"n{place}", "to": f"n{source}", "local": None, "grad": None}
