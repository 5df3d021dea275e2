"""What can be set on a page, as its controls show it."""

from typing import Any

from components.address.fields import Choice, Field, Flag, Parameter
from components.address.form import Form
from components.address.lists import Numbers
from components.address.scale import Scale


def records(form: Form[Any]) -> dict[str, Any]:
    """The controls of a form: sliders, lists of sliders, named starting points, and choices by name."""
    return {
        "sliders": [slider(parameter) for parameter in form.sliders],
        "lists": [_list(numbers) for numbers in form.lists],
        "presets": [_preset(form, name) for name in form.presets],
        "choices": [_choice(choice) for choice in form.choices if choice.is_control],
    }


def _preset(form: Form[Any], name: str) -> dict[str, Any]:
    """`group` titles the presets that begin here, where they are a group of their own."""
    group = {"group": form.groups[name]} if name in form.groups else {}
    return {"name": name, "values": _controlled(form, form.presets[name])} | group


def _choice(choice: Choice) -> dict[str, Any]:
    label = {"label": choice.label} if choice.label else {}
    return {"name": choice.name, "options": list(choice.titles.items()), "part": choice.part} | label


def _controlled(form: Form[Any], record: Any) -> dict[str, Any]:
    """What a preset sets: the controls' values, and nothing that is set elsewhere on the page."""
    return {field.name: getattr(record, field.name) for field in form.fields if _is_control(field)}


def _is_control(field: Field) -> bool:
    return not isinstance(field, Flag) and not (isinstance(field, Choice) and not field.is_control)


def _list(numbers: Numbers) -> dict[str, Any]:
    """`entry` is the slider of each entry, named `x[0]` and so on after it."""
    return {
        "name": numbers.name,
        "entry": slider(numbers.entry),
        "most": numbers.most,
        "of": numbers.of,
        "when": numbers.when,
        "fill": numbers.default[0],
    }


def slider(parameter: Parameter | Scale) -> dict[str, Any]:
    """A number's slider: `min`, `max`, `step` and `decimals`, or on a logarithmic scale `powers` of ten and `digits`.

    `part` where it does not stand among the sliders, `word` where its smallest value is said by one.
    """
    said: dict[str, Any] = {"name": parameter.name, "meaning": parameter.meaning}
    said |= {"min": float(parameter.minimum), "max": float(parameter.maximum)}
    if parameter.part:
        said["part"] = parameter.part
    if isinstance(parameter, Scale):
        return said | {"powers": parameter.powers, "digits": parameter.digits}
    word = {"word": parameter.word} if parameter.word else {}
    return said | {"step": float(parameter.step), "decimals": parameter.decimals} | word
