"""What can be set on a page, as its controls show it."""

from dataclasses import asdict
from typing import Any

from components.address.fields import Form, Numbers, Parameter


def records(form: Form[Any]) -> dict[str, Any]:
    """The controls of a form: sliders, lists of sliders, named starting points, and choices by name."""
    return {
        "sliders": [_slider(parameter) for parameter in form.numbers],
        "lists": [_list(numbers) for numbers in form.lists],
        "presets": [{"name": name, "values": asdict(record)} for name, record in form.presets.items()],
        "choices": [{"name": choice.name, "options": list(choice.titles.items())} for choice in form.choices],
    }


def _list(numbers: Numbers) -> dict[str, Any]:
    """`entry` is the slider of each entry, named `x[0]` and so on after it."""
    return {
        "name": numbers.name,
        "entry": _slider(numbers.entry),
        "most": numbers.most,
        "of": numbers.of,
        "when": numbers.when,
        "fill": numbers.default[0],
    }


def _slider(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "meaning": parameter.meaning,
        "min": float(parameter.minimum),
        "max": float(parameter.maximum),
        "step": float(parameter.step),
        "decimals": parameter.decimals,
    }
