"""An experiment as a notebook: what can be pressed stands still, cells with their output come with each update."""

from typing import Any

from components.pages.gradient_lab.model import EXPERIMENTS, MOST, Cell


def static(name: str, idea: str) -> dict[str, Any]:
    """The experiments to choose from, the idea of this one, and its buttons with the code that each runs."""
    presses = EXPERIMENTS[name].presses
    return {
        "most": MOST,
        "experiments": [(other, experiment.title) for other, experiment in EXPERIMENTS.items()],
        "experiment": name,
        "idea": idea,
        "presses": [(key, press.call, press.hint, "\n".join(press.cells)) for key, press in presses.items()],
    }


def dynamic(cells: tuple[Cell, ...]) -> dict[str, Any]:
    """Each cell as five numbers of `texts` (source, printed, value, warned, error): a text is sent once."""
    texts: dict[str, int] = {"": 0}
    said = [[texts.setdefault(text, len(texts)) for text in cell] for cell in cells]
    return {"texts": list(texts), "cells": said}
