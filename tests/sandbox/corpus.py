"""Programs that the tests run: what is allowed, what is refused, and what is stopped."""

ALLOWED = {
    "chain": """
import torch
x = torch.tensor(3.0, requires_grad=True)
y = x ** 2
z = torch.sin(y)
z.backward()
print(x.grad)
""",
    "aliases": """
import torch as t
import torch.nn.functional as F
from torch import nn, tensor
from math import pi, sin as sine
x = tensor([1.0, -2.0], requires_grad=True)
F.relu(x).sum().backward()
print(x.grad, nn.Linear(1, 1).in_features, pi, sine(0.5), t.float64)
""",
    "python": """
a, *rest = [1, 2, 3]
words = {"one": 1, "two": 2}
words["three"] = words.get("one", 0) + 2
text = f"{a:>3}|{rest!r}|{words['three']:.2f}|{a=}"
print(text, len(words), sorted(words, key=lambda word: -len(word)), [i * 2 for i in range(3) if i], end="!\\n")
print("of 10000 images: %d" % 3, "in {} of 10000 images: {:.1f}".format(2, 3), "{{90000}}".format())
print("%d of %s" % (3, "x"), "{} {0}".replace("{0}", "y").format(7), "a,b".split(","))
print(7 // 2, -7 % 3, 2 ** 10, 1 < 2 < 3)
total = 0
for i in range(10):
    if i == 3:
        continue
    if i > 6:
        break
    total += i
else:
    total = -1
n = 3
while n:
    n -= 1
print(total, n, max([3, 1, 2]), min(4, 2), sum([1, 2]), any([0, 1]))
print(round(2.5), abs(-3), isinstance(a, int), type(a).__name__, list(map(float, rest)))
""",
    "functions": """
scale = 2
def outer(x, *more, factor=3, **named):
    count = 0
    def inner(y: int) -> int:
        nonlocal count
        count += 1
        return y * factor * scale
    return inner(x) + sum(more) + len(named) + count
def change():
    global scale
    scale = 5
change()
print(outer(1, 2, 3, factor=4, extra=1), (lambda a, b=2: a + b)(1), scale)
try:
    outer()
except TypeError as error:
    print(error)
finally:
    print("done")
""",
    "module": """
import torch
import torch.nn as nn
class Base(nn.Module):
    size = 2
    def __init__(self, width):
        super().__init__()
        self.hidden, self.out = nn.Linear(self.size, width), nn.Linear(width, 1)
        self.calls = 0
        self.scale = nn.Parameter(torch.tensor(2.0))
    def forward(self, x):
        self.calls += 1
        return self.out(torch.tanh(self.hidden(x))) * self.scale
class Net(Base):
    def __init__(self):
        super().__init__(3)
    def forward(self, x):
        return super().forward(x) + 1
torch.manual_seed(3)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
for step in range(3):
    optimizer.zero_grad()
    loss = nn.MSELoss()(net(torch.ones(4, 2)), torch.zeros(4, 1))
    loss.backward()
    optimizer.step()
    print(step, loss.item())
print(net, net.calls, [name for name, _ in net.named_parameters()], sum(p.numel() for p in net.parameters()))
""",
    "function of one's own": """
import torch
class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        ctx.power = 3
        return x ** 3
    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        print("backward", grad)
        return ctx.power * x ** 2 * grad
x = torch.tensor(2.0, requires_grad=True)
y = Cube.apply(x)
y.backward()
double = torch.tensor([1.5], dtype=torch.float64, requires_grad=True)
print(y, x.grad, y.grad_fn.name(), torch.autograd.gradcheck(Cube.apply, double))
""",
    "hooks": """
import torch
x = torch.tensor([1.0, -2.0], requires_grad=True)
y = x * 3
y.retain_grad()
for name, t in [("x", x), ("y", y)]:
    t.register_hook(lambda g, name=name: print(name, g))
y.register_hook(lambda g: g * 2)
(y ** 2).sum().backward()
print(x.grad, y.grad)
""",
    "double backward": """
import torch
x = torch.tensor(2.0, requires_grad=True)
y = x ** 4
(g,) = torch.autograd.grad(y, x, create_graph=True)
(h,) = torch.autograd.grad(g, x, create_graph=True)
h.backward()
torch.autograd.backward([x ** 2, 3 * x])
print(g, h, x.grad)
""",
    "no_grad": """
import torch
w = torch.tensor([1.0, 2.0], requires_grad=True)
for step in range(3):
    loss = (w ** 2).sum()
    loss.backward()
    with torch.no_grad():
        w -= 0.1 * w.grad
        w[0] *= 0.5
    w.grad = None
with torch.inference_mode() as mode, torch.set_grad_enabled(True):
    z = w * 2
print(w, w.grad, z.requires_grad, torch.is_grad_enabled())
""",
    "slices": """
import torch
x = torch.zeros(4)
x[1:3] = 2.0
x[:] += 1
y = [1, 2, 3]
y[1:] = [5]
z = [*y, *(7, 8), 9]
print(x, y, z, {*y, 1}, (*z, 0))
""",
    "error of torch": "import torch\na = torch.ones(2)\nb = torch.ones(3)\nprint('before')\nc = a + b\n",
    "error of Python": "x = [1, 2]\ny = (x[0] +\n     x[5])\n",
    "name": "import torch\ny = torch.ones(2) * w\n",
    "attribute": "x = None\nx.zero_()\n",
    "number": "x = 3.0\nx.backward()\n",
    "argument": "def f(a):\n    return a\n\nf(1, 2)\n",
    "unbound": "def f():\n    print(a)\n    a = 1\n\nf()\n",
    "item": "import torch\nx = torch.ones(2, requires_grad=True)\ny = (x * 2).sum().item()\ny.backward()\n",
    "numpy of a tracked tensor": "import torch\nx = torch.ones(2, requires_grad=True)\na = x.numpy()\n",
    "division": "print(1 / 0)\n",
    "assertion": "assert 1 == 2, 'no'\n",
    "deep recursion": "def f(n):\n    return 0 if n == 0 else 1 + f(n - 1)\n\nprint(f(300))\n",
}
"""By name; each has to end as in plain Python: what is printed, values, gradients, error and line."""

