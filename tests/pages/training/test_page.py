"""The page: what its address takes, what its messages say, and what it says in words."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from components.address.query import parse_query
from components.address.view import GraphView
from components.drawing.panel import ViewRequest
from components.losses import LOSSES
from components.pages.page import Request
from components.pages.training import model, texts
from components.pages.training.model import Inputs
from components.pages.training.optimizers import KINDS
from components.pages.training.page import FORM, PAGE, setups
from tests.messages import Message, answer
from tests.pages.training.plain import path

READOUTS = {"step", "w", "b", "loss", "dw", "db", "w_grad", "b_grad", "sharpness", "lr_sharpness"}


def read(query: str) -> tuple[Inputs, tuple[str, ...]]:
    return FORM.read(parse_query(query))


def number(message: Message, name: str) -> float:
    return float(message["readouts"][name][0])


def run(inputs: Inputs) -> model.Run:
    return model.run(inputs, setups(inputs))


@pytest.mark.parametrize("name", FORM.presets)
def test_each_preset_is_a_link(name: str) -> None:
    preset = FORM.presets[name]
    written = {key: text for key, text in FORM.write(preset).items() if text is not None}
    assert FORM.read({key: [text] for key, text in written.items()}) == (preset, ())
    message = answer("training", preset)
    assert message["readouts"].keys() >= READOUTS
    assert json.dumps(message.fields, allow_nan=False)


@pytest.mark.parametrize(
    ("query", "changed", "notice"),
    [
        ("points=99,1", {"points": ((10.0, 1.0),)}, "x of point 1 = 99 is out of range; x of point 1 is 10"),
        ("points=" + ";".join(["1,1"] * 21), {}, "points has 21 points, more than 20; points is -2,0;-1,1"),
        ("points=", {}, "points is empty; points is -2,0;-1,1;0,0;1,1;2,1, its default."),
        ("points=1,0.5", {"points": ((1.0, 1.0),)}, "y of point 1 = 0.5 is between two steps"),
        ("lr=nan", {}, "lr = “nan” is not a number; lr is 0.5, its default."),
        ("lr=1000", {"lr": 100.0}, "lr = 1000 is out of range; lr is 100, the largest value."),
        ("optimizer=bogus", {}, "optimizer = “bogus” is none of sgd, momentum, nesterov, rmsprop, adam, adamw"),
        ("at=90", {"at": 60.0}, "at = 90 is beyond the last step; it stands on 60."),
        ("at=7&steps=5", {"at": 5.0, "steps": 5.0}, "at = 7 is beyond the last step; it stands on 5."),
        ("compare=sgd;adam;adamw;rmsprop", {"compare": ("sgd", "adam")}, "compare has 4 runs; the first 2 are kept."),
        ("batch=9", {}, "batch = 9 is more than there are points; it is all."),
        ("optimizer=nesterov&momentum=0", {"optimizer": "nesterov", "momentum": 0.01}, "momentum = 0 is refused by"),
        ("compare=nesterov::0", {}, "compare = “nesterov::0” is refused by torch"),
        ("zero=maybe", {}, "zero = “maybe” is none of each, never, epoch"),
    ],
)
def test_what_cannot_be_taken_is_said_in_one_line(query: str, changed: dict[str, Any], notice: str) -> None:
    inputs, notices = read(query)
    assert inputs == replace(Inputs(), **changed)
    assert len(notices) == 1
    assert notices[0].startswith(notice)


def test_all_points_may_be_said_by_a_word_or_by_their_number() -> None:
    for query in ("batch=all", "batch=5", "batch=0", ""):
        assert read(query) == (Inputs(), ()), query
    assert FORM.write(Inputs(batch=2.0))["batch"] == "2"


def test_a_start_beyond_the_map_takes_a_larger_one() -> None:
    assert read("b=9.5")[0].extent == "10"
    assert read("b=9.5&extent=20")[0].extent == "20"


@pytest.mark.parametrize("optimizer", KINDS)
def test_the_cursors_numbers_are_a_plain_loops(optimizer: str) -> None:
    inputs = Inputs(optimizer=optimizer, at=17.0)
    message, there = answer("training", inputs), path(model.setup(inputs), 17)[17]
    for name in ("w", "b", "loss", "w_grad", "b_grad"):
        assert number(message, name) == there[name], name
    assert message["readouts"]["step"] == ["17", "17"]
    assert message.arrays["path.w"][17] == there["w"]
    for name in ("w", "b"):
        node = run(inputs).snapshot.graph.node(name)
        assert (node.value, node.gradient) == (there[name], number(message, f"d{name}"))


@pytest.mark.parametrize("loss", LOSSES)
def test_the_shares_of_the_points_add_up_to_the_gradient(loss: str) -> None:
    cursor = run(Inputs(loss=loss, at=4.0)).cursor
    assert math.fsum(share for share, _ in cursor.shares) == pytest.approx(cursor.dw, rel=1e-5, abs=1e-7)
    assert math.fsum(share for _, share in cursor.shares) == pytest.approx(cursor.db, rel=1e-5, abs=1e-7)


def test_at_the_start_no_gradient_is_held() -> None:
    readouts = answer("training")["readouts"]
    assert (readouts["w_grad"][0], readouts["b_grad"][0]) == ("None", "None")


def test_a_surface_that_the_browser_holds_is_not_sent_again() -> None:
    first = answer("training")
    held = first["values"]
    assert len(first.arrays["surface"]) == 101 * 101
    moved = answer("training", Inputs(lr=2.0), held=held, static_id=first["static_id"])
    assert "surface" not in moved.arrays
    assert moved["kept"] == ["surface"]
    assert moved.size < 20_000
    for other in (Inputs(loss="squared"), Inputs(extent="10"), Inputs(points=((1.0, 1.0),))):
        assert "surface" in answer("training", other, held=held).arrays
        assert answer("training", other, held=held)["kept"] == []


def test_while_the_hand_moves_a_long_path_may_be_left_unfinished_and_is_whole_once_it_rests() -> None:
    inputs = Inputs(lr=0.123, steps=200.0, at=5.0, compare=("adam", "momentum"))
    moving = answer("training", inputs)
    assert moving["whole"] is False
    assert 5 < moving["map"]["lengths"][0] < 201
    assert moving["cursor"]["path"] == "The path grows while the hand moves."
    assert answer("training", inputs)["map"]["lengths"] > moving["map"]["lengths"]
    for rest in ("settled", "released"):
        whole = answer("training", replace(inputs, lr=0.124 if rest == "settled" else 0.125), **{rest: True})
        assert (whole["whole"], whole["map"]["lengths"]) == (True, [201, 201, 201])


def test_a_descent_that_ends_in_nan_says_where_and_why_and_the_page_lives() -> None:
    inputs = Inputs(points=((10.0, 0.0),), w=5.0, b=10.0, loss="notebook", extent="10", at=30.0)
    message = answer("training", inputs, released=True)
    assert message["readouts"]["step"][0] == "1"
    assert message["readouts"]["w"][0] == "nan"
    assert message["cursor"]["path"] == (
        "The descent ends at step 1, where w = nan and b = nan: the loss before it was ∞, the gradient nan."
    )
    assert message["map"]["broken"]["infinite"] > 0
    assert message["remark"]["isWarning"] is True


def test_what_is_hidden_does_not_leave_the_server() -> None:
    message = answer("training", query="?hide=answers")
    assert not {"dw", "db", "w_grad", "sharpness"} & message["readouts"].keys()
    assert not {"map", "cursor"} & message.fields.keys()
    assert "surface" not in message.arrays
    assert message["remark"]["text"] == ""


def test_learning_rates_are_told_apart_by_the_bottoms_sharpness() -> None:
    """On five points that no line parts 4 settles and 5 hops for ever, between 0.4642 and 0.4747."""
    points = FORM.presets["too far"].points
    near, far = (run(Inputs(points=points, lr=lr, at=60.0)) for lr in (4.0, 5.0))
    assert texts.path(near).startswith("From 5.4726 to 0.4498 in 60 steps.")
    assert "It has settled" in texts.path(near)
    assert texts.stability(near).endswith("it is 1.7183, under 2: a path that comes near settles there.")
    assert texts.path(far).endswith("the loss goes up and down between 0.4642 and 0.4747.")
    assert "it is 2.1479, not under 2" in texts.stability(far)


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        (Inputs(optimizer="adam"), "the optimiser is Adam"),
        (Inputs(optimizer="momentum"), "the optimiser is momentum"),
        (Inputs(zero="never"), "no gradient is ever cleared"),
        (Inputs(batch=2.0), "each step sees a mini-batch"),
        (Inputs(batch=2.0, zero="epoch"), "gradients are accumulated"),
    ],
)
def test_where_the_rule_does_not_apply_the_page_says_so(inputs: Inputs, reason: str) -> None:
    assert f"Here {reason}, and it does not." in texts.stability(run(inputs))


def test_paths_that_coincide_are_found() -> None:
    assert "the same at every step, bit for bit. Why?" in texts.comparison(run(FORM.presets["forgotten"]))
    assert texts.comparison(run(Inputs(compare=("sgd:never",)))) == ""
    three = texts.comparison(run(FORM.presets["clean, forgotten, momentum 1"]))
    assert three.startswith("Paths 2 and 3, “SGD, zero_grad forgotten” and “momentum, momentum 1”")


def test_a_run_that_is_compared_with_itself_asks_nothing() -> None:
    assert texts.comparison(run(Inputs(compare=("sgd",)))) == ""


def test_a_path_says_whether_it_settles() -> None:
    assert "It has settled: the last 10 steps" in texts.path(run(Inputs(steps=200.0)))
    assert texts.path(run(Inputs(steps=1.0))).startswith("From 4.0739 to 3.6329 in 1 step, and still on its way")
    assert "and still on its way" in texts.path(run(FORM.presets["separable"]))
    assert "does not settle" in texts.path(run(FORM.presets["mini-batches"]))


def test_from_a_confident_mistake_the_squared_error_stands_still() -> None:
    found = run(FORM.presets["two losses"])
    entropy, squared = (abs(path[-1].w - path[0].w) for path in found.paths)
    assert entropy > 3
    assert squared < 0.1


def test_a_run_is_named_by_what_sets_it_apart() -> None:
    names = texts.run_names(run(Inputs(compare=("sgd:::7", "momentum:never:0.5"))))
    assert names == ("SGD, lr 0.5", "SGD, lr 7", "momentum, zero_grad forgotten, momentum 0.5, lr 0.5")


def test_how_much_of_the_path_is_off_the_map_is_said() -> None:
    assert texts.outside(run(Inputs())) == ""
    assert texts.outside(run(Inputs(compare=(), zero="never"))) == "47 of 61 places of the path lie outside the map."


def test_an_update_is_pure() -> None:
    request = Request(Inputs(at=3.0), ViewRequest(GraphView()))
    assert PAGE.update(request).fields == PAGE.update(request).fields
