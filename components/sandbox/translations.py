"""Parts of a statement that say the same with torch alone: numpy's functions, data loaders, devices, progress bars."""

import ast
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from components.sandbox import advice
from components.sandbox.names import Names
from components.sandbox.random_data import Facts
from components.sandbox.rewriting import Part, apart, dotted, end_of, instead, start_of
from components.sandbox.tables.functions import NAMESPACES

UNAVAILABLE = ("torch.cuda.is_available", "torch.backends.mps.is_available", "torch.mps.is_available")
NUMPY = {
    "array": "tensor",
    "asarray": "tensor",
    "random.rand": "rand",
    "random.randn": "randn",
    "random.seed": "manual_seed",
}
"""What numpy's functions are called in torch, where that is another name."""

OTHERWISE = ("random.randint", "random.normal", "gradient", "meshgrid", "split", "save", "load")
"""Functions of numpy that are called otherwise in torch, or do something else."""

METHODS = {"astype": "to", "copy": "clone"}
"""Methods of arrays that tensors have under another name."""

REPLACED = ("numpy", "tqdm", "torch")
"""Libraries of which some parts can be written without them."""


class Text(NamedTuple):
    """A program: its lines, its names, what it tells of its data, and by name the tensors of data sets that it has."""

    lines: Sequence[str]
    names: Names
    facts: Facts
    sets: Mapping[str, Sequence[str]]

    def path(self, node: ast.AST) -> str:
        """The full path of a dotted name, from a library's name on where it begins with one."""
        written = dotted(node)
        first, dot, rest = written.partition(".")
        names = self.names
        short = advice.SHORT.get(first, "") if first not in names.bound else ""
        library = names.foreign.get(first) or names.modules.get(first) or names.taken.get(first) or short
        return f"{library or first}{dot}{rest}"

    def is_foreign(self, name: str) -> bool:
        """Whether a name stands for something that the playground has not."""
        is_unbound = name not in self.names.bound
        return name in self.names.foreign or (is_unbound and (name in advice.FOREIGN or name in advice.SHORT))


def own_parts(statement: ast.stmt) -> Iterator[ast.AST]:
    """The parts of a statement without the statements in it."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]


def tensor_sets(tree: ast.AST) -> dict[str, list[str]]:
    """By name, the tensors of each `TensorDataset` that a program makes."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (names := _tensors(node.value)):
            found[node.targets[0].id] = names
    return found


def _tensors(node: ast.AST) -> list[str]:
    """The names of the tensors in a `TensorDataset(x, y)`; none for anything else."""
    if not isinstance(node, ast.Call) or dotted(node.func).rpartition(".")[2] != "TensorDataset":
        return []
    names = [argument.id for argument in node.args if isinstance(argument, ast.Name)]
    return names if len(names) == len(node.args) else []


def parts_left_out(statement: ast.stmt, text: Text) -> Iterator[Part]:
    """Parts about a device, a progress bar or the main program, without which the same is computed."""
    for node in own_parts(statement):
        if isinstance(node, ast.Compare) and dotted(node.left) == "__name__":
            yield instead(node, "True")
        elif isinstance(node, ast.Call):
            yield from _call(node, text.path(node.func))


def _call(node: ast.Call, path: str) -> Iterator[Part]:
    if path in UNAVAILABLE:
        yield instead(node, "False")
    elif path == "iter" and len(node.args) == 1:
        yield Part(start_of(node), end_of(node.func), "")
        yield Part(start_of(node.args[0]), start_of(node.args[0]), "one for one in ")
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "next" and not node.args:
        yield Part(start_of(node), start_of(node), "next(")
        yield Part(end_of(node.func.value), end_of(node), ")")
    elif isinstance(node.func, ast.Attribute) and node.func.attr == "cuda" and not path.startswith("torch.cuda"):
        yield Part(end_of(node.func.value), end_of(node), "")
    elif path.startswith("tqdm") and path.endswith("trange"):
        yield instead(node.func, "range")
    elif path.startswith("tqdm") and node.args:
        (line, column), first = end_of(node), node.args[0]
        is_short = node.lineno == line
        yield Part(start_of(node), start_of(first) if is_short else end_of(node.func), "")
        yield Part(end_of(first), (line, column if is_short else column - 1), "")


def parts_in_torch(statement: ast.stmt, text: Text) -> list[Part] | None:
    """What numpy's functions are in torch, and batches of the program's own tensors; None where one is missing."""
    own = list(own_parts(statement))
    inner = {id(node.value) for node in own if isinstance(node, ast.Attribute)}
    parts: list[Part] = []
    for node in own:
        if isinstance(node, ast.Call):
            parts += _renamed_method(node)
            if batches := _batches(node, text):
                parts.append(instead(node, batches))
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            name = _in_torch(text.path(node))
            if name is None:
                return None
            parts += [instead(node, name)] if name else []
    return parts


def _in_torch(path: str) -> str | None:
    """What something of numpy's is in torch; "" for what is not numpy's, None for what torch has not."""
    if path == "torch.from_numpy":
        return "torch.as_tensor"
    if not path.startswith("numpy."):
        return ""
    name = path.removeprefix("numpy.")
    found = NUMPY.get(name, name)
    return f"torch.{found}" if found in NAMESPACES["torch"] and name not in OTHERWISE else None


def _renamed_method(call: ast.Call) -> Iterator[Part]:
    function = call.func
    if isinstance(function, ast.Attribute) and (new := METHODS.get(function.attr)):
        line, column = end_of(function)
        yield Part((line, column - len(function.attr)), (line, column), new)


def _batches(call: ast.Call, text: Text) -> str:
    """A list in the place of a data set of the program's own tensors, or of its loader; "" for anything else."""
    if names := _tensors(call):
        return f"list(zip({', '.join(names)}))"
    if dotted(call.func).rpartition(".")[2] != "DataLoader" or not call.args:
        return ""
    given = call.args[0]
    found = text.sets.get(given.id, []) if isinstance(given, ast.Name) else _tensors(given)
    size = next((keyword.value for keyword in call.keywords if keyword.arg == "batch_size"), None)
    rows = ast.unparse(size) if isinstance(size, ast.Name | ast.Constant) else "1"
    return f"list(zip({', '.join(f'{name}.split({rows})' for name in found)}))" if found else ""


def is_covered(statement: ast.stmt, text: Text, parts: Sequence[Part]) -> bool:
    """Whether all that is foreign in a statement stands in these parts."""
    foreign = [n for n in own_parts(statement) if isinstance(n, ast.Name) and text.is_foreign(n.id)]
    replaced = list(apart(parts))
    starts = [part.start for part in replaced]
    places = [(start_of(node), bisect_right(starts, start_of(node)) - 1) for node in foreign]
    return all(place >= 0 and start < replaced[place].end for start, place in places)
