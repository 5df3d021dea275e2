"""The pages, by the name of their lesson."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.fields import Form
from components.pages import chain_rule, frame, gradient_lab, neuron, vectors
from components.session import Visit
from components.state import CHAIN, LAB, NEURON, VECTORS, Look


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what mounts it, what can be set on it, what one update says to its widgets, and its parts by name."""

    show: Callable[[], None]
    form: Form[Any]
    answer: Callable[[Visit[Any]], tuple[bytes, Look]]
    parts: frame.Mounts = field(default_factory=dict)


PAGES: Mapping[str, Page] = {
    "neuron": Page(neuron.show, NEURON, neuron.answer, neuron.PARTS),
    "chain_rule": Page(chain_rule.show, CHAIN, chain_rule.answer, chain_rule.PARTS),
    "vectors": Page(vectors.show, VECTORS, vectors.answer, vectors.PARTS),
    "gradient_lab": Page(gradient_lab.show, LAB, gradient_lab.answer, gradient_lab.PARTS),
}
