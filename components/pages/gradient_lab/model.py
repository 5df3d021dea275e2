"""The gradient lab: five experiments on x = 2, y = x². The code shown is the code run, and torch says the rest."""

import ast
import contextlib
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

import torch
from torch import Tensor

from components.graph import read
from components.graph.model import Number, Snapshot
from components.graph.record import Recording
from components.graph.tensors import plain

MOST = 40
"""Presses that a run remembers."""

SETUP = ("x = torch.tensor({x}, requires_grad=True)\nx", "y = x ** 2\ny")
"""What every experiment begins with; the only thing put into code is a float, as Python writes it."""


class Press(NamedTuple):
    """What one button does: the call that it is named after, a word on when to press it, and the cells that it runs.

    One that `clears` takes back what the passes before it have brought.
    """

    call: str
    hint: str
    cells: tuple[str, ...]
    clears: bool = False


@dataclass(frozen=True, slots=True)
class Experiment:
    """A title, and by name the presses in the order of their buttons."""

    title: str
    presses: Mapping[str, Press]


FORWARD = Press("y = x ** 2", "a new graph", ("y = x ** 2\ny",))

EXPERIMENTS: Mapping[str, Experiment] = {
    "accumulate": Experiment(
        "accumulate",
        {
            "backward": Press("backward()", "new graph, and back", ("y = x ** 2\ny.backward()\nx.grad",)),
            "zero": Press("zero_()", "clear to 0", ("x.grad.zero_()",), clears=True),
            "none": Press("x.grad = None", "forget it", ("x.grad = None\nprint(x.grad)",), clears=True),
            "again": Press("backward() again", "on the same graph", ("y.backward()\nx.grad",)),
            "retain": Press(
                "backward(retain_graph=True)",
                "new graph, kept",
                ("y = x ** 2\ny.backward(retain_graph=True)\nx.grad",),
            ),
        },
    ),
    "leaf": Experiment(
        "leaf",
        {
            "is-leaf": Press("is_leaf", "who is a leaf?", ("x.is_leaf, y.is_leaf",)),
            "grad-fn": Press(
                "grad_fn",
                "what made it?",
                ("print(x.grad_fn)\nprint(y.grad_fn.name())\ny.grad_fn.next_functions[0][0].name()",),
            ),
            "retain-grad": Press("retain_grad()", "keep y.grad too", ("y.retain_grad()",)),
            "backward": Press("backward()", "on this graph", ("y.backward()\nx.grad",)),
            "y-grad": Press("y.grad", "read a non-leaf", ("print(y.grad)",)),
            "forward": FORWARD,
        },
    ),
    "requires-grad": Experiment(
        "requires_grad",
        {
            "off": Press("x.requires_grad_(False)", "stop tracking x", ("x.requires_grad_(False)", "y = x ** 2\ny")),
            "backward": Press("backward()", "new graph, and back", ("y = x ** 2\ny.backward()\nx.grad",)),
            "on": Press("x.requires_grad_(True)", "track x again", ("x.requires_grad_(True)", "y = x ** 2\ny")),
        },
    ),
    "detach": Experiment(
        "detach",
        {
            "detach": Press("x.detach()", "the data, no history", ("z = x.detach()\nz", "y1 = z ** 2\ny1")),
            "backward": Press("backward()", "from y", ("y.backward()\nx.grad",)),
            "y1-backward": Press("y1.backward()", "from z, not from x", ("y1.backward()",)),
            "same-data": Press("data_ptr()", "the same memory?", ("x.data_ptr() == z.data_ptr()",)),
            "write": Press("z.add_(1.0)", "write into its data", ("z.add_(1.0)", "x")),
            "forward": FORWARD,
        },
    ),
    "no-grad": Experiment(
        "no_grad",
        {
            "no-grad": Press("torch.no_grad()", "compute y inside", ("with torch.no_grad():\n    y = x ** 2", "y")),
            "backward": Press("backward()", "from y", ("y.backward()\nx.grad",)),
            "use": Press("z = x * y", "use y outside", ("z = x * y\nz",)),
            "z-backward": Press("z.backward()", "from z", ("z.backward()\nx.grad",)),
            "forward": Press("y = x ** 2", "y outside again", ("y = x ** 2\ny",)),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Lab:
    """What a visitor has done: the value of x, the experiment, and the names of the buttons pressed, in order."""

    x: float = 2.0
    experiment: str = "accumulate"
    run: tuple[str, ...] = ()


class Cell(NamedTuple):
    """One cell after its run: its source, what it printed, its value as Python writes it, warnings, and the error.

    Warnings and the error are `Type: message`, as torch gives them; each is empty where there is none.
    """

    source: str
    printed: str
    value: str
    warned: str
    error: str


class Done(NamedTuple):
    """A whole run: its cells, x as it is now, `x.grad` at the start and after each press, the last error, the graph."""

    cells: tuple[Cell, ...]
    x: Number
    history: tuple[Number, ...]
    error: str
    snapshot: Snapshot

    @property
    def grad(self) -> Number:
        """`x.grad` now; None where torch holds none."""
        return self.history[-1]


def run(lab: Lab) -> Done:
    """Runs the presses from the start, in a namespace of their own; names that the experiment has not are left out."""
    notebook = _Notebook()
    with _hearing() as heard:
        notebook.heard = heard
        for source in SETUP:
            notebook.cell(source.format(x=repr(float(lab.x))))
        history = [notebook.grad()]
        for name in lab.run[:MOST]:
            if name in EXPERIMENTS[lab.experiment].presses:
                notebook.press(EXPERIMENTS[lab.experiment].presses[name])
                history.append(notebook.grad())
    return Done(tuple(notebook.cells), notebook.x(), tuple(history), notebook.error, notebook.snapshot())


class _Notebook:
    """Runs cells in order, as a notebook does, and keeps what each says."""

    def __init__(self) -> None:
        self.recording = Recording()
        self.cells: list[Cell] = []
        self.error = ""
        self.heard: list[str] = []
        self.printed: list[str] = []
        self.names: dict[str, Any] = {"torch": torch, "__builtins__": {"print": self._print}}

    def _print(self, thing: object) -> None:
        self.printed.append(str(thing))

    def press(self, press: Press) -> None:
        """Runs the cells of a press, up to the first that fails."""
        self.error = ""
        for source in press.cells:
            if not self.error:
                self.cell(source)
        if press.clears and not self.error:
            self.recording.passes.clear()

    def cell(self, source: str) -> None:
        self.heard.clear()
        self.printed.clear()
        value = ""
        try:
            value = self._evaluate(source)
        except Exception as error:  # whatever torch or Python says is what the cell shows
            self.error = f"{type(error).__name__}: {error}"
        self.cells.append(Cell(source, "\n".join(self.printed), value, "\n".join(self.heard), self.error))

    def _evaluate(self, source: str) -> str:
        body, last = _compiled(source)
        with self.recording:
            exec(body, self.names)
            result = eval(last, self.names) if last else None
        return "" if result is None else repr(result)

    def x(self) -> Number:
        """x as torch holds it: what writes into its data has changed it."""
        return plain(self.names["x"].detach())

    def grad(self) -> Number:
        """`x.grad` as torch holds it."""
        return plain(self.names["x"].grad)

    def snapshot(self) -> Snapshot:
        named = {name: thing for name, thing in self.names.items() if isinstance(thing, Tensor)}
        order = sorted(named, key=lambda name: name == "y")
        return read.program_snapshot(self.recording, {name: named[name] for name in order})


@lru_cache(maxsize=512)
def _compiled(source: str) -> tuple[CodeType, CodeType | None]:
    """A cell as code: all of it, or all but a last expression and that expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    body = compile(tree, "<cell>", "exec")
    return body, compile(ast.Expression(last.value), "<cell>", "eval") if isinstance(last, ast.Expr) else None


_ALONE = threading.Lock()
"""Python keeps its warning filters for the whole process, so only one run at a time may change them."""


@contextlib.contextmanager
def _hearing() -> Iterator[list[str]]:
    """The warnings of this thread, `Type: message` each; other threads' go where they went before."""
    heard: list[str] = []
    thread = threading.get_ident()
    with _ALONE, warnings.catch_warnings():
        before: Callable[..., None] = warnings.showwarning

        def hear(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if threading.get_ident() == thread:
                heard.append(f"{category.__name__}: {message}")
            else:
                before(message, category, *place, **more)

        warnings.showwarning = hear
        warnings.simplefilter("always")
        yield heard
