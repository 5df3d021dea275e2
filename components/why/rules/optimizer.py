"""Parameters that an optimiser does not hold."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn
from torch.optim import Optimizer

from components.why.finding import Case, Finding, named
from components.why.rules.none import flag_behind
from components.why.source import is_one
from components.why.trace import Bound, Optimized, Passed, Wrote

STEPS_ASKED = 2
"""Steps after which a leaf that no optimiser holds is asked about."""


def nothing_registered(case: Case) -> Iterator[Finding]:
    """`optimizer got an empty parameter list`: layers or tensors that a module does not know."""
    if not case.raised("optimizer got an empty parameter list"):
        return
    for name, module in modules_of(case):
        attribute = hidden_in(module)
        if attribute:
            yield not_registered(case, name, attribute, module)
            return


def modules_of(case: Case) -> list[tuple[str, nn.Module]]:
    """The modules of the program's own classes, by name."""
    held = [(name, value) for name, value in case.namespace.items() if isinstance(value, nn.Module)]
    return [(name, value) for name, value in held if not name.startswith(" ")]


def hidden_in(module: nn.Module) -> str:
    """The attribute of a module that holds layers or tensors which the module does not know; "" where none does."""
    for name, value in vars(module).items():
        entries = entries_of(value)
        is_own = not name.startswith("_") and name != "training"
        if is_own and any(isinstance(one, nn.Module) or is_leaf(one) for one in entries):
            return name
    return ""


def entries_of(value: Any) -> list[Any]:
    """The entries of a list or a dictionary; of anything else the value itself."""
    if isinstance(value, dict):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else [value]


def is_leaf(value: object) -> bool:
    """Whether this is a leaf that requires grad."""
    return isinstance(value, Tensor) and value.is_leaf and value.requires_grad


def not_registered(case: Case, name: str, attribute: str, module: nn.Module) -> Finding:
    """What is said of layers that stand in a plain list, and of tensors that are no parameters."""
    value = vars(module)[attribute]
    statement = setting_of(case, attribute)
    line = statement.lineno if statement is not None else case.error_line
    kind = next((word for container, word in CONTAINERS if isinstance(value, container)), "tensor")
    is_layers = any(isinstance(one, nn.Module) for one in entries_of(value))
    better = LAYERS.get(kind, "nn.Parameter") if is_layers or kind == "tensor" else "nn.ParameterList"
    text = (
        f"`self.{attribute}` is a plain {kind}, and a module only knows what is a layer, a parameter or a "
        f"`{better}`: "
        f"`{name}.parameters()` leaves it out, and no optimiser changes it."
    )
    repair = None
    if statement is not None:
        path = f"{case.source.path('torch.nn')}.{better.removeprefix('nn.')}"
        edit = case.source.replace(statement.value, f"{path}({case.source.written(statement.value)})")
        repair = case.repair(f"Make it a `{better}`", edit)
    return Finding("optimizer", line, named(f"{name}.{attribute}"), text, repair)


CONTAINERS = ((list, "list"), (tuple, "tuple"), (dict, "dictionary"))
LAYERS = {"list": "nn.ModuleList", "tuple": "nn.ModuleList", "dictionary": "nn.ModuleDict"}


def setting_of(case: Case, attribute: str) -> ast.Assign | None:
    """The statement that sets `self.attribute`."""
    for node in case.source.nodes:
        target = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(target, ast.Attribute) and target.attr == attribute and isinstance(node, ast.Assign):
            return node
    return None


def module_not_begun(case: Case) -> Iterator[Finding]:
    """`cannot assign module before Module.__init__() call`."""
    if not case.raised("before Module.__init__() call"):
        return
    statement = case.source.statement(case.error_line)
    function = case.source.around(statement, ast.FunctionDef) if statement is not None else None
    if not isinstance(function, ast.FunctionDef):
        return
    line = function.body[0].lineno
    text = (
        "A module can only take layers and parameters once `nn.Module` itself has begun: `super().__init__()` "
        "is missing "
        f"before line {line}."
    )
    repair = case.repair("Call it first", case.source.insert_before(line, "super().__init__()"))
    yield Finding("optimizer", line, (), text, repair)


def parameter_replaced(case: Case) -> Iterator[Finding]:
    """`cannot assign 'torch.FloatTensor' as parameter`: a result in the place of a parameter."""
    if not case.raised("as parameter '"):
        return
    name = case.message.partition("as parameter '")[2].partition("'")[0]
    line = case.error_line
    text = (
        f"`self.{name}` is a parameter, and line {line} would put a result in its place: the optimiser would "
        "lose it. Give the "
        f"result a name of its own."
    )
    source = case.source
    statement = source.statement(line)
    function = source.around(statement, ast.FunctionDef) if statement is not None else None
    repair = None
    if isinstance(statement, ast.Assign) and isinstance(function, ast.FunctionDef):
        fresh = name if not source.has_name(name) else source.free_name(name)
        uses = [part for part in ast.walk(function) if is_own(part, name) and getattr(part, "lineno", 0) > line]
        edits = [source.replace(use, fresh) for use in (statement.targets[0], *uses)]
        repair = case.repair(f"Call the result `{fresh}`", *edits)
    yield Finding("optimizer", line, (f"self.{name}",), text, repair)


