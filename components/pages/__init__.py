"""The pages, by the name of their lesson."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from components.pages import neuron, vectors
from components.session import Visit
from components.state import NEURON, VECTORS, Form, Look


@dataclass(frozen=True, slots=True)
class Page:
    """A page: what mounts it, what can be set on it, and what one update says to its widgets."""

    show: Callable[[], None]
    form: Form[Any]
    answer: Callable[[Visit[Any]], tuple[bytes, Look]]


PAGES: Mapping[str, Page] = {
    "neuron": Page(neuron.show, NEURON, neuron.answer),
    "vectors": Page(vectors.show, VECTORS, vectors.answer),
}
