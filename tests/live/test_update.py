"""One update: the same state gives the same message, however it is said; and what a message says when."""

from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from components.address.view import ARROWS, VIEWS, GraphView
from components.live.event import read
from components.live.update import update
from components.pages.chain_rule.model import Inputs as ChainInputs
from components.pages.gradient_lab.model import EXPERIMENTS, Lab
from components.pages.index import PAGES
from components.pages.neuron.model import STEPS, Inputs
from components.pages.playground.model import Inputs as PlaygroundInputs
from components.pages.recording.model import Inputs as RecordingInputs
from components.pages.teach.page import Inputs as TeachInputs
from components.pages.teach.worksheets import SHEETS
from components.pages.training.model import Inputs as TrainingInputs
from components.pages.vectors.model import Inputs as VectorInputs
from tests.messages import Message, answer, decode, event
from tests.pages.recording import small

ODD: dict[str, list[Any]] = {
    "neuron": [
        Inputs(w=3.0),
        Inputs(w=3.0, y=1.0, with_x=True),
        Inputs(-10.0, -5.0, -10.0, 1.0, "bce", "float64", "1e-13", "logits"),
        Inputs(x=0.0, w=0.01, other="bce"),
    ],
    "chain_rule": [ChainInputs(-10.0, "y"), ChainInputs(0.1)],
    "vectors": [VectorInputs((0.0,), "none", (-1.5,)), VectorInputs((-9.9,) * 8, "sum", (1.0,) * 8)],
    "gradient_lab": [Lab(-5.0, name, tuple(one.presses)) for name, one in EXPERIMENTS.items()],
    "training": [
        TrainingInputs(
            points=((0.1, 1.0),), optimizer="adamw", at=7.0, steps=9.0, loss="notebook", extent="40", log=True
        ),
        TrainingInputs(zero="never", batch=2.0, seed=3.0, compare=("rmsprop", "nesterov:epoch:0.5:2:bce"), at=60.0),
    ],
    "playground": [
        PlaygroundInputs(code="x = 3\n"),
        PlaygroundInputs(code="", moment=5),
        PlaygroundInputs(code="import os\n"),
        PlaygroundInputs(code="x = 'ä'\n\tif"),
    ],
    "teach": [TeachInputs(name) for name in SHEETS],
    "recording": [
        RecordingInputs(small.packed()),
        RecordingInputs(small.packed(), moment=0),
        RecordingInputs(small.packed(), colour="gradient"),
        RecordingInputs("YWJj"),
        RecordingInputs(file="0" * 32),
        RecordingInputs(small.packed(), moment=0, beside="same"),
        RecordingInputs(example="gan", beside=f"graph:{small.packed()}", beside_moment=0),
        RecordingInputs(example="gan", beside=f"file:{'0' * 32}"),
        RecordingInputs(beside="example:gan"),
    ],
}
"""By page: states beside its presets."""

STATES = [(name, inputs) for name, page in PAGES.items() for inputs in (*page.form.presets.values(), *ODD[name])]
VIEW_OF: dict[str, list[GraphView]] = {
    "neuron": [
        GraphView("concept", ("z",), "w"),
        GraphView("full", node="mul.0-w", arrows="both"),
        GraphView("full", step=4),
    ],
    "chain_rule": [GraphView(node="y", step=2)],
    "vectors": [GraphView(node="x", arrows="ahead"), GraphView(step=1)],
    "gradient_lab": [GraphView(node="x")],
    "training": [GraphView(node="z"), GraphView(step=3)],
    "playground": [GraphView(arrows="both")],
    "teach": [],
    "recording": [GraphView(arrows="both"), GraphView("full")],
}
"""By page: some ways to look at its graph beside the usual one."""


def tenths(low: int, high: int) -> st.SearchStrategy[float]:
    return st.integers(low * 10, high * 10).map(lambda tenth: tenth / 10 + 0.0)


