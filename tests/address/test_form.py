"""The pages' forms: an address and an event on one side, one frozen record on the other."""

import dataclasses
import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.address import fields
from components.address.fields import Parameter
from components.address.form import Form
from components.pages.chain_rule.model import Inputs as ChainInputs
from components.pages.chain_rule.page import FORM as CHAIN
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from components.pages.gradient_lab.page import FORM as LAB
from components.pages.index import PAGES
from components.pages.neuron.model import STEPS, Inputs
from components.pages.neuron.page import FORM as NEURON
from components.pages.vectors.model import Inputs as VectorInputs
from components.pages.vectors.page import FORM as VECTORS

BY_NAME = {parameter.name: parameter for parameter in NEURON.numbers}
CHOICES = {choice.name: choice for choice in NEURON.choices}
RANGES = {"x": (-10.0, 10.0, 0.1), "w": (-5.0, 5.0, 0.01), "b": (-10.0, 10.0, 0.1), "y": (0.0, 1.0, 1.0)}
VALUES = {"x": 2.5, "w": -1.25, "b": 0.5, "y": 1}
"""An event's values that are read as they are."""

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=100),
    lambda inner: st.lists(inner, max_size=10) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


def on_grid(parameter: Parameter) -> st.SearchStrategy[float]:
    """Every value that the parameter's slider can take, as the sliders spell it."""
    low, high, step = RANGES[parameter.name]
    return st.integers(round(low / step), round(high / step)).map(
        lambda steps: float(f"{steps * step:.{parameter.decimals}f}") + 0.0
    )


inputs_on_grid = st.builds(
    Inputs,
    **{parameter.name: on_grid(parameter) for parameter in NEURON.numbers},
    **{name: st.sampled_from(choice.options) for name, choice in CHOICES.items()},
    with_x=st.booleans(),
    precision=st.booleans(),
).map(lambda inputs: NEURON.settle(inputs)[0])

entry = st.integers(-100, 100).map(lambda tenths: tenths / 10 + 0.0)
vector_inputs = st.integers(1, 8).flatmap(
    lambda n: st.builds(
        VectorInputs, st.tuples(*[entry] * n), st.sampled_from(["mean", "sum", "none"]), st.tuples(*[entry] * n)
    )
)


def as_address(form: Form[Any], record: Any) -> dict[str, list[str]]:
    return {name: [text] for name, text in form.write(record).items() if text is not None}


def as_values(record: Any) -> dict[str, Any]:
    """The record as an event says it."""
    return {name: list(v) if isinstance(v, tuple) else v for name, v in dataclasses.asdict(record).items()}


@pytest.mark.parametrize("name", PAGES)
def test_presets_come_back_from_their_address_and_from_an_event(name: str) -> None:
    form = PAGES[name].form
    for title, record in form.presets.items():
        assert form.read(as_address(form, record)) == (record, ()), title
        assert form.take(as_values(record), form.make()) == (record, ()), title


@pytest.mark.parametrize("name", PAGES)
def test_a_form_is_all_of_its_record_with_its_defaults(name: str) -> None:
    form = PAGES[name].form
    assert [field.name for field in form.fields] == [field.name for field in dataclasses.fields(form.make())]
    assert form.read({}) == (form.make(), ())
    assert form.take({}, form.make()) == (form.make(), ())
    assert set(form.write(form.make()).values()) <= {None}


def test_ranges_are_the_contracts() -> None:
    ranges = {p.name: (float(p.minimum), float(p.maximum), float(p.step)) for p in NEURON.numbers}
    assert ranges == RANGES


def test_choices_are_the_models_and_the_first_is_the_notebooks() -> None:
    assert {"notebook", "bce", "logits"} <= set(CHOICES["loss"].options)
    assert CHOICES["dtype"].options == ("float32", "float64")
    assert CHOICES["h"].options == STEPS
    assert sorted(map(float, STEPS)) == [10.0**-digits for digits in range(13, 0, -1)]
    assert CHOICES["other"].options == ("", *CHOICES["loss"].options)
    assert CHOICES["beside"].options == ("", "y", *CHOICES["loss"].options)
    assert [choice.default for choice in CHOICES.values()] == ["notebook", "float32", "1e-5", "", ""]


def test_what_is_set_elsewhere_on_the_page_is_no_control() -> None:
    assert [choice.name for choice in NEURON.choices if not choice.is_control] == ["h", "other"]


