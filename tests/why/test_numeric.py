"""Numbers that findings say are torch's own, and ordinary trainings get none."""

import re

import pytest
import torch

from components.sandbox.run import handle
from tests.why.program import program
from tests.why.runs import findings_of


def first_text(code: str) -> str:
    _, found = findings_of(program(code))
    return found[0].text


def test_the_running_products_of_slopes_are_those_of_torch() -> None:
    _, found = findings_of(
        program("""
w = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 1.0], requires_grad=True)
h = torch.tensor(0.5)
for i in range(6):
    h = torch.sigmoid(w[i] * h)
h.backward()
""")
    )
    h, slopes = torch.tensor(0.5), []
    for _ in range(6):
        h = torch.sigmoid(h)
        slopes.append(float(h * (1 - h)))
    products = torch.tensor(slopes[::-1]).cumprod(0)
    assert [one.value for one in found[0].factors] == pytest.approx(products.tolist())
    assert f"{float(products[-1]):.4g}" in found[0].text


def test_what_comes_to_a_saturated_function_and_what_leaves_it_are_a_strip() -> None:
    _, found = findings_of(
        program("""
w = torch.tensor(10.0, requires_grad=True)
prob = torch.sigmoid(w * 3)
loss = (prob - 0.0) ** 2
loss.backward()
""")
    )
    assert [one.value for one in found[0].factors] == [2.0, 0.0]


def test_the_first_entry_of_an_overflow_is_said() -> None:
    text = first_text("""
x = torch.tensor([-1.0, 50.0, 100.0], requires_grad=True)
torch.exp(x).clamp(max=1.0).sum().backward()
""")
    assert "`exp` of 100 in line 3 is inf" in text
    assert f"{torch.finfo(torch.float32).max:.3g}" in text


def test_a_diverging_training_gets_a_rate_that_works() -> None:
    code = program("""
w = torch.tensor(1.0, requires_grad=True)
lr = 2.0
for step in range(80):
    loss = (3 * w - 2) ** 2
    loss.backward()
    with torch.no_grad():
        w -= lr * w.grad
    w.grad.zero_()
""")
    _, found = findings_of(code)
    assert (found[0].kind, found[0].line) == ("nan", 3)
    assert found[0].repair is not None
    answer = handle({"code": found[0].repair.code})
    assert answer["names"]["w"]["value"] == pytest.approx(2 / 3, abs=1e-3)
    ratio = re.search(r"about ([\d.]+) times larger", found[0].text)
    assert ratio is not None
    assert float(ratio[1]) == pytest.approx(abs(1 - 2.0 * 18), rel=1e-3)


FORMULAS = {
    "x = torch.tensor([100.0, 1.0], requires_grad=True)\ny = torch.log(torch.exp(x).sum())": [1.0, 0.0],
    "x = torch.tensor([100.0], requires_grad=True)\ny = torch.log(1 + torch.exp(x)).sum()": [1.0],
    "x = torch.tensor([-100.0], requires_grad=True)\ny = (1 / (1 + torch.exp(-x))).sum()": [0.0],
    "x = torch.tensor([0.0, 200.0], requires_grad=True)\ny = -torch.log(torch.softmax(x, dim=0))[0]": [-1.0, 1.0],
    "x = torch.tensor([50.0], requires_grad=True)\ny = -torch.log(1 - torch.sigmoid(x)).sum()": [1.0],
    "x = torch.tensor([0.0, 0.0], requires_grad=True)\ny = (x ** 2).sum().sqrt()": [0.0, 0.0],
    "x = torch.tensor([-8.0], requires_grad=True)\ny = (x ** (1 / 3)).sum()": [1 / 12],
    "x = torch.tensor([100.0, 0.0], requires_grad=True)\ny = (torch.exp(x) / torch.exp(x).sum())[0]": [0.0, 0.0],
}


@pytest.mark.parametrize("code", FORMULAS)
def test_a_formula_that_is_not_finite_is_replaced_by_the_same_one_that_is(code: str) -> None:
    _, found = findings_of(program(f"\n{code}\ny.backward()\n"))
    assert found[0].kind == "nan"
    assert found[0].repair is not None
    answer = handle({"code": found[0].repair.code})
    assert answer["names"]["x"]["grad"] == pytest.approx(FORMULAS[code], abs=1e-6)