neurons = st.builds(
    Inputs,
    x=tenths(-10, 10),
    w=st.integers(-500, 500).map(lambda hundredth: hundredth / 100 + 0.0),
    b=tenths(-10, 10),
    y=st.sampled_from([0.0, 1.0]),
    loss=st.sampled_from(["notebook", "bce", "logits"]),
    dtype=st.sampled_from(["float32", "float64"]),
    h=st.sampled_from(STEPS),
    other=st.sampled_from(["", "notebook", "bce", "logits"]),
    with_x=st.booleans(),
).map(lambda inputs: PAGES["neuron"].form.settle(inputs)[0])
vectors = st.lists(tenths(-10, 10), min_size=1, max_size=8).flatmap(
    lambda values: st.builds(
        VectorInputs,
        st.just(tuple(values)),
        st.sampled_from(["mean", "sum", "none"]),
        st.tuples(*[tenths(-10, 10)] * len(values)),
    )
)
chains = st.builds(ChainInputs, tenths(-10, 10), st.sampled_from(["z", "y"]))
states = st.one_of(
    st.tuples(st.just("neuron"), neurons),
    st.tuples(st.just("vectors"), vectors),
    st.tuples(st.just("chain_rule"), chains),
)


def as_query(parameters: dict[str, str | None]) -> str:
    return "?" + urlencode({name: text for name, text in parameters.items() if text is not None})


def assert_address_reads_back(name: str, inputs: Any, view: GraphView) -> None:
    """The released state's address opens that state: the same message, to the last bit."""
    said = update(event(name, inputs, view, released=True))
    again = event(name, query=as_query(decode(said)["address"]), released=True)
    assert (again.state.inputs, again.state.graph_view) == (inputs, view)
    assert again.state.notices == ()
    assert update(again) == said


def test_every_state_says_an_address_that_reads_back() -> None:
    for name, inputs in STATES:
        for view in (GraphView(), *VIEW_OF[name]):
            assert_address_reads_back(name, inputs, view)


@settings(max_examples=60)
@given(states)
def test_any_state_says_an_address_that_reads_back(state: tuple[str, Any]) -> None:
    assert_address_reads_back(*state, GraphView())


@pytest.mark.parametrize("name", PAGES)
def test_an_address_names_every_parameter_of_the_page_and_nothing_usual(name: str) -> None:
    form = PAGES[name].form
    said = answer(name, released=True)["address"]
    assert said == dict.fromkeys((*(field.name for field in form.fields), "view", "open", "node", "step", "arrows"))


def test_an_address_is_said_only_where_the_control_was_let_go() -> None:
    for released in (False, None, 1, "true", [True]):
        assert "address" not in answer("neuron", Inputs(w=2.0), released=released), released
    assert answer("neuron", Inputs(w=2.0), released=True)["address"]["w"] == "2"


def test_an_address_says_the_view_that_is_shown() -> None:
    said = answer("neuron", Inputs(), GraphView("concept", step=9999, node="log"), released=True)
    shown = said["graph"]["view"]
    assert said["address"]["step"] == str(shown["step"]) == str(said["graph"]["walk"]["of"])
    assert said["address"]["node"] == shown["node"] == "loss"


def test_an_answer_is_of_its_page_and_its_event() -> None:
    for name in PAGES:
        said = answer(name, seq=17)
        assert (said["page"], said["seq"]) == (name, 17)


def test_values_are_all_that_can_be_set() -> None:
    for name, inputs in STATES:
        values = answer(name, inputs)["values"]
        assert list(values) == [field.name for field in PAGES[name].form.fields]
        assert event(name, values).state.inputs == inputs