def test_reset_goes_to_the_notebook() -> None:
    for form, first in ((NEURON, Inputs()), (CHAIN, ChainInputs()), (VECTORS, VectorInputs())):
        assert next(iter(form.presets.values())) == form.make() == first


def test_parameters_of_others_are_left_alone() -> None:
    assert NEURON.read({"theme": ["nan"], "X": ["3"], "embed": ["true", "true"]}) == (Inputs(), ())


def test_a_repeated_key_is_the_default() -> None:
    for texts in (("1", "2"), ("3", "3"), ("1", "nan"), ("", ""), ("1",) * 1000):
        for field in NEURON.fields:
            inputs, (notice,) = NEURON.read({field.name: texts})
            assert inputs == Inputs(), field.name
            assert notice == f"{field.name} is given {len(texts)} times; {field.fallback_notice}"


def test_each_changed_parameter_has_its_own_notice() -> None:
    inputs, notices = NEURON.read({"x": ["99"], "w": ["2"], "b": ["word"], "y": ["1", "0"]})
    assert inputs == Inputs(x=10.0, w=2.0)
    assert [notice[0] for notice in notices] == ["x", "b", "y"]
    inputs, notices = NEURON.read({"loss": ["mean"], "dtype": ["float64"], "w": ["99"]})
    assert inputs == Inputs(w=5.0, dtype="float64")
    assert [notice.split()[0] for notice in notices] == ["w", "loss"]
    inputs, notices = NEURON.read({"loss": ["logits", "logits"], "dtype": ["half"], "h": ["x"], "with_x": ["yes"]})
    assert inputs == Inputs()
    assert [notice.split()[0] for notice in notices] == ["loss", "dtype", "h", "with_x"]


def test_a_choice_is_read_and_written() -> None:
    for name, choice in CHOICES.items():
        for option in choice.options:
            inputs, notices = NEURON.read({name: [option], "loss": [option if name == "loss" else "logits"]})
            settled = "" if name in ("other", "beside") and option == "logits" else option
            assert (getattr(inputs, name), notices) == (settled, ()), (name, option)
            assert NEURON.write(inputs)[name] == (None if choice.is_default(settled) else settled), (name, option)


def test_an_unknown_word_is_the_default_with_a_sentence() -> None:
    for choice in CHOICES.values():
        for text in ("nan", "Notebook", "bce,logits", "float16", "1e-05", "0.00001", "1e-14", "x" * 9999, "a\nb"):
            inputs, (notice,) = NEURON.read({choice.name: [text]})
            assert inputs == Inputs(), (choice.name, text[:20])
            listed = ", ".join(filter(None, choice.options))
            assert notice.startswith(f"{choice.name} = “{fields.shown(text)}” is none of {listed}; {choice.name} is ")
            assert notice.isprintable()
            assert len(notice) < 180


def test_a_second_loss_that_is_the_first_is_none() -> None:
    assert NEURON.read({"loss": ["bce"], "other": ["bce"]}) == (Inputs(loss="bce"), ())
    assert NEURON.take({"loss": "bce"}, Inputs(other="bce")) == (Inputs(loss="bce"), ())
    assert NEURON.read({"other": ["bce"]}) == (Inputs(other="bce"), ())


@given(inputs_on_grid)
def test_what_is_written_reads_back(inputs: Inputs) -> None:
    assert NEURON.read(as_address(NEURON, inputs)) == (inputs, ())
    assert NEURON.take(as_values(inputs), Inputs()) == (inputs, ())


@given(inputs_on_grid)
def test_only_what_differs_from_the_default_is_written(inputs: Inputs) -> None:
    written = NEURON.write(inputs)
    assert written.keys() == RANGES.keys() | CHOICES.keys() | {"with_x", "precision"}
    for name, text in written.items():
        assert (text is None) == (getattr(inputs, name) == getattr(Inputs(), name))


@given(inputs_on_grid)
def test_addresses_are_short(inputs: Inputs) -> None:
    written = NEURON.write(inputs)
    for name, parameter in BY_NAME.items():
        text = written[name]
        assert text is None or re.fullmatch(rf"-?\d{{1,2}}(\.\d{{1,{max(parameter.decimals, 1)}}})?", text)


def test_an_event_is_read() -> None:
    for current in (Inputs(), Inputs(1.0, 2.0, 3.0, 0.0)):
        inputs, notices = NEURON.take(VALUES, current)
        assert (inputs, notices) == (Inputs(2.5, -1.25, 0.5, 1.0), ())
        assert [type(getattr(inputs, name)) for name in RANGES] == [float] * 4


