"""Autograd Explorer's recorder: copy it into a cell or a module. It needs PyTorch alone and changes nothing of the run.

with record() as r:
    loss = criterion(model(x), y)
    loss.backward()
r.save("graph.json")  # or r.link(), for a small graph
"""

import base64
import json
import linecache
import re
import sys
import zlib
from collections import deque
from contextlib import nullcontext, suppress
from math import isfinite
from typing import Any
from weakref import ref

import torch
from torch import nn
from torch.autograd.graph import _get_grad_fn_or_grad_acc as node_of
from torch.utils import _python_dispatch as dispatch

PAGE, LISTED, FEW, MOST_NODES, LONGEST_LINE, LONGEST_LINK = "http://localhost:8501/open", 16, 64, 5_000, 200, 8_192
WRAPPERS = {"DataParallel", "DistributedDataParallel", "FullyShardedDataParallel", "FSDPModule", "OptimizedModule"}
REFUSED = "No backward pass ran inside the block, or its model is compiled or distributed: record the plain model."
LIBRARY = (*[path for path in sys.path if path.endswith("-packages")], json.__file__[:-16], "<frozen")
NOT_FINITE, GRAD = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}, ("grad", "grad_summary")
NOTHING: dict[str, Any] = {"shape": None, "dtype": "", "value": None, "summary": None}
BLANK = NOTHING | {"name": "", "module": "", "line": None, "source": "", "grad": None, "grad_summary": None}
NOTE, LARGEST, QUOTED_PATH = "autograd-explorer", 4_000_000, r"""(["'])[^"']*[/\\][^"']*\1"""
autograd, CALL = vars(torch)["autograd"], nn.Module._call_impl.__code__
APPLY = autograd.Function.apply.__func__.__code__


