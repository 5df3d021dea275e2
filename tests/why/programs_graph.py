"""Programs of graphs that end too early, or are gone through twice or twice derived."""

from collections.abc import Mapping

from tests.why.program import Programs

PROGRAMS: Mapping[str, Programs] = {
    "higher/first_not_recorded": Programs(
        """
x = torch.tensor(2.0, requires_grad=True)
(g,) = torch.autograd.grad(x ** 3, x)
g.backward()
""",
        3,
        """
x = torch.tensor(2.0, requires_grad=True)
(g,) = torch.autograd.grad(x ** 3, x, create_graph=True)
g.backward()
""",
    ),
    "higher/penalty_freed": Programs(
        """
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
y = w * x ** 2
(g,) = torch.autograd.grad(y, x)
loss = y + (g - 1) ** 2
loss.backward()
""",
        5,
        """
x = torch.tensor(2.0, requires_grad=True)
w = torch.tensor(3.0, requires_grad=True)
y = w * x ** 2
(g,) = torch.autograd.grad(y, x, create_graph=True)
loss = y + (g - 1) ** 2
loss.backward()
""",
    ),
    "higher/added_to_first": Programs(
        """
x = torch.tensor(2.0, requires_grad=True)
y = x ** 3
y.backward(create_graph=True)
first = x.grad
first.backward()
print(x.grad)
""",
        4,
        """
x = torch.tensor(2.0, requires_grad=True)
y = x ** 3
(first,) = torch.autograd.grad(y, x, create_graph=True)
first.backward()
print(x.grad)
""",
    ),
    "higher/not_part_of_graph": Programs(
        """
x = torch.tensor(2.0, requires_grad=True)
z = torch.tensor(2.0, requires_grad=True)
y = x ** 2
print(torch.autograd.grad(y, [x, z]))
""",
        5,
        """
x = torch.tensor(2.0, requires_grad=True)
z = torch.tensor(2.0, requires_grad=True)
y = x ** 2 + z
print(torch.autograd.grad(y, [x, z]))
""",
    ),
    "higher/penalty_not_recorded": Programs(
        """
w = torch.tensor(3.0, requires_grad=True)
x = torch.tensor(2.0, requires_grad=True)
(g,) = torch.autograd.grad(w * x ** 2, x)
loss = w * 2 + (g - 1) ** 2
loss.backward()
""",
        4,
        """
w = torch.tensor(3.0, requires_grad=True)
(g,) = torch.autograd.grad(w ** 2, w)
with torch.no_grad():
    w -= 0.1 * g
loss = w ** 2
loss.backward()
""",
    ),
    "cut/loss_without_grad": Programs(
        """
x = torch.tensor([1.0, 2.0])
y = (x ** 2).sum()
y.backward()
print(x.grad)
""",
        2,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.no_grad():
    before = (x ** 2).sum()
y = (x ** 2).sum()
y.backward()
print(x.grad, before)
""",
    ),
    "cut/number_without_backward": Programs(
        """
w = torch.tensor(3.0, requires_grad=True)
loss = 0.0
for x in [1.0, 2.0]:
    loss = loss + (w * x).pow(2).item()
loss.backward()
""",
        5,
        """
w = torch.tensor(3.0, requires_grad=True)
loss = 0.0
for x in [1.0, 2.0]:
    loss = loss + (w * x).pow(2)
print(loss.item())
loss.backward()
""",
    ),
    "cut/flag_on_result": Programs(
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
y.requires_grad = False
loss = (y * x).sum()
loss.backward()
""",
        4,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.requires_grad = False
x.requires_grad = True
loss = (x * 3).sum()
loss.backward()
""",
    ),
    "cut/numpy_of_tracked": Programs(
        """
w = torch.tensor([1.0, 2.0], requires_grad=True)
y = w * 2
a = y.numpy()
loss = torch.tensor(a.sum())
loss.backward()
""",
        4,
        """
w = torch.tensor([1.0, 2.0], requires_grad=True)
y = w * 2
print(y.detach().numpy())
loss = y.sum()
loss.backward()
""",
    ),
    "cut/whole_numbers": Programs(
        "x = torch.tensor([1, 2], requires_grad=True)\n",
        1,
        "x = torch.tensor([1, 2])\nw = torch.tensor([1.0], requires_grad=True)\n(w * x).sum().backward()\n",
    ),
    "nonscalar/result_of_many": Programs(
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x ** 2
y.backward()
""",
        4,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x ** 2
y.backward(torch.tensor([1.0, 0.0]))
""",
    ),
    "nonscalar/gradient_of_another_shape": Programs(
        """
A = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
x = torch.tensor([1.0, 1.0, 1.0], requires_grad=True)
y = A @ x
y.backward(torch.ones_like(x))
""",
        5,
        """
A = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
x = torch.tensor([1.0, 1.0, 1.0], requires_grad=True)
y = A @ x
y.backward(gradient=torch.ones(2))
""",
    ),
    "freed/second_pass": Programs(
        """
w = torch.tensor(0.5, requires_grad=True)
h = torch.zeros(1)
for x in [1.0, 2.0]:
    h = torch.tanh(w * h + x)
    loss = (h - 1) ** 2
    loss.backward()
""",
        5,
        """
w = torch.tensor(0.5, requires_grad=True)
h = torch.zeros(1)
loss = 0.0
for x in [1.0, 2.0]:
    h = torch.tanh(w * h + x)
    loss = loss + (h - 1) ** 2
loss.backward()
""",
    ),
}