REFUSED = {
    "class of an instance": "r = (1).__class__\n",
    "globals of a function": "def f():\n    return 1\n\nr = f.__globals__\n",
    "attribute of a function": "def f():\n    return 1\n\nr = f.name\n",
    "f-string": "x = 1\nr = f'{x.__class__}'\n",
    "f-string with =": "x = 1\nr = f'{x.__dict__=}'\n",
    "format": "r = '{0.__class__}'.format(1)\n",
    "format with a bracket": "r = '{0[0]}'.format([1])\n",
    "format in a format": "r = '{0:{1.real}}'.format(1, 2)\n",
    "default argument": "def f(a=(1).__class__):\n    return a\n",
    "annotation": "def f(a: (1).__class__):\n    return a\n",
    "walrus": "r = [0][(y := (1).__class__) and 0]\n",
    "decorator": "@print\ndef f():\n    return 1\n",
    "match": "match 1:\n    case int(real=r):\n        pass\n",
    "library as a value": "import torch\nm = torch\n",
    "library in a list": "import torch\nr = [torch][0]\n",
    "library returned": "import torch\ndef f():\n    return torch\n",
    "library bound anew": "import torch\ntorch = 3\n",
    "module inside torch": "import torch\nr = torch.os.getcwd()\n",
    "module inside torch, long": "import torch\nr = torch.serialization.os.mkdir('x')\n",
    "private function": "import torch\nr = torch._C._get_tracing_state()\n",
    "assignment to torch": "import torch\ntorch.nn.functional.relu = 3\n",
    "deletion of torch": "import torch\ndel torch.sin\n",
    "attribute of a tensor": "import torch\nx = torch.ones(1)\nx.secret = 5\n",
    "storage": "import torch\nr = torch.ones(1).untyped_storage()\n",
    "raw view": "import torch\nr = torch.ones(3).as_strided((2,), (1,), 10 ** 6)\n",
    "memory that was not written": "import torch\nr = torch.empty(10)\n",
    "file": "r = open('/etc/passwd').read()\n",
    "file of torch": "import torch\nr = torch.load('x')\n",
    "import of os": "import os\nos.system('true')\n",
    "import in a function": "def f():\n    import math\n    return math.pi\n",
    "relative import": "from . import x\n",
    "import of all": "from math import *\n",
    "full-width letters": "import torch\nr = torch.ｏｓ\n",
    "ligature": "import torch\nr = torch.from_ﬁle('x')\n",
    "eval": "r = eval('1')\n",
    "getattr": "r = getattr((), '__cl' + 'ass__')\n",
    "type of three": "r = type('A', (), {})\n",
    "type called": "r = type(1)('3')\n",
    "object": "r = object()\n",
    "plain class": "class A:\n    pass\n",
    "class with a hook": "from torch import nn\nclass A(nn.Module):\n    def __getattr__(self, name):\n        pass\n",
    "class of a tensor": "import torch\nclass A(torch.Tensor):\n    pass\n",
    "metaclass": "from torch import nn\nclass A(nn.Module, metaclass=type):\n    pass\n",
    "raise": "raise SystemExit\n",
    "except of a value": "try:\n    x = 1\nexcept (lambda: 1)():\n    x = 2\n",
    "yield": "def f():\n    yield 1\n",
    "async": "async def f():\n    return 1\n",
    "with of a value": "with 3 as x:\n    pass\n",
    "with of a mode": "import torch\nwith torch.random.fork_rng():\n    pass\n",
    "entered by hand": "import torch\ng = torch.inference_mode()\ng.__enter__()\n",
    "threads": "import torch\ntorch.set_num_threads(64)\n",
    "print options": "import torch\ntorch.set_printoptions(precision=1)\n",
    "names by two stars": "import torch\nr = torch.tensor(1.0, **{'pin_memory': True})\n",
    "hook on a node": "import torch\nx = torch.ones(1, requires_grad=True)\n(x * 2).grad_fn.register_hook(print)\n",
    "hook on a layer": "from torch import nn\nm = nn.Linear(1, 1)\nm.register_forward_hook(print)\n",
    "script": "import torch\ndef f(v):\n    return v\n\nr = torch.jit.script(f)\n",
    "endless loop": "while True:\n    pass\n",
    "long range": "for i in range(10 ** 9):\n    x = i\n",
    "long comprehension": "r = sum(i for i in range(10 ** 5) for j in range(10 ** 5))\n",
    "deep brackets": "x = " + "[" * 500 + "]" * 500 + "\n",
    "too long": "x = 1\n" * 20_000,
    "too many parts": "x = [" + "1," * 60_000 + "]\n",
    "null character": "x = 1\x00\n",
    "line separator": "x = 1\u2028y = 2\n",
    "zero-width space": "x\u200b = 1\n",
    "magic": "%matplotlib inline\n",
    "help": "torch.sin?\n",
    "unfinished": "x = (1,\n",
    "numpy": "import numpy as np\nx = np.ones(3)\n",
    "numpy without its import": "x = np.ones(3)\n",
    "name of Python's own": "r = __builtins__\n",
    "parameter of Python's own": "def f(**__dict__):\n    return 1\n",
}
"""Nothing of these runs."""

