"""The pages, by the name of their lesson."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.address.fields import Form
from components.address.state import CHAIN, LAB, NEURON, VECTORS, GraphView
from components.pages import frame
from components.pages.chain_rule import page as chain_rule
from components.pages.gradient_lab import page as gradient_lab
from components.pages.neuron import page as neuron
from components.pages.vectors import page as vectors
from components.session import Visit


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what mounts it, what can be set on it, what one update says to its widgets, and its parts by name."""

    show: Callable[[], None]
    form: Form[Any]
    answer: Callable[[Visit[Any]], tuple[bytes, GraphView]]
    parts: frame.Mounts = field(default_factory=dict)


PAGES: Mapping[str, Page] = {
    "neuron": Page(neuron.show, NEURON, neuron.answer, neuron.PARTS),
    "chain_rule": Page(chain_rule.show, CHAIN, chain_rule.answer, chain_rule.PARTS),
    "vectors": Page(vectors.show, VECTORS, vectors.answer, vectors.PARTS),
    "gradient_lab": Page(gradient_lab.show, LAB, gradient_lab.answer, gradient_lab.PARTS),
}
