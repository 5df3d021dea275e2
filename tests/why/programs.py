"""For each rule a program where it must speak, with the line to change, and one where it must not."""

from collections.abc import Mapping
from typing import NamedTuple


class Programs(NamedTuple):
    """A program with a fault, the line that a finding names, the program without it."""

    speaks: str
    line: int
    silent: str


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
    "inplace/leaf_changed": Programs(
        """
w = torch.tensor([0.5, 1.0], requires_grad=True)
w[0] *= 2
print(w)
""",
        3,
        """
w = torch.tensor([0.5, 1.0], requires_grad=True)
with torch.no_grad():
    w[0] *= 2
print(w)
""",
    ),
    "inplace/row_changed": Programs(
        """
m = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
scaled = m * 1.0
for row in scaled:
    row.mul_(2.0)
scaled.sum().backward()
""",
        5,
        """
m = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
scaled = m * 1.0
for i in range(2):
    scaled[i].mul_(2.0)
scaled.sum().backward()
""",
    ),
    "inplace/saved_changed": Programs(
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.exp(x)
y += 1
y.sum().backward()
""",
        4,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x * 3
y += 1
y.sum().backward()
""",
    ),
    "inplace/data_changed": Programs(
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = torch.sigmoid(x)
y.data.zero_()
y.sum().backward()
print(x.grad)
""",
        4,
        """
w = torch.tensor([1.0, 2.0], requires_grad=True)
for step in range(3):
    (w ** 2).sum().backward()
    w.data -= 0.1 * w.grad
    w.grad = None
""",
    ),
    "untracked/made_in_inference_mode": Programs(
        """
w = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.inference_mode():
    f = torch.tensor([3.0, 4.0]) * 2
loss = (w * f).sum()
loss.backward()
""",
        3,
        """
w = torch.tensor([1.0, 2.0], requires_grad=True)
with torch.inference_mode():
    print(w * 2)
loss = w.sum()
loss.backward()
""",
    ),
    "untracked/trained_without_gradient": Programs(
        """
a = nn.Linear(2, 2)
b = nn.Linear(2, 1)
opt = torch.optim.SGD([*a.parameters(), *b.parameters()], lr=0.1)
for step in range(2):
    opt.zero_grad()
    b(a(torch.ones(1, 2)).detach()).sum().backward()
    opt.step()
""",
        7,
        """
a = nn.Linear(2, 2)
b = nn.Linear(2, 1)
opt = torch.optim.SGD(b.parameters(), lr=0.1)
for step in range(2):
    opt.zero_grad()
    b(a(torch.ones(1, 2)).detach()).sum().backward()
    opt.step()
""",
    ),
    "untracked/memory_shared": Programs(
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.detach()
y[0] = 100.0
print(x)
""",
        3,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x.detach().clone()
y[0] = 100.0
print(x)
""",
    ),
    "custom/result_copied": Programs(
        """
import copy
w = torch.tensor([1.0, 2.0], requires_grad=True)
best = w * 2
saved = copy.deepcopy(best)
""",
        5,
        """
import copy
w = torch.tensor([1.0, 2.0], requires_grad=True)
saved = copy.deepcopy(w)
""",
    ),
    "custom/wrong_number_of_gradients": Programs(
        """
class Power(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, n):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x ** 2
x = torch.tensor(2.0, requires_grad=True)
Power.apply(x, 3).backward()
""",
        10,
        """
class Power(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, n):
        ctx.save_for_backward(x)
        return x ** 3
    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        return g * 3 * x ** 2, None
x = torch.tensor(2.0, requires_grad=True)
Power.apply(x, 3).backward()
""",
    ),
    "custom/gradient_of_wrong_shape": Programs(
        """
class Total(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum()
    @staticmethod
    def backward(ctx, g):
        return g * torch.ones(3)
x = torch.tensor([1.0, 2.0], requires_grad=True)
Total.apply(x).backward()
""",
        8,
        """
class Total(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.sum()
    @staticmethod
    def backward(ctx, g):
        return g * torch.ones(2)
x = torch.tensor([1.0, 2.0], requires_grad=True)
Total.apply(x).backward()
""",
    ),
    "custom/without_backward": Programs(
        """
class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1.0
x = torch.tensor(2.0, requires_grad=True)
Same.apply(x).backward()
""",
        2,
        """
class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 1.0
x = torch.tensor(2.0, requires_grad=True)
print(Same.apply(x))
""",
    ),
    "custom/checked_in_float32": Programs(
        """
def cube(x):
    return (x ** 3).sum()
x = torch.tensor([1.0, 2.0], requires_grad=True)
print(torch.autograd.gradcheck(cube, (x,)))
""",
        4,
        """
def cube(x):
    return (x ** 3).sum()
x = torch.tensor([1.0, 2.0], requires_grad=True, dtype=torch.float64)
print(torch.autograd.gradcheck(cube, (x,)))
""",
    ),
    "custom/hook_on_untracked": Programs(
        """
x = torch.tensor([1.0, 2.0])
x.register_hook(lambda g: print(g))
""",
        3,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
x.register_hook(lambda g: print(g))
x.sum().backward()
""",
    ),
    "custom/alias_changed": Programs(
        """
net = nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
best = net.state_dict()
for step in range(2):
    opt.zero_grad()
    net(torch.ones(1, 2)).sum().backward()
    opt.step()
net.load_state_dict(best)
""",
        4,
        """
net = nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(2):
    opt.zero_grad()
    net(torch.ones(1, 2)).sum().backward()
    opt.step()
best = net.state_dict()
net.load_state_dict(best)
""",
    ),
    "optimizer/nothing_registered": Programs(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2), nn.Linear(2, 1)]
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
""",
        5,
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.sizes = [2, 2]
        self.layer = nn.Linear(2, 1)
net = Net()
opt = torch.optim.SGD(net.parameters(), lr=0.1)
""",
    ),
    "optimizer/module_not_begun": Programs(
        """
class Net(nn.Module):
    def __init__(self):
        self.layer = nn.Linear(2, 1)
net = Net()
""",
        4,
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)
net = Net()
""",
    ),
    "optimizer/parameter_replaced": Programs(
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
    def forward(self, x):
        self.w = self.w * 2
        return (self.w * x).sum()
net = Net()
net(torch.ones(2)).backward()
""",
        7,
        """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(2))
    def forward(self, x):
        w = self.w * 2
        return (w * x).sum()
net = Net()
net(torch.ones(2)).backward()
""",
    ),
    "optimizer/not_a_leaf": Programs(
        """
w = torch.ones(2, requires_grad=True) * 0.1
opt = torch.optim.SGD([w], lr=0.1)
""",
        2,
        """
w = (torch.ones(2) * 0.1).requires_grad_()
opt = torch.optim.SGD([w], lr=0.1)
""",
    ),
    "optimizer/held_nowhere": Programs(
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
w = torch.tensor(3.0, requires_grad=True)
for step in range(2):
    opt.zero_grad()
    ((w - 1) ** 2).backward()
    opt.step()
""",
        4,
        """
w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(2.0, requires_grad=True)
one = torch.optim.SGD([w], lr=0.1)
two = torch.optim.Adam([b], lr=0.1)
for step in range(2):
    one.zero_grad()
    two.zero_grad()
    ((w + b - 1) ** 2).backward()
    one.step()
    two.step()
""",
    ),
    "steps/clipped_after_step": Programs(
        """
w = torch.tensor([3.0, 4.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=1.0)
(50 * (w ** 2).sum()).backward()
opt.step()
torch.nn.utils.clip_grad_norm_([w], max_norm=1.0)
""",
        6,
        """
w = torch.tensor([3.0, 4.0], requires_grad=True)
opt = torch.optim.SGD([w], lr=1.0)
for step in range(2):
    opt.zero_grad()
    (50 * (w ** 2).sum()).backward()
    torch.nn.utils.clip_grad_norm_([w], max_norm=1.0)
    opt.step()
""",
    ),
    "steps/step_without_gradient": Programs(
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(3):
    loss = (w - 1) ** 2
    loss.backward()
    opt.zero_grad()
    opt.step()
""",
        7,
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(3):
    loss = (w - 1) ** 2
    loss.backward()
    opt.step()
    opt.zero_grad()
""",
    ),
    "steps/never_stepped": Programs(
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(3):
    opt.zero_grad()
    ((w - 1) ** 2).backward()
""",
        6,
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
((w - 1) ** 2).backward()
print(w.grad)
""",
    ),
    "steps/schedule_before_step": Programs(
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
plan = torch.optim.lr_scheduler.StepLR(opt, 1)
for step in range(2):
    opt.zero_grad()
    ((w - 1) ** 2).backward()
    plan.step()
    opt.step()
""",
        8,
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
plan = torch.optim.lr_scheduler.StepLR(opt, 1)
for step in range(2):
    opt.zero_grad()
    ((w - 1) ** 2).backward()
    opt.step()
    plan.step()
""",
    ),
    "none/result_without_grad": Programs(
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
x = x.view(2, 1)
out = (x * x).sum()
out.backward()
print(x.grad)
""",
        3,
        """
x = torch.tensor([1.0, 2.0], requires_grad=True)
h = x ** 2
h.retain_grad()
h.sum().backward()
print(h.grad, x.grad)
""",
    ),
    "none/leaf_without_grad": Programs(
        """
w = torch.tensor([0.2, 0.9], requires_grad=True)
hits = (w > 0.5).float()
loss = 1 - hits.mean()
loss.requires_grad = True
loss.backward()
print(w.grad)
""",
        3,
        """
w = torch.tensor([0.2, 0.9], requires_grad=True)
w.sum().backward()
w.grad = None
print(w.grad)
""",
    ),
    "none_yet/none_used": Programs(
        """
w = torch.tensor([0.5, 0.5], requires_grad=True)
loss = (w * 2).sum()
w.grad.zero_()
loss.backward()
""",
        4,
        """
w = torch.tensor([0.5, 0.5], requires_grad=True)
loss = (w * 2).sum()
loss.backward()
w.grad.zero_()
""",
    ),
    "none_yet/read_before_pass": Programs(
        """
x = torch.tensor(2.0, requires_grad=True)
y = x ** 2
print(x.grad)
y.backward()
""",
        4,
        """
x = torch.tensor(2.0, requires_grad=True)
y = x ** 2
print(x.grad)
y.backward()
print(x.grad)
""",
    ),
    "accumulated/stale_gradient_used": Programs(
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(3):
    ((w - 1) ** 2).backward()
    opt.step()
""",
        5,
        """
w = torch.tensor(2.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
for step in range(4):
    ((w - 1) ** 2 / 2).backward()
    if step % 2 == 1:
        opt.step()
        opt.zero_grad()
""",
    ),
    "accumulated/sum_looked_at": Programs(
        """
x = torch.tensor(2.0, requires_grad=True)
(x ** 2).backward()
print(x.grad)
(x ** 2).backward()
print(x.grad)
""",
        5,
        """
x = torch.tensor(2.0, requires_grad=True)
(x ** 2).backward()
(x ** 3).backward()
print(x.grad)
""",
    ),
}
"""By the rule's name; what they import stands in line 1."""

IMPORTS = "import torch; from torch import nn"


def program(text: str) -> str:
    """A program of the table as it is run."""
    return IMPORTS + text if text.startswith("\n") else f"{IMPORTS}; {text}"
