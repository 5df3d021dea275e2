"""Programs of optimisers and their steps, and of gradients that are None or added up."""

from collections.abc import Mapping

from tests.why.program import Programs

PROGRAMS: Mapping[str, Programs] = {
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
