"""What one node, one arrow or one step does: words, and mathematics with the numbers in it.

Mathematics is one line of notation that the browser typesets: `‹…›` marks forward values, `«…»` gradients.
"""

from collections.abc import Callable
from typing import Any

from components import precision
from components.drawing import numbers
from components.graph import operations, paths
from components.graph.model import Edge, Graph, Node, Number, Seen, Snapshot
from components.graph.operations import Binds
from components.graph.walk import Step, meetings

SHORT = 18
"""Characters above which a node is called by its id inside a formula."""

FEW = 4
"""Entries of a list that are written with all their usual digits."""

COVERS = {
    "numbers": ("value", "computes", "saved for backward"),
    "gradients": (
        "gradient arriving",
        "paths",
        "local derivative",
        "× upstream gradient",
        "local derivative × upstream gradient",
    ),
}
"""The sections of numbers that a hidden part of the page takes with it."""

Line = dict[str, Any]
"""`math`, and where there is one a `label`, the id of the part to `go` to, the `factors` of a product and what
they are called (`named`), a path's `edges`."""


def called(node: Node) -> str:
    """What a node is called in a formula: its name, else how it was computed if that is short, else its id."""
    return node.name or (node.expression if 0 < len(node.expression) <= SHORT else node.id)


def value(number: Number) -> str:
    """A forward value as notation."""
    return f"‹{_written(number, numbers.text)}›"


def gradient(number: Number) -> str:
    """A gradient as notation."""
    return f"«{_written(number, numbers.signed)}»"


def _written(number: Number, write: Callable[[Number], str]) -> str:
    """A longer list with fewer digits for each entry."""
    return numbers.brief(number) if isinstance(number, list) and len(number) > FEW else write(number)


