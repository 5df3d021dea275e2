"""What can be set on a page, as its controls are told."""

import json
from dataclasses import dataclass

from components.address.fields import Choice, Flag, Names, Parameter
from components.address.form import Form
from components.address.lists import Numbers
from components.drawing import controls
from components.pages.index import PAGES


@dataclass(frozen=True)
class Inputs:
    """One field of each kind."""

    t: float = 0.5
    mode: str = "slow"
    detail: str = "fine"
    many: tuple[float, ...] = (1.0, 2.0)
    weights: tuple[float, ...] = (1.0, 1.0)
    run: tuple[str, ...] = ()
    grid: bool = False


FORM = Form(
    make=Inputs,
    fields=(
        Parameter("t", "time", "-1", "1", "0.25", 0.5),
        Choice("mode", {"slow": "slow and sure", "fast": "fast"}),
        Choice("detail", {"fine": "fine", "coarse": "coarse"}, is_control=False),
        Numbers("many", Parameter("m", "mass", "0", "9", "1", 0.0), (1.0, 2.0), most=3),
        Numbers("weights", Parameter("k", "", "0", "9", "1", 0.0), (1.0,), of="many", when=("mode", "fast")),
        Names("run", 4),
        Flag("grid"),
    ),
    presets={"first": Inputs(), "quick": Inputs(t=1.0, mode="fast", detail="coarse", run=("go",), grid=True)},
)


def test_sliders_have_their_range_and_step() -> None:
    (slider,) = controls.records(FORM)["sliders"]
    said = {"name": "t", "meaning": "time", "min": -1.0, "max": 1.0, "step": 0.25, "decimals": 2}
    assert slider == said


def test_lists_have_a_slider_for_each_entry() -> None:
    many, weights = controls.records(FORM)["lists"]
    assert (many["name"], many["most"], many["of"], many["when"], many["fill"]) == ("many", 3, "", None, 1.0)
    assert (many["entry"]["name"], many["entry"]["meaning"], many["entry"]["max"]) == ("m", "mass", 9.0)
    assert (weights["of"], weights["when"], weights["fill"]) == ("many", ("mode", "fast"), 1.0)


def test_only_choices_that_are_controls_are_offered() -> None:
    choices = controls.records(FORM)["choices"]
    assert choices == [{"name": "mode", "options": [("slow", "slow and sure"), ("fast", "fast")], "part": ""}]


def test_a_starting_point_sets_controls_and_nothing_else() -> None:
    first, quick = controls.records(FORM)["presets"]
    assert (first["name"], quick["name"]) == ("first", "quick")
    assert quick["values"] == {
        "t": 1.0,
        "mode": "fast",
        "many": (1.0, 2.0),
        "weights": (1.0, 1.0),
        "run": ("go",),
    }


def test_every_pages_presets_are_states_that_its_controls_can_take() -> None:
    for page in PAGES.values():
        records = controls.records(page.form)
        shown = [entry["name"] for kind in ("sliders", "lists", "choices") for entry in records[kind]]
        for preset in json.loads(json.dumps(records["presets"])):
            inputs = page.form.presets[preset["name"]]
            assert set(shown) <= preset["values"].keys(), page.name
            assert page.form.take(preset["values"], page.form.make()) == (inputs, ()), (page.name, preset["name"])
            for parameter in page.form.numbers:
                value = getattr(inputs, parameter.name)
                assert parameter.snap(value) == (value, ""), (page.name, preset["name"])