def test_values_and_notices_are_the_servers() -> None:
    said = answer("neuron", {"w": "1.005", "b": "99", "x": "lots"}, query="?x=2")
    assert [said["values"][name] for name in "xwb"] == [2.0, 1.01, 10.0]
    assert [notice.split()[0] for notice in said["notices"]] == ["x", "w", "b"]
    assert answer("neuron", query="?view=half&hide=walls&w=99")["notices"] == [
        "w = 99 is out of range; w is 5, the largest value.",
        "view = “half” is neither full nor concept; the usual view is shown.",
        "hide = “walls” is no part of a page; it is left out.",
    ]
    assert answer("neuron")["notices"] == []


def test_a_static_part_is_said_where_the_browser_lacks_it() -> None:
    for name, inputs in STATES:
        first = answer(name, inputs)
        assert first["static"]["id"] == first["static_id"], name
        assert "static" not in answer(name, inputs, static_id=first["static_id"]), name
        assert answer(name, inputs, static_id="older")["static"] == first["static"], name


def test_what_is_held_changes_the_arrays_alone() -> None:
    for held in (Inputs(w=1.0), Inputs(w=2.0), None):
        said = answer("neuron", Inputs(w=2.0), held=held)
        names = {name.split(".")[0] for name in said.arrays}
        assert names == set(said["swept"])
        rest = {key: said[key] for key in said.fields.keys() - {"arrays", "swept", "stretches"}}
        whole = answer("neuron", Inputs(w=2.0))
        assert rest == {key: whole[key] for key in whole.fields.keys() - {"arrays", "swept", "stretches"}}


def test_an_update_remembers_nothing() -> None:
    events = [
        event(name, inputs, settled=True) for name, inputs in STATES
    ]  # a moving hand leaves work to be gone on with
    first = [update(one) for one in events]
    assert [update(one) for one in reversed(events)] == first[::-1]


def test_a_page_says_its_name_or_its_path() -> None:
    assert answer("chain-rule").fields == answer("chain_rule").fields


def test_a_class_is_said_only_where_there_is_one() -> None:
    alone = answer("neuron")
    assert not {"classroom", "hidden", "predict"} & alone.fields.keys()
    said = answer("neuron", query="?present=1&hide=lesson&predict=dw&tour=3")
    assert said["classroom"] == {"present": True, "named": ["lesson"], "predict": ["dw"], "tour": "3"}
    assert {"lesson", "answers", "curves"} <= set(said["hidden"])
    assert said["graph"]["concept"] is True


def test_an_embedded_page_leaves_out_what_is_shown_on_request() -> None:
    said = answer("neuron", query="?embed=true")
    assert said["classroom"] == {"embedded": True}
    assert said["hidden"] == ["lesson", "take-home"]
    assert "hidden" not in answer("neuron", query="?embed=true&show=lesson,take-home")


def test_a_class_is_the_addresss_alone() -> None:
    """An event's values, view and fields cannot change it."""
    forged = {"classroom": {"named": []}, "hidden": [], "predict": [], "present": True, "named": []}
    said = answer("neuron", {"w": 2, **forged}, forged, query="?hide=answers", **forged)
    assert said["classroom"] == {"named": ["answers"]}
    assert "dw" not in said["readouts"]


COVERED: list[tuple[str, Any, str, dict[str, str]]] = [
    ("neuron", Inputs(1.3, 0.37, 0.4), "dw", {"dw": "0.917"}),
    ("neuron", Inputs(1.3, 0.37, 0.4, 1.0, "logits"), "db", {"db": "-0.293"}),
    ("neuron", Inputs(1.3, 0.37, 0.4), "z", {"z": "0.881"}),
    ("neuron", Inputs(1.3, 0.37, 0.4), "y_pred,loss", {"y_pred": "0.70703", "loss": "1.2277"}),
    ("chain_rule", ChainInputs(2.3), "dz_dx", {"dz_dx": "2.5117"}),
    ("vectors", VectorInputs((1.7, -2.9), "sum", (1.0, 1.0)), "grad", {"grad": "-5.8"}),
]
"""A page's state, what its address asks to predict, and each right answer."""