class record(dispatch.TorchDispatchMode):  # noqa: N801  # it is used as a function is: `with record()`
    """Records the backward passes of its block: of each tensor 16 numbers and what all of them come to."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch's own has no types

    def __enter__(self) -> Any:
        self.moments, self.paths, self.left_out, self.refused = list[Any](), dict[Any, str](), 0, False
        self.results, self.place = deque[Any](maxlen=FEW), dict[str, Any]()
        self.last: Any = ()
        self.first = self.count = autograd._get_sequence_nr()  # of nodes: before the last one was made, and since
        self.home: Any = sys._getframe(1)
        self.engine, autograd._engine_run_backward = autograd._engine_run_backward, self._run_backward
        return super().__enter__()  # type: ignore[no-untyped-call]  # torch's own has no types

    def __exit__(self, *error: Any) -> None:
        autograd._engine_run_backward = self.engine
        self.home, self.paths = None, {}
        self.last = ()
        super().__exit__(*error)  # type: ignore[no-untyped-call]  # torch's own has no types

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._note()
        result = func(*args, **(kwargs or {}))
        with suppress(Exception):  # whatever is met here, the run goes on
            if self.count != autograd._get_sequence_nr():  # a node is made: for this call, or the Function around it
                self.first, self.count, self.place = self.count, autograd._get_sequence_nr(), {}
                self.results.clear()
                self.place = self._place(sys._getframe(1))[0]
            made = result if isinstance(result, (tuple, list)) else [result]
            self.last = made if len(made) > 1 and torch.is_grad_enabled() else ()  # kept, since some may be dropped
            tensors = [tensor for tensor in made if isinstance(tensor, torch.Tensor)]
            bases = [tensor._base for tensor in tensors if tensor._base is not None]
            self.results.append([ref(tensor) for tensor in tensors + bases])
        return result

    def _note(self) -> None:
        """Gives the last node its value, which may change with the next call, the user's line and the module."""
        with suppress(Exception):
            found = [tensor for made in self.results for one in made if (tensor := one()) is not None]
            tensors = {id(tensor): tensor for tensor in found}.values()  # of several calls within a Function
            for node in [tensor.grad_fn for tensor in tensors]:
                if node and node._sequence_nr() >= self.first and NOTE not in node.metadata:
                    node.metadata[NOTE] = self.place | numbers([tensor for tensor in tensors if tensor.grad_fn is node])
        self.last = ()

    def _place(self, frame: Any) -> tuple[dict[str, Any], list[Any]]:
        """The user's line and the module that run, and the frames of the user's functions."""
        frames = [frame]
        while frames[-1] is not self.home and frames[-1].f_back:
            frames.append(frames[-1].f_back)
        codes = [at.f_code for at in frames]
        if APPLY in codes:  # a Function stands where it is called
            frames = frames[codes.index(APPLY) + 1 :]
        users = [at for at in frames if not at.f_code.co_filename.startswith(LIBRARY) and at.f_code is not PASS]
        calls = [at for at in frames if at.f_code is CALL]
        module = calls[0].f_locals["self"] if calls else None
        if calls and module not in self.paths:
            root: Any = calls[-1].f_locals["self"]
            name = names(users).get(root, type(root).__name__)
            named = [(name, module), *root.named_modules(prefix=name), *root.named_parameters(prefix=name)]
            self.paths = {part: path for path, part in named} | self.paths
            self.refused = bool(WRAPPERS & {kind.__name__ for part in self.paths for kind in type(part).__mro__})
        code, line = (users or frames)[0].f_code, (users or frames)[0].f_lineno
        source = re.sub(QUOTED_PATH, "'...'", linecache.getline(code.co_filename, line).strip())[:LONGEST_LINE]
        return {"line": line, "source": source, "module": self.paths[module] if calls else ""}, users

    def _run_backward(self, outputs: Any, *args: Any, **options: Any) -> Any:
        """Does what torch's function under backward() and grad() does, and records it."""
        is_traced = torch._C._functorch.peek_interpreter_stack() is not None
        is_off = self.refused or is_traced or torch._C._len_torch_dispatch_stack() == 0  # as it is in other threads
        rows = dict[Any, Any]()
        with suppress(Exception):  # whatever is met here, the run goes on
            rows = {} if is_off else self._rows(outputs)
        hooks = [n.register_prehook(lambda g, row=row: row.update(numbers(g, *GRAD))) for n, row in rows.items()]
        makes_nodes = args[2] or any("Checkpoint" in row["op"] for row in rows.values())
        is_innermost = dispatch._get_current_dispatch_mode() is self
        result: Any = ()
        try:
            with dispatch._pop_mode_temporarily() if is_innermost and not makes_nodes else nullcontext():
                result = self.engine(outputs, *args, **options)
            return result
        finally:
            for hook in hooks:
                hook.remove()
            self.left_out += bool(rows)
            with suppress(Exception), torch._C.DisableTorchFunction():  # whatever is met here, the run goes on
                for asked, gradient in zip(args[3], result or (), strict=False):
                    rows[node_of(asked)] |= numbers([gradient], *GRAD)
                call = "backward" if options["accumulate_grad"] else "autograd.grad"
                self.moments += [self._moment(call, rows, *self._place(sys._getframe(1)))] if rows else []
                self.left_out -= bool(rows)

    def _rows(self, outputs: Any) -> dict[Any, dict[str, Any]]:
        """By node that outputs depend on, what is known of it before the pass; of too many nothing."""
        self._note()
        rows = dict[Any, dict[str, Any]]()
        waiting: list[Any] = [node_of(output) for output in outputs if getattr(output, "requires_grad", True)]
        for node in waiting:
            if node and node not in rows:
                rows[node] = {"op": node.name().rpartition("::")[2], **node.metadata.get(NOTE, {})}
                waiting += [source for source, _ in node.next_functions]
        for node in rows:
            if "AccumulateGrad" in node.name():
                rows[node] |= {"before": numbers([node.variable.grad]), **numbers([node.variable])}
        self.refused = any("Compiled" in row["op"] for row in rows.values())
        if len(rows) + sum([len(moment["nodes"]) for moment in self.moments]) > MOST_NODES:
            self.left_out += 1
            return {}
        return {} if self.refused else rows

    def _moment(self, call: str, rows: Any, place: Any, users: Any) -> dict[str, Any]:
        """The pass as the page reads it."""
        named, order = names(users), sorted(rows, key=lambda node: (node._sequence_nr() + 1) % 2**64)  # leaves first
        for number, node in enumerate(order):
            row = rows[node]
            row |= {"id": f"n{number}", "name": named.get(node, "")}
            if "before" in row:
                leaf, arrived = node.variable, {"value": row.get("grad"), "summary": row.get("grad_summary")}
                is_first = not row["before"] and leaf.grad is not None and "grad" in row
                after = {"shape": row["shape"], "dtype": row["dtype"], **arrived} if is_first else numbers([leaf.grad])
                row |= {"before": NOTHING | row["before"], "after": NOTHING | after}
                row["name"] = self.paths.get(leaf, named.get(leaf, ""))
                row["module"] = row["name"].rpartition(".")[0]
        ends = [(rows[node]["id"], rows[to]["id"]) for node in order for to, _ in node.next_functions if to]
        edges = [{"from": consumer, "to": source, "local": None, "grad": None} for consumer, source in ends]
        return {"call": call, **place, "nodes": [BLANK | rows[node] for node in order], "edges": edges}

    def text(self) -> str:
        """The recording as JSON."""
        if self.refused or not self.moments:
            raise ValueError(REFUSED)
        head = {"format": "autograd-explorer/1", "torch": torch.__version__, "left_out": self.left_out}
        text = json.dumps({**head, "moments": self.moments})
        digits = 17 if '"float64"' in text else 9
        plain = json.loads(text, parse_float=lambda n: float(f"{float(n):.{digits}g}"), parse_constant=NOT_FINITE.get)
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
        packed = base64.urlsafe_b64encode(zlib.compress(self.text().encode(), 9)[2:-4]).decode().rstrip("=")
        if len(packed) > LONGEST_LINK:
            raise ValueError(f'It takes {len(packed):,} characters, a link {LONGEST_LINK:,}: use save("graph.json").')
        return f"{page}?graph={packed}"


