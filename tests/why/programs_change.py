"""Programs that change what torch keeps, leave the tracking, or bring Functions, hooks and copies of their own."""

from collections.abc import Mapping

from tests.why.program import Programs

PROGRAMS: Mapping[str, Programs] = {
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
}
