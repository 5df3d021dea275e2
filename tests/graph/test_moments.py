"""Backward passes of programs: values, gradients and lines beside torch's own answers, asked in another way."""

import math
from typing import Any

import pytest
import torch

from components.sandbox.run import handle
from tests.sandbox.test_language import run_plainly

PROGRAMS = {
    "scalars": """
import torch
a = torch.tensor(0.7, requires_grad=True)
b = torch.tensor(-1.3, requires_grad=True)
c = a * b
d = torch.sin(c) + a
e = torch.exp(d) / (1 + b * b)
e.backward(retain_graph=True)
""",
    "lists": """
import torch
a = torch.tensor([0.5, -1.0, 2.0], requires_grad=True)
b = torch.tensor([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]], requires_grad=True)
c = b @ a
d = torch.softmax(c, dim=0)
e = -torch.log(d)[1]
e.backward(retain_graph=True)
""",
    "several results": """
import torch
a = torch.tensor([3.0, 1.0, 2.0, 5.0], requires_grad=True)
b, c = (a * 2).split(2)
d = (b * c).sum()
e = d + a.max(dim=0).values
e.backward(retain_graph=True)
""",
    "changed in place": """
import torch
a = torch.tensor([1.0, -2.0], requires_grad=True)
b = a * 3
c = b + 1
c.mul_(2).add_(1)
e = (c ** 2).sum()
e.backward(retain_graph=True)
""",
    "hook": """
import torch
a = torch.tensor([1.0, -2.0], requires_grad=True)
b = a * 3
b.register_hook(lambda g: g * 10)
e = (b ** 2).sum()
e.backward(retain_graph=True)
""",
    "function of one's own": """
import torch
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return 3 * x ** 2 * grad
a = torch.tensor(1.5, requires_grad=True)
b = Cube.apply(a)
e = torch.cos(b)
e.backward(retain_graph=True)
""",
}


def by_name(code: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The nodes of the last backward pass by the program's names, and the program's own tensors."""
    answer = handle({"code": code, "draw": True})
    assert answer["error"] is None
    _, error, namespace = run_plainly(code)
    assert error is None
    return {node["name"]: node for node in answer["moments"][-1]["nodes"] if node["name"]}, namespace


@pytest.mark.parametrize("name", PROGRAMS)
def test_values_and_gradients_are_torchs_own(name: str) -> None:
    nodes, tensors = by_name(PROGRAMS[name])
    result = tensors["e"]
    for one, node in nodes.items():
        tensor = tensors[one]
        if node["op"] == "SplitBackward0":
            continue  # it made two tensors: it has no one value
        asked = torch.autograd.grad(result, tensor, retain_graph=True)[0]
        assert torch.allclose(torch.tensor(node["grad"]), asked, rtol=1e-6)
        assert torch.allclose(torch.tensor(node["value"]), tensor, rtol=1e-6)


def test_a_value_is_what_it_was_before_it_was_changed_in_place() -> None:
    answer = handle({"code": PROGRAMS["changed in place"], "draw": True})
    made = [(node["op"], node["value"]) for node in answer["moments"][0]["nodes"]]
    assert made[1:5] == [
        ("MulBackward0", [3.0, -6.0]),
        ("AddBackward0", [4.0, -5.0]),
        ("MulBackward0", [8.0, -10.0]),
        ("AddBackward0", [9.0, -9.0]),
    ]


@pytest.mark.parametrize("name", ["scalars", "function of one's own"])
def test_along_each_edge_flows_local_times_upstream(name: str) -> None:
    [moment] = handle({"code": PROGRAMS[name], "draw": True})["moments"]
    arrived = {node["id"]: node["grad"] for node in moment["nodes"]}
    for edge in moment["edges"]:
        if edge["local"] is not None:
            assert edge["grad"] == pytest.approx(edge["local"] * arrived[edge["from"]], rel=1e-5)
    unknown = [edge["from"] for edge in moment["edges"] if edge["local"] is None]
    assert all("Cube" in node["op"] for node in moment["nodes"] if node["id"] in unknown)


def test_every_node_has_the_line_that_made_it() -> None:
    code = PROGRAMS["lists"]
    lines = code.split("\n")
    [moment] = handle({"code": code, "draw": True})["moments"]
    assert lines[moment["line"] - 1].startswith("e.backward")
    for node in moment["nodes"]:
        assert node["line"] is not None
        if node["name"]:
            assert lines[node["line"] - 1].startswith(f"{node['name']} =")


def test_each_pass_is_a_moment_of_its_own() -> None:
    code = """
import torch
x = torch.tensor(2.0, requires_grad=True)
y = x ** 3
(first,) = torch.autograd.grad(y, x, create_graph=True)
first.backward()
(x ** 2).backward()
torch.autograd.backward([x * 2, x * 3])
"""
    moments = handle({"code": code, "draw": True})["moments"]
    said = [(moment["line"], moment["call"]) for moment in moments]
    assert said == [(5, "autograd.grad"), (6, "backward"), (7, "backward"), (8, "autograd.backward")]
    leaf = [next(node["grad"] for node in moment["nodes"] if node["name"] == "x") for moment in moments]
    assert leaf == [12.0, 12.0, 4.0, 5.0]


def test_a_pass_that_fails_shows_how_far_it_came() -> None:
    code = """
import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
trunk = torch.exp(w)
trunk.sum().backward()
(trunk * 0.5).mean().backward()
"""
    answer = handle({"code": code, "draw": True})
    assert answer["error"]["line"] == 6
    grads = {node["op"]: node["grad"] for node in answer["moments"][1]["nodes"]}
    assert (grads["MeanBackward0"], grads["MulBackward0"]) == (1.0, [0.5, 0.5])
    assert grads["AccumulateGrad"] is None


def test_what_is_not_finite_is_said() -> None:
    code = "import torch\nx = torch.tensor(0.0, requires_grad=True)\ny = torch.sqrt(x) * 0\ny.backward()\n"
    nodes = {node["op"]: node for node in handle({"code": code, "draw": True})["moments"][0]["nodes"]}
    assert nodes["AccumulateGrad"]["grad"] == "nan"
    edges = {edge["from"]: edge["local"] for edge in handle({"code": code})["moments"][0]["edges"]}
    assert edges["sqrt"] == "inf"


def test_watching_a_program_changes_nothing_of_it() -> None:
    code = """
import torch
torch.manual_seed(2)
x = torch.randn(3, requires_grad=True)
y = torch.dropout(x, 0.5, True)
z = (y * torch.randn(3)).sum()
z.backward()
after = torch.randn(2)
"""
    answer = handle({"code": code, "draw": True})["names"]
    _, _, namespace = run_plainly(code)
    assert answer["after"]["value"] == namespace["after"].tolist()
    assert answer["x"]["grad"] == namespace["x"].grad.tolist()
    assert all(math.isfinite(number) for number in answer["after"]["value"])
