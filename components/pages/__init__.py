"""The pages, by the name of their lesson."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.pages import chain_rule, gradient_lab, neuron, vectors
from components.session import Visit
from components.state import CHAIN, LAB, NEURON, VECTORS, Form, Look


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what mounts it, what can be set on it, and what one update says to its widgets."""

    show: Callable[[], None]
    form: Form[Any]
    answer: Callable[[Visit[Any]], tuple[bytes, Look]]


PAGES: Mapping[str, Page] = {
    "neuron": Page(neuron.show, NEURON, neuron.answer),
    "chain_rule": Page(chain_rule.show, CHAIN, chain_rule.answer),
    "vectors": Page(vectors.show, VECTORS, vectors.answer),
    "gradient_lab": Page(gradient_lab.show, LAB, gradient_lab.answer),
}