def asked(name: str, inputs: Any, predict: str, step: int = 99, **more: Any) -> Message:
    """The answer to an event that asks for all that there is, at a step of the walk (or its end)."""
    everything = {"export": "json", "open": ["opinions"], "released": True}
    return answer(name, inputs, GraphView(step=step), query=f"?predict={predict}", **everything, **more)


@pytest.mark.parametrize(("name", "inputs", "predict", "right"), COVERED, ids=lambda value: str(value)[:24])
def test_what_is_to_be_predicted_is_nowhere_in_the_message(
    name: str, inputs: Any, predict: str, right: dict[str, str]
) -> None:
    said = asked(name, inputs, predict)
    open_readouts = answer(name, inputs)["readouts"]
    assert [one["name"] for one in said["predict"]["questions"]] == predict.split(",")
    assert said["predict"]["revealed"] is False
    for question in predict.split(","):
        digits = open_readouts[question][0].strip("[]").split(", ")[-1].lstrip("-")[:6]
        assert question not in said["readouts"]
        assert digits in answer(name, inputs).text
        assert digits not in said.text
        assert digits not in asked(name, inputs, predict, 3).text
    guessed = asked(name, inputs, predict, guesses=dict.fromkeys(right, "+"))
    assert {one["verdict"] for one in guessed["predict"]["questions"]} <= {"sign", "wrong"}
    assert not set(right) & guessed["readouts"].keys()


@pytest.mark.parametrize(("name", "inputs", "predict", "right"), COVERED, ids=lambda value: str(value)[:24])
def test_right_guesses_show_the_answers(name: str, inputs: Any, predict: str, right: dict[str, str]) -> None:
    said = asked(name, inputs, predict, guesses={question: text[:5] for question, text in right.items()})
    assert {one["name"]: one["verdict"] for one in said["predict"]["questions"]} == dict.fromkeys(right, "right")
    assert said["predict"]["revealed"] is True
    assert "hidden" not in said
    assert set(right) <= said["readouts"].keys()
    assert "Right" in said["predict"]["questions"][0]["words"]


def test_a_right_guess_shows_its_own_answer_alone() -> None:
    said = asked("neuron", Inputs(1.3, 0.37, 0.4), "dw,db", guesses={"dw": "0.917", "db": "2"})
    everywhere = {"dw", "autograd_dw", "manual_dw", "numeric_dw", "exact_dw", "verdict_dw"}
    assert everywhere <= said["readouts"].keys()
    assert not {"db", "autograd_db", "manual_db", "verdict_db", "dL_dy_pred", "dz_dw", "dx"} & said["readouts"].keys()
    assert {"answers", "curves", "opinions", "take-home", "lesson"} <= set(said["hidden"])
    assert "by-hand" not in said["hidden"]
    of_w, *others = (node[2] for node in said["graph"]["nodes"])
    assert of_w == said["readouts"]["dw"][0]
    assert set(others) == {"None", "covered"}
    assert "dw" not in asked("neuron", Inputs(), "dw,db", answered=[])["readouts"]
    assert "dw" in asked("neuron", Inputs(), "dw,db", answered=["dw"])["readouts"]
    hidden = answer("neuron", query="?predict=dw,db&hide=answers", answered=["dw"])
    assert not everywhere & hidden["readouts"].keys()
    hidden = answer("neuron", query="?predict=dw,db&hide=by-hand", answered=["dw"])
    assert everywhere & hidden["readouts"].keys() == {"dw"}
    assert "by-hand" in hidden["hidden"]


def test_what_has_been_revealed_stays_so_until_the_address_hides_it() -> None:
    said = asked("neuron", Inputs(), "dw", revealed=True)
    assert said["predict"]["revealed"] is True
    assert "dw" in said["readouts"]
    said = answer("neuron", query="?predict=dw&hide=answers", revealed=True, guesses={"dw": "6.69"})
    assert "answers" in said["hidden"]
    assert "dw" not in said["readouts"]


