"""Autograd Explorer's recorder: copy it into a cell or a module. It needs PyTorch alone and changes nothing of the run.

    with record() as r:
        loss = criterion(model(x), y)
        loss.backward()
    r.save("graph.json")  # or r.link(), for a small graph

It takes PyTorch's nodes of each backward pass: operation, your line, module, variable, shape, dtype; of values and
gradients the first 16 numbers, min, max and mean. No other weights, no path, nothing of the machine.
"""

import base64
import json
import linecache
import re
import sys
import threading
import zlib
from contextlib import suppress
from functools import lru_cache, partial
from inspect import CO_OPTIMIZED
from math import isfinite
from typing import Any

import torch
from torch import nn
from torch.autograd.graph import get_gradient_edge
from torch.nn import functional
from torch.overrides import TorchFunctionMode

PAGE = "http://localhost:8501/open"
LISTED, FEW, MOST_NODES, LONGEST_LINE, LONGEST_LINK, LARGEST = 16, 64, 5_000, 200, 8_192, 4_000_000
WRAPPERS = {"DataParallel", "DistributedDataParallel", "FullyShardedDataParallel", "FSDPModule", "OptimizedModule"}
REFUSED = "The model is compiled or distributed: record the plain model, as it is before it is wrapped."
PATH = re.compile(r"""(["'])[^"']*[/\\][^"']*\1""")
OWN = "__torch_function__", "_run_backward"
NOTE, NOTHING = "autograd-explorer", {"shape": None, "dtype": "", "value": None, "summary": None}
LIBRARY = re.compile(r"[/\\](site|dist)-packages[/\\]|^<frozen|" + re.escape(json.__file__[:-16]))
is_library = lru_cache(1_000)(LIBRARY.search)
GUARDS, PLAIN = (
    [name for name in vars(functional) if name.startswith("has_torch_function")],
    {torch.Tensor, nn.Parameter, type(None)},
)
autograd: Any = torch.autograd