PASS = record._run_backward.__code__


def names(users: list[Any]) -> dict[Any, str]:
    """Modules and tensors that variables, attributes of `self` and lists hold; what is computed by its node."""
    named: list[Any] = [*users[-1].f_globals.items()]
    for frame in users[::-1]:
        seen, own = frame.f_locals, frame.f_locals.get("self")
        parts = own.named_children() if isinstance(own, nn.Module) else ()
        named += [*seen.items(), *getattr(own, "__dict__", {}).items(), *parts]
        if type(seen) is dict and frame.f_code.co_flags & 1 and sys.getrefcount(seen) <= 3:
            seen.clear()  # Python's copy, which would keep what the function has let go
    lists = [(name, value) for name, value in named if type(value) in (list, tuple)]
    named += [(f"{name}[{place}]", entry) for name, value in lists for place, entry in enumerate(value[:LISTED])]
    found = dict[Any, str]()
    for name, thing in named[::-1]:
        if isinstance(thing, (torch.Tensor, nn.Module)) and name != "self":
            with suppress(RuntimeError):  # torch does not tell the node of some views whose base was changed
                found[getattr(thing, "grad_fn", None) or thing] = name
    return found


def numbers(tensors: Any, value: str = "value", summary: str = "summary") -> dict[str, Any]:
    """Shape, dtype and first numbers of tensors, one after the other, and what all that are finite come to."""
    tensors, told = [tensor for tensor in tensors if tensor is not None], dict[str, Any]()
    if not tensors:
        return told
    try:
        with torch._C.DisableTorchFunction(), torch._C._DisableTorchDispatch():
            told = {"shape": [*tensors[0].shape], "dtype": str(tensors[0].dtype)[6:]}
            values = tensors[0].detach() if len(tensors) == 1 else torch.cat([t.detach().reshape(-1) for t in tensors])
            if values.numel() > FEW:
                first = values if values.is_contiguous() else values[(slice(LISTED),) * values.dim()]
                first, (low, high, total, count, zeros) = first.reshape(-1)[:LISTED].tolist(), of_many(values)
            else:
                first = values.tolist() if values.dim() == 1 else values.reshape(-1).tolist()
                low, high, total, count, zeros = of_few(first)
        mean = total / count if count and isfinite(total) else None
        counts = {"nonfinite": values.numel() - count, "zeros": zeros}
        return {**told, value: first[:LISTED], summary: {"min": low, "max": high, "mean": mean, **counts}}
    except Exception:  # sparse, complex, batched, nested: whatever it is, the run goes on
        return told


def of_many(values: torch.Tensor) -> tuple[Any, ...]:
    """Minimum, maximum, sum and count of what is finite, and how many are exactly 0."""
    if not values.is_contiguous():
        values = values.permute(sorted(range(values.dim()), key=values.stride, reverse=True))  # as they lie in memory
    total = float(values.sum(dtype=torch.promote_types(values.dtype, torch.float32)))
    if not isfinite(total):
        values = values[values.isfinite()].cpu().double()
        total = float(values.sum())
    if not values.numel():
        return None, None, total, 0, 0
    low, high = map(float, values.aminmax())
    exact = torch.float32 if values.numel() < 2**24 else torch.float64
    zeros = values.clone().eq_(0).sum(dtype=exact) if low <= 0 <= high else 0
    return low, high, total, values.numel(), int(zeros)


def of_few(numbers: list[float]) -> tuple[Any, ...]:
    """The same of numbers that are all listed."""
    if not isfinite(sum(numbers)):
        numbers = [number for number in numbers if isfinite(number)]
    low, high = (min(numbers), max(numbers)) if numbers else (None, None)
    return low, high, sum(numbers), len(numbers), numbers.count(0)