def test_in_a_walk_a_number_is_said_once_its_node_is_reached() -> None:
    whole = answer("neuron", query="?w=3&y=1&view=full")
    values, gradients = ["z", "y_pred", "loss"], ["dw", "db", "dL_dy_pred", "manual_dw", "verdict_db", "dx"]
    for step, known in ((0, []), (2, ["z"]), (3, ["z", "y_pred"]), (11, values), (20, [*values, "dL_dy_pred"])):
        said = answer("neuron", query=f"?w=3&y=1&view=full&step={step}&hide=curves")
        assert [name for name in (*values, *gradients) if name in said["readouts"]] == known
        assert said["readouts"]["w"] == ["3.0", "3.00"]
        assert said["remark"]["text"] == ""
        assert set(said["graph"]["faulty"]) < set(whole["graph"]["faulty"]) or step == 20
    at_last = answer("neuron", query="?w=3&y=1&view=full&step=25")
    assert (at_last["readouts"], at_last["remark"]) == (whole["readouts"], whole["remark"])


@pytest.mark.parametrize(
    ("name", "gradient", "state"), [("chain_rule", "dz_dx", "x=2.3"), ("vectors", "grad", "values=1.7,-2.9&reduce=sum")]
)
def test_in_a_walk_no_page_says_its_gradient_before_the_end(name: str, gradient: str, state: str) -> None:
    whole = answer(name, query=f"?{state}")
    digits = whole["readouts"][gradient][1].strip("[]").split(", ")[-1]
    assert digits in whole.text
    assert digits not in answer(name, query=f"?{state}&step=1").text
    assert gradient in answer(name, query=f"?{state}&step=99")["readouts"]


def test_in_a_walk_markers_and_tangents_are_drawn_once_their_numbers_are_known() -> None:
    def drawn(step: int) -> list[tuple[bool, bool]]:
        places = answer("neuron", query=f"?view=full&with_x=1&step={step}")["curves"]
        assert [place["at"] for place in places] == [1.0, 0.0, 6.7]
        assert all((place["reach"] is None) is (place["gradient"] is None) for place in places)
        return [(place["loss"] is not None, place["gradient"] is not None) for place in places]

    assert drawn(10) == [(False, False)] * 3
    assert drawn(12) == [(True, False)] * 3
    assert drawn(24)[2] == (True, False)
    assert drawn(25) == [(True, True)] * 3


def test_in_a_walk_a_chains_curves_show_what_is_known() -> None:
    def missing(step: int) -> set[str]:
        curves = answer("chain_rule", query=f"?x=2.3&step={step}")["curves"]
        return {key for key, places in curves.items() if key != "axes" and None in places.get("y", ())}

    slopes = {"tangent y", "here dy", "tangent z", "here dz", "summed"}
    assert missing(0) == {"here y", "here z", *slopes}
    assert missing(1) == {"here z", *slopes}
    assert missing(2) == slopes
    assert missing(99) == set()


def test_in_a_walk_lines_print_once_their_numbers_are_known() -> None:
    def printed(step: int, reduce: str) -> list[str]:
        lines = answer("vectors", query=f"?reduce={reduce}&step={step}")["code"]
        return [(line.get("output") or line.get("error", ""))[:12] for line in lines if len(line) > 1]

    assert printed(0, "sum") == ["?", "?"]
    assert printed(2, "sum") == ["tensor(14., ", "?"]
    assert printed(99, "sum") == ["tensor(14., ", "tensor([2., "]
    assert printed(1, "none") == ["tensor([1., ", "?", "?"]
    assert printed(99, "none") == ["tensor([1., ", "RuntimeError", "tensor([2., "]


@pytest.mark.parametrize("name", ["neuron", "chain_rule", "vectors"])
def test_in_a_walk_the_script_comes_at_the_last_step(name: str) -> None:
    assert "script" not in answer(name, query="?step=1", export="script")
    assert "backward()" in answer(name, query="?step=99", export="script")["script"]["py"]