def test_what_an_event_says_besides_is_ignored() -> None:
    said = VALUES | {"loss": math.nan, "__class__": "x", "make": 1}
    assert NEURON.take(said, Inputs()) == (Inputs(2.5, -1.25, 0.5, 1.0), ())


def test_what_an_event_does_not_say_stays() -> None:
    current = Inputs(1.0, 2.0, 3.0, 1.0, "bce", "float64", "1e-3", "logits", True)
    for name, value in as_values(Inputs(2.0, 3.0, 4.0, 0.0, "notebook", "float32", "1e-2", "", False)).items():
        taken, notices = NEURON.take({name: value}, current)
        assert (taken, notices) == (dataclasses.replace(current, **{name: value}), ()), name


@pytest.mark.parametrize("name", [field.name for field in NEURON.fields])
def test_a_forged_value_stays_what_it_was(name: str) -> None:
    current = Inputs(2.0, 2.0, 2.0, 1.0, "bce", "float64", "1e-3", "logits")
    forged: list[Any] = [
        None, True, False, math.nan, math.inf, -math.inf, 10**400, -(10**400), [1.0], {"value": 1.0}, b"1", 1j, [], {},
    ]  # fmt: skip
    for value in forged:
        if name not in ("with_x", "precision") or not isinstance(value, bool):
            assert NEURON.take({name: value}, current) == (current, ()), repr(value)[:20]


def test_a_typed_text_that_had_to_be_changed_is_said() -> None:
    inputs, notices = NEURON.take({"x": "1.26", "w": "lots", "b": "99", "y": "1"}, Inputs(w=2.0))
    assert inputs == Inputs(1.3, 2.0, 10.0, 1.0)
    assert notices == (
        "x = 1.26 is between two steps; x is 1.3, the nearer one.",
        "w = “lots” is not a number; w stays 2.",
        "b = 99 is out of range; b is 10, the largest value.",
    )


@given(st.sampled_from(sorted(PAGES)), st.data())
def test_any_event_is_some_record_of_its_page(name: str, data: st.DataObject) -> None:
    form = PAGES[name].form
    said = data.draw(st.fixed_dictionaries({}, optional={field.name: json_values for field in form.fields}))
    record, _ = form.take(said, form.make())
    assert form.read(as_address(form, record)) == (record, ())


@given(st.sampled_from(sorted(PAGES)), st.data())
def test_any_address_is_some_record_of_its_page(name: str, data: st.DataObject) -> None:
    form = PAGES[name].form
    texts = st.lists(st.text(max_size=60), max_size=3)
    address = data.draw(st.fixed_dictionaries({}, optional={field.name: texts for field in form.fields}))
    record, notices = form.read(address)
    assert form.read(as_address(form, record)) == (record, ())
    assert all(len(notice) < 200 and notice.isprintable() and notice.endswith(".") for notice in notices)


def test_addresses_of_the_chain_rule() -> None:
    cases: list[tuple[dict[str, list[str]], ChainInputs, tuple[str, ...]]] = [
        ({}, ChainInputs(), ()),
        ({"x": ["-0.9"], "result": ["y"]}, ChainInputs(-0.9, "y"), ()),
        ({"x": ["11"]}, ChainInputs(10.0), ("x = 11 is out of range; x is 10, the largest value.",)),
        ({"x": ["nan"]}, ChainInputs(), ("x = “nan” is not a number; x is 3, its default.",)),
        ({"result": ["w"]}, ChainInputs(), ("result = “w” is none of z, y; result is z, its default.",)),
        ({"x": ["1", "2"]}, ChainInputs(), ("x is given 2 times; x is 3, its default.",)),
    ]
    for address, inputs, notices in cases:
        assert CHAIN.read(address) == (inputs, notices), address


def read_vectors(**texts: str | list[str]) -> tuple[VectorInputs, tuple[str, ...]]:
    return VECTORS.read({name: text if isinstance(text, list) else [text] for name, text in texts.items()})