TRAININGS = {
    "layers with relu": """
net = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
x = torch.randn(16, 2)
t = x.sum(dim=1, keepdim=True)
for step in range(30):
    optimizer.zero_grad()
    loss = ((net(x) - t) ** 2).mean()
    loss.backward()
    optimizer.step()
""",
    "biases at zero": """
w = torch.randn(2, 4, requires_grad=True)
b = torch.zeros(4, requires_grad=True)
v = torch.zeros(4, 1, requires_grad=True)
x = torch.randn(8, 2)
t = torch.randn(8, 1)
for step in range(20):
    loss = ((torch.tanh(x @ w + b) @ v - t) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in (w, b, v):
            p -= 0.1 * p.grad
            p.grad.zero_()
""",
    "dropout": """
net = nn.Sequential(nn.Linear(3, 6), nn.ReLU(), nn.Dropout(0.5), nn.Linear(6, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
x = torch.randn(10, 3)
t = torch.randint(0, 2, (10,))
for step in range(20):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), t)
    loss.backward()
    optimizer.step()
""",
    "batch norm": """
net = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
x = torch.randn(12, 3)
t = (x[:, :1] > 0).float()
for step in range(20):
    optimizer.zero_grad()
    loss = nn.functional.binary_cross_entropy_with_logits(net(x), t)
    loss.backward()
    optimizer.step()
""",
    "attention with a mask": """
q = torch.randn(4, 3, requires_grad=True)
k = torch.randn(4, 3, requires_grad=True)
v = torch.randn(4, 3, requires_grad=True)
mask = torch.triu(torch.ones(4, 4), diagonal=1).bool()
scores = (q @ k.T / 3 ** 0.5).masked_fill(mask, float("-inf"))
out = torch.softmax(scores, dim=-1) @ v
((out - 1) ** 2).mean().backward()
""",
    "recurrent": """
w = torch.randn(3, 3, requires_grad=True)
u = torch.randn(2, 3, requires_grad=True)
h = torch.zeros(5, 3)
for step in range(8):
    h = torch.tanh(torch.randn(5, 2) @ u + h @ w * 0.5)
((h - 0.5) ** 2).mean().backward()
""",
    "clamp as a relu": """
w = torch.randn(4, 3, requires_grad=True)
x = torch.randn(6, 4)
((x @ w).clamp(min=0) ** 2).mean().backward()
""",
    "clamp of a leaf from below": """
x = torch.tensor([-1.0, 0.5, 2.0], requires_grad=True)
((x.clamp(min=0) - 1) ** 2).sum().backward()
""",
    "a regression that has converged": """
w = torch.tensor([2.0], requires_grad=True)
x = torch.tensor([1.0, 2.0, 3.0])
for step in range(60):
    loss = ((w * x - 3 * x) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
""",
    "a classification that is certain": """
w = torch.tensor([[8.0, -8.0]], requires_grad=True)
x = torch.tensor([[3.0], [4.0]])
loss = nn.functional.cross_entropy(x @ w, torch.tensor([0, 0]))
loss.backward()
""",
    "an embedding": """
table = nn.Embedding(5, 3)
head = nn.Linear(3, 5)
words = torch.tensor([1, 1, 3])
nn.functional.cross_entropy(head(table(words)), torch.tensor([1, 3, 0])).backward()
""",
    "a clipped ratio": """
r = torch.tensor([0.5, 1.0, 1.6], requires_grad=True)
a = torch.tensor([1.0, -1.0, 2.0])
(-torch.min(r * a, r.clamp(0.8, 1.2) * a).mean()).backward()
""",
    "pairwise differences": """
a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
(a[:, None] - torch.tensor([1.0, 2.0, 3.0])).pow(2).sum().backward()
""",
    "a stationary point": """
x = torch.tensor(0.0, requires_grad=True)
(x ** 2 + torch.cos(x)).backward()
""",
    "a quantised value with the gradient passed by": """
x = torch.tensor([0.3, 1.7], requires_grad=True)
q = x + (torch.round(x) - x).detach()
((q - 1) ** 2).sum().backward()
""",
    "a latent variable": """
mean = torch.zeros(4, 2, requires_grad=True)
log_variance = torch.zeros(4, 2, requires_grad=True)
z = mean + torch.exp(0.5 * log_variance) * torch.randn(4, 2)
kl = -0.5 * (1 + log_variance - mean ** 2 - log_variance.exp()).sum()
(((z - 1) ** 2).sum() + kl).backward()
""",
    "a policy": """
scores = torch.zeros(5, 3, requires_grad=True)
actions = torch.tensor([0, 2, 1, 1, 0])
log_p = torch.log_softmax(scores, dim=1)
chosen = log_p.gather(1, actions.unsqueeze(1)).squeeze(1)
(-(chosen * torch.tensor([1.0, 0.5, -1.0, 2.0, 0.0])).mean()).backward()
""",
    "a discriminator": """
net = nn.Sequential(nn.Linear(2, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1), nn.Sigmoid())
loss = nn.functional.binary_cross_entropy(net(torch.randn(6, 2)), torch.ones(6, 1))
loss.backward()
""",
    "a convolution with pooling": """
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18, 3))
nn.functional.cross_entropy(net(torch.randn(2, 1, 8, 8)), torch.tensor([0, 2])).backward()
""",
    "a pixel inside its range": """
pixel = torch.tensor([0.2, 0.4, 0.9], requires_grad=True)
((pixel.clamp(0.0, 1.0) - 0.5) ** 2).sum().backward()
""",
    "a hinge loss": """
w = torch.tensor([0.5, -0.5], requires_grad=True)
x = torch.tensor([[1.0, 2.0], [-1.0, 1.0], [8.0, -8.0]])
y = torch.tensor([1.0, -1.0, 1.0])
torch.clamp(1 - y * (x @ w), min=0).mean().backward()
""",
    "a hinge loss that all keep": """
w = torch.tensor([2.0, -2.0], requires_grad=True)
x = torch.tensor([[1.0, -2.0], [3.0, -1.0]])
for step in range(8):
    torch.clamp(1 - x @ w, min=0).mean().backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
    w.grad.zero_()
""",
    "a triplet that keeps its margin": """
a = torch.tensor([1.0, 0.0], requires_grad=True)
near, far = torch.tensor([1.0, 0.1]), torch.tensor([-3.0, 1.0])
torch.relu((a - near).norm() - (a - far).norm()).backward()
""",
    "a norm as a penalty": """
w = torch.randn(3, 2, requires_grad=True)
(w.norm() + w.abs().sum() + (w ** 2).sum().sqrt()).backward()
""",
    "means of columns": """
x = torch.randn(3, 3, requires_grad=True)
z = (x - x.mean(dim=0)) / (x.std(dim=0) + 1e-5)
(z ** 3).sum().backward()
""",
    "deep tanh with its own weights": """
h = torch.randn(4, 3)
for layer in [nn.Linear(3, 3) for _ in range(5)]:
    h = torch.tanh(layer(h))
((h - 1) ** 2).mean().backward()
""",
    "gates": """
cell = nn.LSTMCell(2, 3)
h, c = torch.zeros(4, 3), torch.zeros(4, 3)
for step in range(6):
    h, c = cell(torch.randn(4, 2), (h, c))
((h - 0.5) ** 2).mean().backward()
""",
}