def test_questions_of_other_pages_are_not_asked_here() -> None:
    said = answer("neuron", query="?predict=dw,grad")
    assert [one["name"] for one in said["predict"]["questions"]] == ["dw"]
    assert "predict" not in answer("gradient_lab", query="?predict=dw,grad")
    assert "hidden" not in answer("gradient_lab", query="?predict=dw,grad")


@pytest.mark.parametrize("kind", ["dot", "json", "model-explorer"])
def test_a_graph_is_exported_once_where_it_is_asked_for(kind: str) -> None:
    assert answer("vectors", export=kind)["graph"]["exported"]["kind"] == kind
    for other in ("", "png", kind.upper(), f"{kind} ", "__class__", "script"):
        assert "exported" not in answer("vectors", export=other)["graph"], other
    assert "exported" not in answer("vectors", query="?hide=graph", export=kind)["graph"]


def test_a_script_is_said_where_it_is_asked_for() -> None:
    said = answer("neuron", Inputs(w=0.37), export="script")
    assert "torch.tensor(0.37" in said["script"]["py"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
queries = st.dictionaries(
    st.sampled_from(["x", "w", "values", "run", "hide", "predict", "node", "step", "view", "open", "present", "embed"]),
    st.sampled_from(["1", "true", "dw", "grad", "answers,graph", "z", "concept", "backward,again", "nan", "-9"]),
).map(lambda query: f"?{urlencode(query)}")
views = st.fixed_dictionaries(
    {},
    optional={
        "view": st.sampled_from([*VIEWS, "", "half"]),
        "opened": st.lists(st.sampled_from(["z", "loss", "x", "nowhere"]), max_size=3),
        "node": st.sampled_from(["w", "x", "y", "mul", "pow.0-x", "loss", "nowhere", ""]),
        "step": st.none() | st.integers(-1, 99),
        "arrows": st.sampled_from(ARROWS),
    },
)
ODDS = {
    "query": queries | json_values,
    "graph_view": views | json_values,
    "values": json_values,
    "walked": st.sampled_from([["forward", "z"], ["backward", "nowhere"], ["", ""]]) | json_values,
    "export": st.sampled_from(["dot", "json", "script"]) | json_values,
    "open": st.just(["opinions"]) | json_values,
    "guesses": st.dictionaries(st.sampled_from(["dw", "grad", "dz_dx"]), st.text(max_size=9)) | json_values,
    "held": json_values,
    **dict.fromkeys(("released", "revealed"), st.booleans() | json_values),
    "static_id": json_values,
}


@lru_cache
def readouts_of(name: str) -> dict[str, set[str]]:
    """The numbers of a page by the part that they belong to."""
    page = PAGES[name]
    readouts = page.update(page.first_request(next(iter(page.form.presets)))).readouts
    return {part: set(numbers) for part, numbers in readouts.items()}


def has_graph(name: str) -> bool:
    return any(part.name == "graph" for part in PAGES[name].parts)


@settings(max_examples=150)
@given(st.sampled_from(sorted(PAGES)), st.fixed_dictionaries({}, optional=ODDS))
@example("vectors", {"query": "?hide=answers,graph"})
@example("teach", {"query": "?hide=answers,graph"})
def test_whatever_is_said_is_answered_without_what_is_hidden(name: str, fields: dict[str, Any]) -> None:
    said = decode(update(read({"page": name, "seq": 5, **fields})))
    assert (said["page"], said["seq"]) == (name, 5)
    for part in said.fields.get("hidden", ()):
        assert not readouts_of(name).get(part, set()) & said["readouts"].keys(), part
        if part == "graph" and has_graph(name):  # how it is looked at stays, nothing of it is there
            assert (said["graph"]["nodes"], said["graph"]["edges"]) == ([], [])
        else:
            assert part not in said.fields
