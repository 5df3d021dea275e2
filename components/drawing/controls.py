"""What can be set on a page, as its controls show it."""

from typing import Any

from components.address.fields import Choice, Field, Flag, Numbers, Parameter
from components.address.form import Form


def records(form: Form[Any]) -> dict[str, Any]:
    """The controls of a form: sliders, lists of sliders, named starting points, and choices by name."""
    return {
        "sliders": [_slider(parameter) for parameter in form.numbers],
        "lists": [_list(numbers) for numbers in form.lists],
        "presets": [{"name": name, "values": _controlled(form, record)} for name, record in form.presets.items()],
        "choices": [_choice(choice) for choice in form.choices if choice.is_control],
    }


def _choice(choice: Choice) -> dict[str, Any]:
    return {"name": choice.name, "options": list(choice.titles.items()), "part": choice.part}


def _controlled(form: Form[Any], record: Any) -> dict[str, Any]:
    """What a preset sets: the controls' values, and nothing that is set elsewhere on the page."""
    return {field.name: getattr(record, field.name) for field in form.fields if _is_control(field)}


def _is_control(field: Field) -> bool:
    return not isinstance(field, Flag) and not (isinstance(field, Choice) and not field.is_control)


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
