"""What is not in the playground, in one sentence each, with what to write instead."""

from collections.abc import Mapping
from difflib import get_close_matches

from components.sandbox.tables.functions import NAMESPACES
from components.sandbox.tables.tensors import ATTRIBUTES, METHODS
from components.sandbox.tables.words import words

LIBRARIES: Mapping[str, str] = {
    "numpy": "torch can make the numbers: `torch.tensor([...])`, `torch.randn(3, 4)`, `torch.linspace(0, 1, 5)`",
    "pandas": "put the numbers into `torch.tensor([...])`, or take `torch.randn` of the table's shape",
    "matplotlib": "the page draws the graph and a curve of every number that can be dragged",
    "seaborn": "the page draws the graph and a curve of every number that can be dragged",
    "torchvision": "random data of a picture's shape will do: `torch.rand(1, 3, 8, 8)`",
    "torchaudio": "random data of the same shape will do: `torch.randn(1, 160)`",
    "torchviz": "the page draws the graph itself",
    "sklearn": "random data of the same shape will do: `torch.randn(20, 4)` and `torch.randint(0, 3, (20,))`",
    "scipy": "look into `torch.special` and `torch.linalg`",
    "transformers": "build a small model of `torch.nn` layers",
    "tqdm": "loop over the range itself",
    "random": "torch has random numbers: `torch.rand(1)`, `torch.randint(0, 10, (3,))`",
    "time": "a run is timed by the page",
    "collections": "a dict or a list will do",
    "torch.utils": "a list of tensors is a data loader here: `for x, y in [(x1, y1), (x2, y2)]:`",
    "torch.func": "`torch.autograd.grad` gives the same gradients",
    "torch.jit": "run the function itself",
    "torch.cuda": "everything here runs on the CPU",
}
"""By library, what to do without it."""

SHORT: Mapping[str, str] = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib",
    "sns": "seaborn",
    "st": "streamlit",
    "tqdm": "tqdm",
    "transforms": "torchvision.transforms",
    "datasets": "torchvision.datasets",
    "DataLoader": "torch.utils.data.DataLoader",
    "TensorDataset": "torch.utils.data.TensorDataset",
}
"""Names that libraries are usually imported under."""

FOREIGN = words("numpy pandas matplotlib streamlit session_state os sys sklearn torchvision IPython get_ipython")
"""Names of libraries and of what surrounds a program, which are never the program's own."""

BUILTINS: Mapping[str, str] = {
    "open": "nothing here reads or writes files; put the numbers into the program",
    "input": "nobody can be asked while it runs; write the value into the program",
    "eval": "write the expression itself",
    "exec": "write the statements themselves",
    "compile": "write the statements themselves",
    "getattr": "write the attribute with a dot: `x.grad`",
    "setattr": "write the attribute with a dot: `x.grad = None`",
    "delattr": "set the attribute to None",
    "globals": "the values of all names are shown on the page",
    "locals": "the values of all names are shown on the page",
    "vars": "the values of all names are shown on the page",
    "dir": "what is in the playground is listed under its help",
    "help": "what is in the playground is listed under its help",
    "id": "compare with `is`",
    "hash": "compare with `==` or `is`",
    "object": "a class here is an `nn.Module` or an `autograd.Function`",
    "super": "write `super().__init__()` or `super().forward(x)`",
    "memoryview": "a list will do",
    "bytearray": "a list will do",
    "breakpoint": "the page shows the value of every line",
    "exit": "a program ends where its text ends",
    "quit": "a program ends where its text ends",
    "property": "write a method",
    "classmethod": "write a function",
    "callable": "call it and see",
    "iter": "write a `for` loop",
}
"""Python's functions that are not in the playground."""