class record(TorchFunctionMode):  # noqa: N801  # it is used as a function is: `with record()`
    """Records the backward passes of its block."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[dict[str, Any]] = []
        self.left_out, self.refused = 0, ""

    def __enter__(self) -> Any:
        with torch.inference_mode(False), torch.enable_grad():
            first: Any = torch.ones(1, requires_grad=True).view(1).grad_fn
        self.home: Any = sys._getframe(1)
        self.thread, self.newest = threading.get_ident(), first._sequence_nr()
        self.lines: dict[Any, Any] = {}
        self.paths: dict[Any, Any] = {}
        self.engine, autograd._engine_run_backward = autograd._engine_run_backward, self._run_backward
        self.guards = {name: getattr(functional, name) for name in GUARDS}
        for name, guard in self.guards.items():
            setattr(functional, name, partial(is_of_a_kind, guard))
        self.apply, autograd.Function.apply = vars(autograd.Function)["apply"], classmethod(partial(apply, self))
        return super().__enter__()  # type: ignore[no-untyped-call]  # torch's own has no types

    def __exit__(self, *error: Any) -> None:
        autograd._engine_run_backward, autograd.Function.apply = self.engine, self.apply
        for name, guard in self.guards.items():
            setattr(functional, name, guard)
        self.home, self.lines, self.paths = None, {}, {}
        super().__exit__(*error)  # type: ignore[no-untyped-call]  # torch's own has no types

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return self._noted(func(*args, **(kwargs or {})), args, sys._getframe(1))

    def _noted(self, result: Any, args: Any, frame: Any) -> Any:
        made = result if isinstance(result, (tuple, list)) else args[:1] if result is None else (result,)
        tensors = [entry for entry in made if isinstance(entry, torch.Tensor)]
        if tensors and torch.is_grad_enabled() and not self.refused and is_eager():
            with suppress(Exception):  # whatever is met here, the run goes on
                self._note(tensors, frame)
        return result

    def _note(self, tensors: list[Any], frame: Any) -> None:
        """Attaches to new nodes their value and origin, and the origin to what else the call made."""
        new = list(dict.fromkeys([t.grad_fn for t in tensors if t.grad_fn and NOTE not in t.grad_fn.metadata]))
        if new:
            origin, before = self._origin(frame), self.newest
            self.newest = max(before, *[node._sequence_nr() for node in new])
        for node in new:
            node.metadata[NOTE] = origin | numbers([tensor for tensor in tensors if tensor.grad_fn is node])
        for consumer in new:
            for source, _ in consumer.next_functions:
                if source and source.next_functions and source._sequence_nr() > before and NOTE not in source.metadata:
                    source.metadata[NOTE] = origin
                    new.append(source)

    def _origin(self, frame: Any) -> dict[str, Any]:
        """The user's line that runs, and the path of the module."""
        frames = self._frames(frame)
        user: Any = next((frame for frame in frames if is_users(frame)), self.home)
        modules = [frame.f_locals["self"] for frame in frames if frame.f_code is nn.Module._call_impl.__code__]
        place = user.f_code.co_filename, user.f_lineno
        if place not in self.lines:
            text = PATH.sub("'...'", linecache.getline(*place).strip())[:LONGEST_LINE]
            self.lines[place] = {"line": place[1], "source": text}
        return {**self.lines[place], "module": self._path(modules[0], modules[-1], frames) if modules else ""}

    def _frames(self, frame: Any) -> list[Any]:
        """Those that run, from the innermost to where the block stands."""
        frames = []
        while frame and frame is not self.home:
            frames.append(frame)
            frame = frame.f_back
        return frames

    def _path(self, module: Any, root: Any, frames: list[Any]) -> Any:
        if module not in self.paths:
            names = [name for name, value in self._scope(frames) if value is root and name != "self"]
            name = names[0] if names else type(root).__name__
            self.paths = {module: name} | {part: path for path, part in root.named_modules(prefix=name)} | self.paths
            if WRAPPERS & {kind.__name__ for part in self.paths for kind in type(part).__mro__}:
                self.refused = REFUSED
        return self.paths[module]

    def _scope(self, frames: list[Any]) -> list[tuple[str, Any]]:
        """The variables of the user's functions that run, entries of lists and attributes of `self`."""
        named = list(self.home.f_globals.items())
        for frame in [self.home, *filter(is_users, frames[::-1])]:
            seen = frame.f_locals
            own = seen.get("self")
            parts = own.named_children() if isinstance(own, nn.Module) else ()
            named += [*seen.items(), *getattr(own, "__dict__", {}).items(), *parts]
            if sys.version_info < (3, 13) and frame.f_code.co_flags & CO_OPTIMIZED and sys.getrefcount(seen) <= 3:
                seen.clear()  # Python's copy, which would keep what the function has let go
        lists = [(name, value) for name, value in named if type(value) in (list, tuple)]
        return named + [(f"{name}[{i}]", entry) for name, value in lists for i, entry in enumerate(value[:LISTED])]

    def _names(self, frame: Any) -> dict[Any, dict[str, str]]:
        """By node, or by identity of a leaf, the variable or parameter that it makes."""
        named = [(name, "", value) for name, value in self._scope(self._frames(frame))][::-1]
        for module, path in self.paths.items():
            named += [(name, path, weight) for name, weight in module.named_parameters(path, recurse=False)]
        tracked = [entry for entry in named if isinstance(entry[2], torch.Tensor) and entry[2].requires_grad]
        return {key_of(tensor): {"name": name} | ({"module": path} if path else {}) for name, path, tensor in tracked}

    def _run_backward(self, outputs: Any, *args: Any, **options: Any) -> Any:
        """Stands in for the function of torch's that backward() and grad() call."""
        if self.refused or threading.get_ident() != self.thread or not is_eager():
            return self.engine(outputs, *args, **options)
        order = graph(outputs)
        arrived: dict[Any, Any] = {}
        if any("Compiled" in node.name() for node in order):
            self.refused = REFUSED
        count = len(order) + sum([len(moment["nodes"]) for moment in self.moments])
        if self.refused or not order or count > MOST_NODES:
            self.left_out += bool(order)
            return self.engine(outputs, *args, **options)
        leaves = {node: node.variable for node in order if node.name().endswith("AccumulateGrad")}
        kept = {node: numbers([leaf]) | {"before": numbers([leaf.grad])} for node, leaf in leaves.items()}
        hooks = [node.register_prehook(lambda g, node=node: arrived.update({node: numbers(g)})) for node in order]
        try:
            result = self.engine(outputs, *args, **options)
            if not options["accumulate_grad"]:
                arrived |= {node_of(asked): numbers([grad]) for asked, grad in zip(args[3], result, strict=True)}
            return result
        finally:
            for hook in hooks:
                hook.remove()
            try:
                for node, leaf in leaves.items():
                    is_first = kept[node]["before"] is NOTHING and leaf.grad is not None
                    kept[node]["after"] = arrived.get(node, NOTHING) if is_first else numbers([leaf.grad])
                names, origin = self._names(sys._getframe(1)), self._origin(sys._getframe(1))
                names |= {node: names[id(leaf)] for node, leaf in leaves.items() if id(leaf) in names}
                origin |= self._records(order, arrived, kept, names)
                self.moments.append({"call": "backward" if options["accumulate_grad"] else "autograd.grad", **origin})
            except Exception:  # whatever is met here, the run goes on
                self.left_out += 1

    def _records(self, order: list[Any], arrived: Any, kept: Any, names: Any) -> dict[str, Any]:
        ids, nodes = {node: f"n{place}" for place, node in enumerate(order)}, []
        for node in order:
            grad = arrived.get(node, NOTHING)
            record = {"id": ids[node], "op": node.name().rpartition("::")[2], "name": "", "module": "", "line": None}
            record |= {"source": "", **grad, "value": None, "summary": None}
            record |= {**node.metadata.get(NOTE, {}), **kept.get(node, {}), **names.get(node, {})}
            nodes.append(record | {"grad": grad["value"], "grad_summary": grad["summary"]})
        ends = [(node, source) for node in order for source, _ in node.next_functions if source]
        edges = [{"from": ids[node], "to": ids[source], "local": None, "grad": None} for node, source in ends]
        return {"nodes": nodes, "edges": edges}

    def text(self) -> str:
        """The recording as JSON."""
        if self.refused or not self.moments:
            raise ValueError(self.refused or "No backward pass ran inside the block.")
        head = {"format": "autograd-explorer/1", "torch": torch.__version__, "left_out": self.left_out}
        names, text = (
            {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"},
            json.dumps({**head, "moments": self.moments}),
        )
        digits = 17 if '"float64"' in text else 9
        plain = json.loads(text, parse_float=lambda n: float(f"{float(n):.{digits}g}"), parse_constant=names.get)
        text = json.dumps(plain, separators=(",", ":"))
        if len(text) > LARGEST:
            raise ValueError(f"It has {len(text) / 1e6:.1f} MB, and the page opens {LARGEST // 10**6}: record less.")
        return text

    def save(self, path: str) -> None:
        """Writes the recording to a file that the page opens."""
        text = self.text()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def link(self, page: str = PAGE) -> str:
        """A link that holds the recording; ValueError where that is too long."""
        deflate = zlib.compressobj(9, wbits=-15)
        packed = base64.urlsafe_b64encode(deflate.compress(self.text().encode()) + deflate.flush()).decode().rstrip("=")
        if len(packed) > LONGEST_LINK:
            raise ValueError(f'It takes {len(packed):,} characters, a link {LONGEST_LINK:,}: use save("graph.json").')
        return f"{page}?graph={packed}"


def apply(recorder: record, function: Any, *args: Any, **options: Any) -> Any:
    """Stands in for the apply() of functions of the user's own, which torch does not show to modes."""
    return recorder._noted(recorder.apply.__func__(function, *args, **options), args, sys._getframe(1))


def is_of_a_kind(guard: Any, *things: Any) -> Any:
    """Stands in for the guards of functions in Python: these run as they are, so that the calls in them are seen."""
    kinds = set(map(type, things[0] if isinstance(things[0], (tuple, list)) else things))
    return not kinds <= PLAIN and guard(*things)


def is_eager() -> bool:
    """Whether torch computes with numbers now: it does not while a compiler or a transform of torch.func traces."""
    is_traced = torch.compiler.is_compiling() or torch._C._len_torch_dispatch_stack()
    return not is_traced and torch._C._functorch.peek_interpreter_stack() is None


def is_users(frame: Any) -> bool:
    """Whether it runs a function of the user's own."""
    return frame.f_code.co_name not in OWN and not is_library(frame.f_code.co_filename)


def key_of(tensor: torch.Tensor) -> Any:
    """What a tensor is found by; torch does not tell the node of some views whose base was changed."""
    with suppress(RuntimeError):
        return tensor.grad_fn or id(tensor)


def node_of(thing: Any) -> Any:
    """The node of a tensor that takes a gradient."""
    return getattr(thing, "node", None) or thing.grad_fn or get_gradient_edge(thing).node


def graph(outputs: Any) -> list[Any]:
    """All nodes that outputs depend on, in the order in which they were made."""
    found = dict.fromkeys([node_of(output) for output in outputs if getattr(output, "requires_grad", True)])
    waiting = list(found)
    for node in waiting:
        new = dict.fromkeys([source for source, _ in node.next_functions if source and source not in found])
        found.update(new)
        waiting += new
    return sorted(found, key=lambda node: node._sequence_nr() if node.next_functions else -1)


def numbers(tensors: Any) -> dict[str, Any]:
    """The first numbers of tensors, one after the other, and what all that are finite come to."""
    tensors = [tensor for tensor in tensors if tensor is not None]
    if not tensors:
        return NOTHING
    kind: dict[str, Any] = {}
    try:
        kind = {"shape": [int(length) for length in tensors[0].shape], "dtype": str(tensors[0].dtype)[6:]}
        values = (tensors[0] if len(tensors) == 1 else torch.cat([tensor.reshape(-1) for tensor in tensors])).detach()
        is_long = values.numel() > FEW
        first = values[(slice(LISTED),) * values.dim()] if is_long and not values.is_contiguous() else values
        first = first.reshape(-1)[: LISTED if is_long else FEW].tolist()
        finite, bounds = values, [min(first), max(first), sum(first)]
        if is_long:
            wide = torch.float32 if values.element_size() < 4 else None
            bounds = [float(bound) for bound in (*values.aminmax(), values.sum(dtype=wide))]
        if not isfinite(bounds[-1]):
            finite = values[values.isfinite()].cpu().double()
            bounds = [float(bound) for bound in (*finite.aminmax(), finite.sum())] if finite.numel() else []
        low, high, total = bounds or [None] * 3
        mean = total / finite.numel() if bounds else None
        zeros = values.numel() - int(values.count_nonzero()) if is_long else first.count(0)
        counts = {"nonfinite": values.numel() - finite.numel(), "zeros": zeros}
        summary = {"min": low, "max": high, "mean": mean, **counts}
    except Exception:  # sparse, complex, batched, nested, empty: whatever it is, the run goes on
        return {**NOTHING, **kind}
    return {**kind, "value": first[:LISTED], "summary": summary}