@pytest.mark.parametrize("name", TRAININGS)
def test_an_ordinary_training_gets_no_finding(name: str) -> None:
    _, found = findings_of(program(f"\ntorch.manual_seed(0){TRAININGS[name]}"))
    assert [(one.kind, one.line, one.text) for one in found] == []


REFUSED = {
    "torch.ones(2, 3) @ torch.ones(2, 3)": "(2, 3) times (2, 3)",
    "torch.ones(2, 3) @ torch.ones(2)": "a matrix of 3 columns",
    "torch.ones(3) @ torch.ones(2)": "3 entries and 2",
    "torch.ones(2, 3) + torch.ones(2)": "3 and 2 entries in dimension 1",
    "torch.bmm(torch.ones(2, 3, 4), torch.ones(2, 3, 4))": "has to begin with [2, 4]",
    "torch.ones(2, 2).double() @ torch.ones(2, 2)": "double and float",
    "nn.functional.cross_entropy(torch.ones(1, 2), torch.tensor([1.0]))": "whole numbers",
    "nn.functional.cross_entropy(torch.ones(2, 2), torch.tensor([[1], [0]]))": "one class for each row",
    "nn.functional.cross_entropy(torch.ones(3, 2), torch.tensor([1, 0]))": "3 samples and classes for 2",
    "nn.functional.cross_entropy(torch.ones(1, 2), torch.tensor([2]))": "Class 2",
    "nn.functional.binary_cross_entropy_with_logits(torch.ones(3, 1), torch.ones(3))": "predictions of [3, 1]",
    "nn.functional.binary_cross_entropy(torch.ones(3, 1), torch.ones(3))": "predictions of [3, 1]",
    "torch.ones(2)[torch.tensor([0, 2])]": "Index 2",
    "torch.ones(2)[5]": "Index 5",
    "nn.Embedding(3, 2)(torch.tensor([3]))": "rows of the table",
    "torch.ones(3).sum(dim=1)": "dimension 1 of a tensor that has 1",
    "torch.ones(2, 3).reshape(4, 2)": "has 8 entries, and the tensor has 6",
    "torch.ones(2, 3).T.view(6)": "`reshape` copies",
    "torch.stack([torch.ones(2), torch.ones(3)])": "different shapes",
    "torch.cat([torch.ones(2, 3), torch.ones(2, 2)])": "different shapes",
    "nn.Conv2d(3, 4, 3)(torch.ones(1, 1, 8, 8))": "takes 3 channels and gets 1",
    "nn.BatchNorm1d(3)(torch.ones(1, 3))": "one sample",
}
"""Expressions that torch refuses, and words of what is said of them."""


@pytest.mark.parametrize("expression", REFUSED)
def test_what_torch_refuses_is_said_with_its_own_numbers(expression: str) -> None:
    _, found = findings_of(program(f"\ny = {expression}\n"))
    assert [(one.kind, one.line) for one in found] == [("shape", 2)]
    assert REFUSED[expression] in found[0].text
