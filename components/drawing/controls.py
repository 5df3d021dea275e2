"""What can be set on a page, as its controls show it."""

from dataclasses import asdict
from typing import Any

from components.state import Form, Parameter


def records(form: Form[Any]) -> dict[str, Any]:
    """The controls of a form: sliders, named starting points, and choices by name."""
    return {
        "sliders": [_slider(parameter) for parameter in form.numbers],
        "presets": [{"name": name, "values": asdict(record)} for name, record in form.presets.items()],
        "choices": [{"name": choice.name, "options": list(choice.titles.items())} for choice in form.choices],
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