STOPPED = {
    "endless loop with a condition": "n = 1\nwhile n:\n    n += 1\n",
    "recursion without an end": "def f(x):\n    return g(x)\n\ndef g(x):\n    return f(x)\n\nf(1)\n",
    "power tower": "r = 9 ** 9 ** 9\n",
    "shift": "r = 1 << 10 ** 9\n",
    "product of integers": "a = 3\nfor i in range(60):\n    a = a * a\n",
    "string": "s = 'a' * 10 ** 11\n",
    "string doubled": "s = 'a' * 1000\nfor i in range(60):\n    s += s\n",
    "replaced": "s = 'a' * 10000\ns = s.replace('a', s)\n",
    "joined": "s = ('a' * 10 ** 5).join(['b'] * 10 ** 5)\n",
    "width": "r = f'{1:>1000000000}'\n",
    "width of a percent": "r = '%1000000000d' % 1\n",
    "width that is handed over": "r = '{:{}}'.format(1, 10 ** 9)\n",
    "width behind a word": "r = '{} of {:>99999}'.format(1, 2)\n",
    "width in a sentence": "r = '10 of %99999d' % 1\n",
    "precision": "r = '{:.999999999f}'.format(1.0)\n",
    "list": "x = [0] * 10 ** 9\n",
    "list of a range": "x = list(range(10 ** 9))\n",
    "list that grows": "x = [0]\nwhile x:\n    x.extend(x)\n",
    "nested list written out": "x = [0.0]\nfor i in range(60):\n    x = [x, x]\nprint(x)\n",
    "nested list as a tensor": "import torch\nx = [0.0]\nfor i in range(60):\n    x = [x, x]\nx = torch.tensor(x)\n",
    "list with stars": "x = [0]\nwhile x:\n    x = [*x, *x]\n",
    "list with stars, returned": "def f(x):\n    return [*x, *x]\n\nx = [0]\nwhile x:\n    x = f(f(f(x)))\n",
    "slice of itself": "x = [0]\nwhile x:\n    x[0:0] = x\n",
    "f-string of itself": "s = 'a'\nwhile s:\n    s = f'{s}{s}'\n",
    "percent of itself": "s = 'a'\nwhile s:\n    s = '%s%s' % (s, s)\n",
    "format of itself": "s = 'a'\nwhile s:\n    s = '{}{}'.format(s, s)\n",
    "texts in a list, written out": "x = ['a' * 10 ** 5] * 10 ** 5\ns = str(x)\n",
    "format as a function": "s = format(1, '1000000000d')\n",
    "ones": "import torch\nx = torch.ones(10 ** 10)\n",
    "ones of a tuple": "import torch\nx = torch.full((10 ** 5, 10 ** 6), 1.0)\n",
    "range of a small step": "import torch\nx = torch.arange(0, 1, 1e-11)\n",
    "product of two": "import torch\nx = torch.ones(10 ** 5, 1) @ torch.ones(1, 10 ** 5)\n",
    "einsum": "import torch\nv = torch.ones(1000)\nx = torch.einsum('i,j,k,l->ijkl', v, v, v, v)\n",
    "expanded": "import torch\nx = torch.ones(1).expand(10 ** 11).clone()\n",
    "expanded, backward": "import torch\nx = torch.ones(1, requires_grad=True)\nx.expand(10 ** 8).mean().backward()\n",
    "one-hot": "import torch\nx = torch.nn.functional.one_hot(torch.tensor([10 ** 10]))\n",
    "layer": "from torch import nn\nm = nn.Linear(10 ** 6, 10 ** 6)\n",
    "results that are kept": "import torch\nx = torch.ones(10 ** 6)\nfor i in range(99):\n    x.sin()\n",
    "calls": "import torch\nx = torch.ones(1)\nwhile True:\n    x = x * 1\n    if x > 2:\n        break\n",
    "printed": "while True:\n    print('a' * 1000)\n    if 1 > 2:\n        break\n",
    "caught": "n = 1\nwhile n:\n    try:\n        n += 1\n    except Exception:\n        pass\n",
    "math of integers": "import math\nr = math.gcd(3 ** 9000, 2 ** 12000 + 1)\n",
}
"""By the language alone, within its time."""