PATHS: Mapping[str, str] = {
    "torch.empty": "its numbers are whatever lay in memory; take `torch.zeros`",
    "torch.empty_like": "its numbers are whatever lay in memory; take `torch.zeros_like`",
    "torch.load": "nothing here reads files; put the numbers into the program",
    "torch.save": "nothing here writes files; the page can save what it shows",
    "torch.compile": "run the model itself",
    "torch.from_numpy": "`torch.tensor([...])` takes a list",
    "torch.vmap": "write a loop, or let the function take a batch",
    "torch.set_printoptions": "it would change the output of others too; print `x.tolist()` for all digits",
    "torch.set_default_dtype": "give the dtype where a tensor is made: `dtype=torch.float64`",
    "torch.set_num_threads": "a program has one thread here",
    "torch.set_rng_state": "`torch.manual_seed(0)` makes the numbers come again",
    "torch.get_rng_state": "`torch.manual_seed(0)` makes the numbers come again",
    "torch.seed": "`torch.manual_seed(0)` makes the numbers come again",
    "torch.autograd.functional": "`torch.autograd.grad` for each output gives the rows of a Jacobian",
}

METHOD_ADVICE: Mapping[str, str] = {
    "new_empty": "its numbers are whatever lay in memory; take `new_zeros`",
    "resize_": "take `reshape`, or make a new tensor",
    "set_": "take `copy_`",
    "as_strided": "take `unfold`, `view` or `expand`",
    "apply_": "call a function of torch on the whole tensor",
    "map_": "call a function of torch on the whole tensor",
    "cuda": "everything here runs on the CPU; leave it out",
    "is_available": "everything here runs on the CPU; leave it out",
    "data_ptr": "compare with `is`, or change one tensor and look at the other",
    "register_post_accumulate_grad_hook": "`register_hook` on the tensor sees the gradient that arrives",
    "register_forward_hook": "print inside `forward`",
    "register_backward_hook": "`register_hook` on a tensor sees its gradient",
    "register_full_backward_hook": "`register_hook` on a tensor sees its gradient",
    "to_sparse": "tensors are dense here",
}

SYNTAX: Mapping[str, str] = {
    "Raise": "`raise` is not in the playground; print what is wrong instead",
    "Yield": "generators are not in the playground; return a list",
    "YieldFrom": "generators are not in the playground; return a list",
    "Match": "`match` is not in the playground; write `if` and `elif`",
    "Await": "nothing waits here; call the function itself",
    "AsyncFunctionDef": "nothing waits here; write a plain `def`",
    "AsyncFor": "nothing waits here; write a plain `for`",
    "AsyncWith": "nothing waits here; write a plain `with`",
    "TryStar": "`except*` is not in the playground; write `except`",
}


def library(name: str) -> str:
    """What is said of a library that is not there."""
    full = SHORT.get(name, name)
    parts = full.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    hint = next((LIBRARIES[prefix] for prefix in prefixes if prefix in LIBRARIES), "")
    instead = f"; {hint}" if hint else "; there are torch, torch.nn, torch.optim, math and copy"
    return f"`{full[:60]}` is not in the playground{instead}."


def builtin(name: str) -> str:
    """What is said of a function of Python's that is not there."""
    return f"`{name}` is not in the playground; {BUILTINS[name]}."


def missing(path: str) -> str:
    """What is said of a name that a module has not here, by its full path."""
    module, _, name = path.rpartition(".")
    if path in PATHS:
        return f"`{path}` is not in the playground: {PATHS[path]}."
    if hint := next(
        (text for prefix, text in (*PATHS.items(), *LIBRARIES.items()) if path.startswith(f"{prefix}.")), ""
    ):
        return f"`{path[:80]}` is not in the playground: {hint}."
    close = get_close_matches(name, NAMESPACES.get(module, ()), 1, 0.75)
    return f"`{path[:80]}` is not in the playground{f'; there is `{module}.{close[0]}`' if close else ''}."


def attribute(name: str) -> str:
    """What is said of an attribute or method that nothing has here."""
    if name.startswith("_"):
        return f"`.{name[:60]}` begins with an underscore and belongs to Python's or torch's inside."
    if name in METHOD_ADVICE:
        return f"`.{name}` is not in the playground: {METHOD_ADVICE[name]}."
    close = get_close_matches(name, METHODS | ATTRIBUTES, 1, 0.75)
    return f"Nothing in the playground has `.{name[:60]}`{f'; there is `.{close[0]}`' if close else ''}."


def syntax(kind: str) -> str:
    """What is said of a part of Python that is not there, by the name of its node in the syntax tree."""
    return f"{SYNTAX.get(kind, f'This part of Python ({kind}) is not in the playground')}."