class Explainer:
    """Explains the parts of one graph as it is shown: whole or folded, all of it or as much as a walk has `seen`."""

    def __init__(
        self, snapshot: Snapshot, shown: Graph, seen: Seen | None = None, hidden: frozenset[str] = frozenset()
    ) -> None:
        self.snapshot = snapshot
        self.shown = shown
        self.seen = seen
        self.hidden = hidden
        self.covered = {head for name in hidden for head in COVERS.get(name, ())}
        self.nodes = {node.id: node for node in shown.nodes}
        self.edges = {edge.id: edge for edge in shown.edges}
        self.whole = {node.id: node for node in snapshot.graph.nodes}
        self.edges_from = shown.edges_from()
        self.meetings = meetings(shown)
        self.whole_edges_from = snapshot.graph.edges_from()

    def part(self, part_id: str) -> dict[str, Any] | None:
        """What the inspector says of a node or an edge; None where there is no such part."""
        if part_id in self.nodes:
            return self._node(self.nodes[part_id])
        return self._edge(self.edges[part_id]) if part_id in self.edges else None

    def step(self, step: Step) -> dict[str, Any]:
        """What happens in one step of the walk: words, and lines of mathematics."""
        said = self._step(step)
        is_covered = ("gradients" if step.phase in ("add", "backward") else "numbers") in self.hidden
        return said | {"math": []} if is_covered else said

    def _step(self, step: Step) -> dict[str, Any]:
        node = self.nodes[step.node]
        if step.phase == "start":
            return {"words": "Only the inputs and the leaves have values. Nothing is computed yet.", "math": []}
        if step.phase == "forward":
            return {"words": f"Forward, {self._word(node)}:", "math": [self._computes(node)]}
        if node.op == "AccumulateGrad":
            return {"words": f"Backward: the leaf {node.id} keeps what arrived.", "math": [self._kept(node)]}
        if step.phase == "add":
            return self._adds(node)
        passing = [line for edge in self._passing(node) for line in self._passes(node, edge)]
        begins = f"backward() begins with {numbers.factor(node.gradient)} at " if node.id == self.shown.result else ""
        return {"words": f"Backward: {begins}{called(node)}{', which' if begins else ''} passes on", "math": passing}

    def _adds(self, node: Node) -> dict[str, Any]:
        """What has arrived from every consumer, and its sum."""
        arrived = [edge for edge in reversed(self.shown.edges) if edge.input == node.id and edge.carries]
        whence = " and ".join(dict.fromkeys(called(self.nodes[edge.consumer]) for edge in arrived))
        terms = " + ".join(_term(edge.gradient) for edge in arrived)
        words = f"Gradients meet in {called(node)}, from {whence}: they are added."
        return {"words": words, "math": [f"{self._by(node)} = {terms} = {gradient(node.gradient)}"]}

    def _passes(self, node: Node, edge: Edge) -> list[str]:
        """A local derivative that has a formula of its own, and its product with the upstream gradient, each named."""
        source, name = self.nodes[edge.input], self._factor_name(node, edge)
        has_formula = edge.local is not None and ("′" in name or name.startswith("∂"))
        formula = self._formulas(node, edge)[:1] if has_formula else []
        lines = [f"{name} = {formula[0]} = {numbers.factor(edge.local)}"] if formula else []
        is_whole = source.id not in self.meetings
        named = [] if node.id == self.shown.result or edge.local is None else [f"{name} · {self._by(node)}"]
        sides = [*([self._by(source)] if is_whole else []), *named, self._product(edge)]
        return [*lines, " = ".join(sides) + ("" if is_whole else f' "to" {called(source)}')]

    def _factor_name(self, node: Node, edge: Edge) -> str:
        """What a local derivative is called: `σ′(z)`, `x`, or `∂y/∂x`."""
        operands = self.snapshot.operands.get(node.id, ())
        slot = self.edges_from[node.id].index(edge)
        name = operations.name_derivative(node.op, slot, operands) if self._is_one_step(node) else ""
        return name or f"∂{_atom(called(node))}/∂{_atom(called(self.nodes[edge.input]))}"

    def _by(self, node: Node) -> str:
        """The gradient that arrives at a node, as it is written."""
        return f"∂{_atom(called(self.nodes[self.shown.result]))}/∂{_atom(called(node))}"

    def _node(self, node: Node) -> dict[str, Any]:
        operation = operations.find(node.op)
        is_made = bool(self.edges_from[node.id])
        values = ("computes" if is_made else "value", self._value_lines(node))
        sections = [("gradient arriving", self._arriving(node)), ("paths", self._paths(node))]
        sections += [("local derivative × upstream gradient", self._passed_on(node))]
        sections += [("saved for backward", self._saved(node))]
        sections.insert(0 if is_made else len(sections), values)
        return {
            "id": node.id,
            "title": called(node),
            "symbol": operation.symbol,
            "word": self._word(node),
            "torch": "" if node.op == "input" else node.op,
            "kind": f"{'scalar' if not node.shape else f'shape {list(node.shape)}'}, {node.dtype}",
            "sections": self._shown(sections),
        }

    def _edge(self, edge: Edge) -> dict[str, Any]:
        consumer, source = self.nodes[edge.consumer], self.nodes[edge.input]
        lines = [line for e, line in self._derivatives(consumer) if e.id == edge.id]
        ends = [_go("passed on by", consumer), _go("to", source)]
        flow = [("local derivative", lines), ("× upstream gradient", self._product_lines(edge)), ("from, to", ends)]
        return {
            "id": edge.id,
            "title": f'{called(consumer)} "→" {called(source)}',
            "symbol": "",
            "word": "the way back of a gradient" if edge.carries else "no gradient goes this way",
            "torch": consumer.op,
            "kind": "",
            "sections": self._shown(flow),
        }

    def _shown(self, sections: list[tuple[str, list[Line]]]) -> list[dict[str, Any]]:
        return [{"head": head, "lines": lines} for head, lines in sections if lines and head not in self.covered]

    def _word(self, node: Node) -> str:
        return operations.find(node.op).word if self._is_one_step(node) else "several steps in one"

    def _is_one_step(self, node: Node) -> bool:
        """Whether nothing is folded into a node."""
        return [edge.id for edge in self.edges_from[node.id]] == [e.id for e in self.whole_edges_from[node.id]]

    def _known(self, node: Node) -> bool:
        return self.seen is None or node.id in self.seen.values

    def _arrived(self, node_id: str) -> bool:
        return self.seen is None or node_id in self.seen.gradients

    def _passing(self, node: Node) -> list[Edge]:
        return [edge for edge in self.edges_from[node.id] if edge.carries]

    def _value_lines(self, node: Node) -> list[Line]:
        return [{"math": self._computes(node)}] if self._known(node) else [{"label": "not computed yet", "math": ""}]

    def _computes(self, node: Node) -> str:
        """`z = w·x + b = ‹6.7› + ‹0› = ‹6.7›`: name, expression, the same with numbers, result; each once."""
        put_in = operations.write(node.op, self._operand_values(node)) if node.expression else ""
        texts = [node.name, node.expression, put_in if self._is_one_step(node) else "", value(node.value)]
        return " = ".join(dict.fromkeys(text for text in texts if text))

    def _operand_values(self, node: Node) -> tuple[str, ...]:
        """The operands' numbers as notation."""
        tensors = [self.whole[edge.input].value for edge in self.whole_edges_from[node.id]]
        said = [value(number) for number in tensors]
        return (*said, *self.snapshot.operands.get(node.id, ())[len(said) :])

    def _arriving(self, node: Node) -> list[Line]:
        if node.op == "input":
            return [{"label": "none: it takes no gradient", "math": ""}]
        if not self._arrived(node.id):
            return [{"label": "not arrived yet", "math": ""}]
        if node.id == self.shown.result:
            return [{"label": "backward() begins here", "math": gradient(node.gradient)}]
        consumers = [edge for edge in self.shown.edges if edge.input == node.id]
        tracked = [edge for edge in consumers if self.nodes[edge.consumer].op != "input"]
        lines = [_go("from", self.nodes[e.consumer], gradient(e.gradient)) for e in tracked]
        kept = [{"label": "kept in", "math": self._kept(node)}] if node.op == "AccumulateGrad" else []
        return lines + ([{"label": "sum", "math": gradient(node.gradient)}] if len(lines) > 1 else []) + kept

    def _kept(self, node: Node) -> str:
        kept = self.shown.kept
        return f'{called(node)} ".grad" = {gradient(node.gradient if kept is None else kept.get(node.id))}'

    def _passed_on(self, node: Node) -> list[Line]:
        lines = []
        for edge, line in self._derivatives(node):
            lines += [line, *self._product_lines(edge)]
        return lines

    def _derivatives(self, node: Node) -> list[tuple[Edge, Line]]:
        """For each edge out of a node, the local derivative: in symbols, with numbers, and torch's own answer."""
        if not self._known(node) or node.op == "input":
            return []
        said = []
        for edge in self.edges_from[node.id]:
            source = self.nodes[edge.input]
            if edge.local is None:
                later = "not known" if edge.carries else "no gradient has passed here yet"
                why = "takes no gradient" if source.op == "input" else later
                said.append((edge, _go("to", source, f'"{why}"')))
            else:
                texts = [f"∂{_atom(called(node))}/∂{_atom(called(source))}", *self._formulas(node, edge)]
                texts.append(numbers.factor(edge.local))
                said.append((edge, _go("to", source, " = ".join(dict.fromkeys(texts)))))
        return said

    def _formulas(self, node: Node, edge: Edge) -> list[str]:
        if not self._is_one_step(node):
            return []
        operands = self.snapshot.operands.get(node.id, ())
        slot = self.edges_from[node.id].index(edge)
        symbols = operations.write_derivative(node.op, slot, operands, called(node))
        put_in = operations.write_derivative(node.op, slot, self._operand_values(node), value(node.value))
        if _is_one_number(put_in):
            return [symbols] if put_in.strip("‹›") in (numbers.text(edge.local), numbers.factor(edge.local)) else []
        return [text for text in (symbols, put_in) if text]

    def _product_lines(self, edge: Edge) -> list[Line]:
        if not edge.carries or (self.seen is not None and edge.id not in self.seen.edges):
            return []
        return [{"math": self._product(edge), "product": True}]

    def _product(self, edge: Edge) -> str:
        """local derivative × upstream gradient = gradient passed on; that alone where the derivative is not known."""
        if edge.local is None:
            return gradient(edge.gradient)
        upstream = self.nodes[edge.consumer].gradient
        if isinstance(edge.local, float) and isinstance(upstream, float):
            local = _in_brackets(numbers.factor(edge.local))
            return f"{local} × {gradient(upstream)} = {gradient(edge.gradient)}"
        return f'"vector-Jacobian product" = {gradient(edge.gradient)}'

    def _paths(self, node: Node) -> list[Line]:
        if node.op != "AccumulateGrad" or self.seen is not None:
            return []
        found = paths.paths(self.shown, node.id)
        common = set.intersection(*({e.id for e in path.edges} for path in found.paths)) if found.paths else set()
        lines = [self._path(path, common) for path in found.paths]
        if not found.complete:
            lines.append({"label": f"and more: only {paths.MOST} of them are listed", "math": ""})
        elif isinstance(found.total, float) and isinstance(node.gradient, float):
            is_one = node.dtype == self.shown.nodes[-1].dtype and node.dtype in precision.DTYPES
            apart = precision.ulps(found.total, node.gradient, node.dtype) if is_one else None
            lines.append({"label": f"sum, {_apart(apart)} {node.id}.grad", "math": gradient(found.total)})
        return lines

    def _path(self, path: paths.Path, common: set[str]) -> Line:
        own = [edge for edge in path.edges if edge.id not in common]
        through = [self.nodes[edge.input] for edge in own if self.nodes[edge.input].expression]
        label = f"through {called(through[-2] if len(through) > 1 else through[-1])}" if through else "the only path"
        factors = [_in_brackets(numbers.factor(edge.local)) for edge in path.edges]
        off = path.product == 0 and isinstance(path.product, float)
        return {
            "label": f"{label}: switched off by a factor 0" if off else label,
            "math": gradient(path.product),
            "named": " · ".join(self._factor_name(self.nodes[edge.consumer], edge) for edge in path.edges),
            "factors": factors,
            "edges": [edge.id for edge in path.edges],
        }

    def _saved(self, node: Node) -> list[Line]:
        if not self._known(node):
            return []
        kept = self.snapshot.saved.get(node.id, ())
        return [{"label": s.name, "math": f'"{s.text}"' if s.text else value(s.value)} for s in kept]


def _go(label: str, node: Node, math: str = "") -> Line:
    return {"label": f"{label} {called(node)}", "math": math, "go": node.id}


def _apart(ulps: int | None) -> str:
    if ulps is None:
        return "beside"
    return "exactly" if ulps == 0 else f"{ulps} ulp{'s' if ulps > 1 else ''} from"


def _atom(text: str) -> str:
    return text if operations.binds(text) is Binds.ATOM else f"({text})"


def _in_brackets(number: str) -> str:
    return f"({number})" if number.startswith(numbers.MINUS) else number


def _term(number: Number) -> str:
    """A gradient as a term of a sum."""
    text = f"«{_written(number, numbers.text)}»"
    return f"({text})" if text.startswith(f"«{numbers.MINUS}") else text


def _is_one_number(text: str) -> bool:
    return not any(sign in text for sign in "+·/^ ")