def is_own(part: Any, name: str) -> bool:
    """Whether this is `self.name`."""
    is_attribute = isinstance(part, ast.Attribute) and part.attr == name
    return is_attribute and isinstance(part.value, ast.Name) and part.value.id == "self"


def not_a_leaf(case: Case) -> Iterator[Finding]:
    """`can't optimize a non-leaf Tensor`."""
    if not case.raised("can't optimize a non-leaf Tensor"):
        return
    used = {part.id for part in case.source.parts(case.error_line, ast.Name)}
    bounds = [e for e in case.trace.of_kind(Bound) if e.name in used and isinstance(e.value, Tensor)]
    bound = next((e for e in reversed(bounds) if not e.value.is_leaf), None)
    if bound is None:
        text = "An optimiser changes leaves, and what it gets here is a result: give it the leaf itself."
        yield Finding("optimizer", case.error_line, (), text)
        return
    text = (
        f"`{bound.name}` of line {bound.line} is a result, and an optimiser changes leaves: ask for its "
        "gradient after the "
        f"arithmetic, not before."
    )
    repair = flag_behind(case, bound.line)
    yield Finding("optimizer", bound.line, (bound.name,), text, repair, marks=(bound.value,))


def held_nowhere(case: Case) -> Iterator[Finding]:
    """A leaf that gets gradients and is held by no optimiser that makes steps."""
    steps = [e for e in case.trace.of_kind(Optimized) if e.call == "step"]
    passes = [one for one in case.trace.passes() if one.is_finished and one.backward is not None]
    if not steps or not passes or case.trace.is_full:
        return
    held = {id(one) for e in case.trace.of_kind(Optimized) if isinstance(e.owner, Optimizer) for one, _ in e.parameters}
    changed = {id(one) for call in case.changes for one in call.changed}
    for leaf in passes[-1].leaves():
        if id(leaf) in held or id(leaf) in changed:
            continue
        finding = why_not_held(case, leaf, passes[-1])
        if finding is not None:
            yield finding
            return


def why_not_held(case: Case, leaf: Tensor, passed: Passed) -> Finding | None:
    """Why no optimiser holds a leaf: not registered, put in its place later, or left out."""
    made = [e for e in case.trace.of_kind(Optimized) if e.call == "made"]
    for name, module in modules_of(case):
        attribute = hidden_in(module)
        if attribute and any(one is leaf for one in leaves_in(vars(module)[attribute])):
            return not_registered(case, name, attribute, module)
    bound = next((e for e in case.trace.of_kind(Bound) if e.value is leaf), None)
    wrote = [e for e in case.trace.of_kind(Wrote) if isinstance(e.owner, nn.Module) and has_leaf(e.value, leaf)]
    late: Bound | Wrote | None = next(iter(wrote), None) or bound
    if not made:
        return None
    if late is not None and late.at > made[-1].at:
        return put_in_later(case, late, made[-1], passed, leaf)
    if sum(e.call == "step" for e in case.trace.of_kind(Optimized)) < STEPS_ASKED:
        return None
    name = case.bare_name(leaf)
    text = (
        f"`{name}` requires grad and gets a gradient in line {passed.line}, but the optimiser of line "
        f"{made[-1].line} does not "
        f"hold it, so it never changes. Is it meant to stay as it is?"
    )
    return Finding("optimizer", made[-1].line, named(name), text, None, True, passed, marks=(leaf,))


def leaves_in(value: object) -> Iterator[Tensor]:
    """The leaves in a layer, in a list of them, or the tensor itself."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, nn.Module):
        yield from value.parameters()
    elif isinstance(value, list | tuple | dict):
        for one in entries_of(value):
            yield from leaves_in(one)


def has_leaf(value: object, leaf: Tensor) -> bool:
    """Whether a value is a leaf or a layer that has it."""
    return any(one is leaf for one in leaves_in(value))


def put_in_later(case: Case, late: Bound | Wrote, made: Optimized, passed: Passed, leaf: Tensor) -> Finding:
    """A parameter that took another's place after the optimiser was made."""
    name = late.name if isinstance(late, Bound) else late.attribute
    text = (
        f"Line {late.line} gives `{name}` a new tensor after the optimiser of line {made.line} was made: that "
        "one still holds "
        f"the old tensor, and the new one never changes."
    )
    source = case.source
    statement = source.statement(made.line)
    repair = None
    if statement is not None and is_one(statement) and source.around(statement, (ast.For, ast.While)) is None:
        moved = source.insert_after(late.line, source.written(statement))
        same = source.around(source.statement(late.line) or statement, (ast.For, ast.While)) is None
        repair = (
            case.repair(f"Make the optimiser after line {late.line}", moved, source.remove(statement)) if same else None
        )
    return Finding("optimizer", late.line, named(name), text, repair, during=passed, marks=(leaf,))


RULES = (nothing_registered, module_not_begun, parameter_replaced, not_a_leaf, held_nowhere)