def test_lists_are_read_and_v_is_as_long_as_values() -> None:
    cases: list[tuple[dict[str, str | list[str]], tuple[float, ...], tuple[str, ...]]] = [
        ({"v": "4,5,6"}, (4.0, 5.0, 6.0), ()),
        ({"v": "4"}, (4.0, 1.0, 1.0), ("v has 1 number where values has 3; it is filled up with 1.",)),
        ({"v": "4,5,6,7"}, (4.0, 5.0, 6.0), ("v has 4 numbers where values has 3; it is cut to length.",)),
        ({"values": "1", "v": "2,3"}, (2.0,), ("v has 2 numbers where values has 1; it is cut to length.",)),
        ({"v": "nan"}, (1.0, 1.0, 1.0), ("v[0] = “nan” is not a number; v is all 1, its default.",)),
        ({"v": ["1", "2"]}, (1.0, 1.0, 1.0), ("v is given 2 times; v is all 1, its default.",)),
        ({"values": "1,2"}, (1.0, 1.0), ()),
        ({"values": "1,2,3,4,5,6,7,8"}, (1.0,) * 8, ()),
        ({"values": ["1,2", "3"]}, (1.0,) * 3, ("values is given 2 times; values is 1,2,3, its default.",)),
    ]
    for texts, v, notices in cases:
        inputs, said = read_vectors(**texts)
        assert (inputs.v, said) == (v, notices), texts


@given(vector_inputs)
def test_lists_that_are_written_read_back(inputs: VectorInputs) -> None:
    written = VECTORS.write(inputs)
    assert VECTORS.read(as_address(VECTORS, inputs)) == (inputs, ())
    assert VECTORS.take(as_values(inputs), VectorInputs()) == (inputs, ())
    assert (written["values"] is None) == (inputs.values == (1.0, 2.0, 3.0))
    assert (written["v"] is None) == (set(inputs.v) == {1.0})


def test_an_events_v_is_made_to_fit() -> None:
    said = {"values": [1, 2, 99], "reduce": "none", "v": [0.04]}
    assert VECTORS.take(said, VectorInputs()) == (VectorInputs((1.0, 2.0, 10.0), "none", (0.0, 1.0, 1.0)), ())
    assert VECTORS.take({"values": [5.0]}, VectorInputs()) == (VectorInputs((5.0,), v=(1.0,)), ())


def test_the_labs_address_is_read_and_written() -> None:
    lab, notices = LAB.read({"experiment": ["detach"], "run": ["detach, y1-backward,"], "x": ["-1.5"]})
    assert (lab, notices) == (Lab(-1.5, "detach", ("detach", "y1-backward")), ())
    assert LAB.write(lab) == {"x": "-1.5", "experiment": "detach", "run": "detach,y1-backward"}
    assert LAB.write(Lab()) == {"x": None, "experiment": None, "run": None}


def test_a_run_that_cannot_be_kept_is_said_in_one_sentence() -> None:
    cases: list[tuple[dict[str, list[str]], tuple[str, ...], str]] = [
        (
            {"run": ["backward,os,zero"]},
            ("backward", "zero"),
            "run: “os” is no step of accumulate; the others are kept.",
        ),
        (
            {"experiment": ["leaf"], "run": ["zero,backward,<b>"]},
            ("backward",),
            "run: “zero” and 1 more are no steps of leaf; the others are kept.",
        ),
        ({"run": ["zero", "backward"]}, (), "run is given 2 times; it is left out."),
        ({"run": [",".join(["zero"] * 41)]}, ("zero",) * 40, "run has 41 names; the first 40 are kept."),
        ({"run": ["backward", "zero"] * 2}, (), "run is given 4 times; it is left out."),
        ({"x": ["7"]}, (), "x = 7 is out of range; x is 5, the largest value."),
    ]
    for address, run, said in cases:
        lab, notices = LAB.read(address)
        assert (lab.run, notices) == (run, (said,)), address


def test_an_events_forged_run_is_left_out() -> None:
    strange: list[Any] = [[3, None, ["zero"], "os"], ["y-grad"]]
    for run in strange:
        lab, _ = LAB.take({"x": 2.0, "experiment": "accumulate", "run": run}, Lab())
        assert lab == Lab(), run
    forged: list[Any] = [None, 3, "zero", {"zero": 1}]
    for run in forged:
        assert LAB.take({"run": run}, Lab(run=("zero",))) == (Lab(run=("zero",)), ()), run


def test_an_events_run_is_read_up_to_the_most_and_as_its_experiment_has_it() -> None:
    lab, _ = LAB.take({"x": 1, "experiment": "leaf", "run": ["backward", *["y-grad"] * 99]}, Lab())
    assert lab == Lab(1.0, "leaf", ("backward", *["y-grad"] * 39))
    changed, _ = LAB.take({"experiment": "detach"}, lab)
    assert set(changed.run) <= set(EXPERIMENTS["detach"].presses)
