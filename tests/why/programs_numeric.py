"""For each rule of numbers and shapes a program where it must speak, with the line, and one where it must not."""

from collections.abc import Mapping

from tests.why.program import Programs

PROGRAMS: Mapping[str, Programs] = {
    "nan/first_nan": Programs(
        """
x = torch.tensor([-1.0, 4.0], requires_grad=True)
y = torch.where(x > 0, torch.sqrt(x), x)
y.sum().backward()
""",
        3,
        """
scores = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
mask = torch.tensor([[False, True], [False, False]])
weights = torch.softmax(scores.masked_fill(mask, float("-inf")), dim=1)
(weights @ torch.tensor([1.0, 3.0])).sum().backward()
""",
    ),
    "zero/no_gradient": Programs(
        """
w = torch.tensor(10.0, requires_grad=True)
prob = torch.sigmoid(w * 3)
loss = (prob - 0.0) ** 2
loss.backward()
""",
        4,
        """
w = torch.tensor([[2.0]], requires_grad=True)
x = torch.tensor([[1.0], [2.0], [3.0]])
loss = nn.functional.mse_loss(x @ w, 2 * x)
loss.backward()
""",
    ),
    "zero/clamped_entries": Programs(
        """
pixel = torch.tensor([-0.2, 0.4, 1.3], requires_grad=True)
shown = torch.clamp(pixel, 0.0, 1.0)
loss = ((shown - 0.5) ** 2).sum()
loss.backward()
""",
        4,
        """
p = torch.tensor([-0.2, 0.4, 1.3], requires_grad=True)
loss = -torch.log(p.clamp(1e-6, 1.0)).sum() + (p ** 2).sum()
loss.backward()
""",
    ),
    "zero/vanishing": Programs(
        """
w = torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 1.0], requires_grad=True)
h = torch.tensor(0.5)
for i in range(6):
    h = torch.sigmoid(w[i] * h)
loss = (h - 1.0) ** 2
loss.backward()
""",
        5,
        """
w = torch.tensor(1.0, requires_grad=True)
h = torch.tensor(0.5)
for i in range(6):
    h = torch.tanh(w * h + 0.1)
loss = (h - 1.0) ** 2
loss.backward()
""",
    ),
    "shape_errors/refused": Programs(
        """
a = torch.ones(2, 3, requires_grad=True)
b = torch.ones(2, 3)
(a @ b).sum().backward()
""",
        4,
        """
a = torch.ones(2, 3, requires_grad=True)
b = torch.ones(3, 2)
(a @ b).sum().backward()
""",
    ),
    "shape/every_with_every": Programs(
        """
w = torch.tensor([[2.0]], requires_grad=True)
x = torch.tensor([[1.0], [2.0], [3.0]])
t = torch.tensor([2.0, 4.0, 7.0])
loss = ((x @ w - t) ** 2).mean()
loss.backward()
""",
        5,
        """
a = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
b = torch.tensor([1.0, 2.0, 4.0])
loss = ((a.unsqueeze(1) - b) ** 2).mean()
loss.backward()
""",
    ),
    "shape/wrong_axis": Programs(
        """
x = torch.tensor([[1.0, 2.0], [4.0, 7.0]], requires_grad=True)
y = x - x.mean(dim=1)
(y ** 4).sum().backward()
""",
        3,
        """
x = torch.tensor([[1.0, 2.0], [4.0, 7.0]], requires_grad=True)
y = x - x.mean(dim=0)
(y ** 4).sum().backward()
""",
    ),
    "shape/repeated_index": Programs(
        """
x = torch.zeros(3)
v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
i = torch.tensor([0, 0, 2])
x[i] += v
(x ** 2).sum().backward()
""",
        5,
        """
x = torch.zeros(3)
v = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
i = torch.tensor([0, 1, 2])
x[i] += v
(x ** 2).sum().backward()
""",
    ),
    "shape/over_samples": Programs(
        """
layer = nn.Linear(2, 3)
x = torch.tensor([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0], [2.0, 2.0]])
p = torch.softmax(layer(x), dim=0)
loss = -torch.log(p[:, 0]).mean()
loss.backward()
""",
        4,
        """
layer = nn.Linear(2, 3)
x = torch.tensor([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0], [2.0, 2.0]])
p = torch.softmax(layer(x), dim=1)
loss = -torch.log(p[:, 0]).mean()
loss.backward()
""",
    ),
    "shape/one_for_all": Programs(
        """
b = torch.tensor([1.0], requires_grad=True)
m = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
((m + b) ** 2).sum().backward()
print(b.grad)
""",
        4,
        """
b = torch.tensor([1.0, 1.0, 1.0], requires_grad=True)
m = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
((m + b) ** 2).sum().backward()
print(b.grad)
""",
    ),
    "learning/without_derivative": Programs(
        """
x = torch.tensor([0.3, -1.7], requires_grad=True)
y = torch.heaviside(x, torch.tensor([0.5]))
y.sum().backward()
""",
        3,
        """
x = torch.tensor([0.3, -1.7], requires_grad=True)
y = torch.sigmoid(x)
y.sum().backward()
""",
    ),
    "learning/taken_twice": Programs(
        """
scores = torch.tensor([[2.0, -1.0, 0.5]], requires_grad=True)
p = torch.softmax(scores, dim=1)
loss = nn.functional.cross_entropy(p, torch.tensor([0]))
loss.backward()
""",
        4,
        """
scores = torch.tensor([[2.0, -1.0, 0.5]], requires_grad=True)
p = torch.log_softmax(scores, dim=1)
loss = nn.functional.nll_loss(p, torch.tensor([0]))
loss.backward()
""",
    ),
    "learning/equal_units": Programs(
        """
x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
t = torch.tensor([[1.0], [0.0]])
v = torch.full((2, 3), 0.5, requires_grad=True)
w = torch.ones(3, 1, requires_grad=True)
loss = ((torch.sigmoid(x @ v) @ w - t) ** 2).mean()
loss.backward()
""",
        4,
        """
x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
t = torch.tensor([[1.0], [0.0]])
v = torch.randn(2, 3, requires_grad=True)
w = torch.zeros(3, 1, requires_grad=True)
loss = ((torch.sigmoid(x @ v) @ w - t) ** 2).mean()
loss.backward()
""",
    ),
    "learning/rounded_away": Programs(
        """
w = torch.tensor([1000.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1e-7)
for step in range(3):
    optimizer.zero_grad()
    loss = ((w - 1002.0) ** 2).sum()
    loss.backward()
    optimizer.step()
""",
        3,
        """
w = torch.tensor([1000.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=1e-3)
for step in range(3):
    optimizer.zero_grad()
    loss = ((w - 1002.0) ** 2).sum()
    loss.backward()
    optimizer.step()
""",
    ),
    "learning/one_of_many": Programs(
        """
x = torch.tensor([1.0, 5.0, 3.0], requires_grad=True)
y = x.max()
y.backward()
""",
        3,
        """
x = torch.tensor([1.0, 5.0, 3.0], requires_grad=True)
y = torch.logsumexp(x, dim=0)
y.backward()
""",
    ),
}
"""By the rule's name; what they import stands in line 1."""
