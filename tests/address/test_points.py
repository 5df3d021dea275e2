"""Points and runs: what an address says of them, and what is said where it cannot be taken."""

import math
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from components.address.fields import Choice, Parameter
from components.address.lists import Points, Runs
from components.address.scale import Scale

DEFAULT = ((-2.0, 0.0), (1.0, 1.0))
POINTS = Points("points", Parameter("x", "", "-10", "10", "0.1", 0.0), Parameter("y", "", "0", "1", "1", 0.0), DEFAULT)
RUNS = Runs(
    "compare",
    (
        Choice("optimizer", {"sgd": "SGD", "adam": "Adam"}),
        Choice("zero", {"each": "each", "never": "never"}),
        Parameter("momentum", "", "0", "1", "0.01", 0.9),
        Scale("lr", "", "0.001", "100", 3, 0.5),
    ),
)


def test_points_that_can_be_read_are_read_without_a_word() -> None:
    for text, points in (
        ("-2,0;1,1", DEFAULT),
        ("0.5,1", ((0.5, 1.0),)),
        (" 1 , 0 ; 2 , 1 ", ((1.0, 0.0), (2.0, 1.0))),
        ("\u22121,0;1,1;", ((-1.0, 0.0), (1.0, 1.0))),
        (";".join(["1,1"] * 20), ((1.0, 1.0),) * 20),
    ):
        assert POINTS.read(text) == (points, ""), text


def test_points_that_cannot_be_read_are_the_default_with_one_sentence() -> None:
    for text, why in (
        ("", "points is empty"),
        (" ; ", "points is empty"),
        (";".join(["1,1"] * 21), "points has 21 points, more than 20"),
        ("1,1;2", "points: point 2, “2”, is no x,label"),
        ("1,1,1", "points: point 1, “1,1,1”, is no x,label"),
        ("nan,1", "points: point 1, “nan,1”, is no x,label"),
        ("1,yes", "points: point 1, “1,yes”, is no x,label"),
        ("1,1;" * 100_000, "points has 100000 points, more than 20"),
    ):
        assert POINTS.read(text) == (DEFAULT, f"{why}; points is -2,0;1,1, its default."), text[:20]


def test_points_that_are_not_allowed_become_the_nearest() -> None:
    for text, points, sentence in (
        ("99,1", ((10.0, 1.0),), "x of point 1 = 99 is out of range; x of point 1 is 10, the largest value."),
        ("1,0.5", ((1.0, 1.0),), "y of point 1 = 0.5 is between two steps; y of point 1 is 1, the nearer one."),
        (
            "1,0;2,7",
            ((1.0, 0.0), (2.0, 1.0)),
            "y of point 2 = 7 is out of range; y of point 2 is 1, the largest value.",
        ),
        ("99,7;1.23,0", ((10.0, 1.0), (1.2, 0.0)), "points has 2 points that are not allowed; it is 10,1;1.2,0."),
    ):
        assert POINTS.read(text) == (points, sentence), text


def test_an_event_says_pairs_of_which_an_x_may_be_typed() -> None:
    assert POINTS.take([[1.04, 0], [2, 1.0]], DEFAULT) == (((1.0, 0.0), (2.0, 1.0)), "")
    assert POINTS.take([["2,5", 0], [1, 1]], DEFAULT) == (((2.5, 0.0), (1.0, 1.0)), "")
    said = "x of point 1 = “abc” is not a number; x of point 1 stays -2."
    assert POINTS.take([["abc", 0], [1, 1]], DEFAULT) == (DEFAULT, said)
    forged: list[Any] = [
        None, "1,1", [], [[1]], [[1, 2, 3]], [1, 2], [[1, "1"]], [[math.nan, 1]], [[1, math.inf]], [[True, 1]],
        [[1, 1]] * 21, [None], {"0": [1, 1]}, [[10**400, 1]],
    ]  # fmt: skip
    for one in forged:
        assert POINTS.take(one, DEFAULT) == (DEFAULT, ""), one


pairs = st.tuples(st.integers(-100, 100).map(lambda tenth: tenth / 10 + 0.0), st.sampled_from([0.0, 1.0]))


@given(st.lists(pairs, min_size=1, max_size=20).map(tuple))
def test_points_are_spelled_as_they_are_read(points: tuple[tuple[float, float], ...]) -> None:
    assert POINTS.read(POINTS.spell(points)) == (points, "")
    assert POINTS.take([list(point) for point in points], DEFAULT) == (points, "")


def test_runs_are_read_and_spelled_without_what_they_leave_out() -> None:
    for text, runs in (
        ("adam", ("adam",)),
        ("sgd:never;adam", ("sgd:never", "adam")),
        ("sgd:never:0.5:2", ("sgd:never:0.5:2",)),
        ("sgd:::4", ("sgd:::4",)),
        ("sgd::", ("sgd",)),
        ("", ()),
        (" ; ", ()),
    ):
        assert RUNS.read(text) == (runs, ""), text
        assert RUNS.read(RUNS.spell(runs)) == (runs, "")
        assert RUNS.take(list(runs), ()) == (runs, "")


def test_runs_that_cannot_be_taken_are_left_out_with_one_sentence() -> None:
    for text, runs, sentence in (
        ("adam;adam;sgd", ("adam", "adam"), "compare has 3 runs; the first 2 are kept."),
        ("bogus", (), "compare = “bogus” is no run of this experiment; it is left out."),
        (":never", (), "compare = “:never” is no run of this experiment; it is left out."),
        ("sgd:::::", (), "compare = “sgd:::::” has too many settings; it is left out."),
        ("sgd:maybe", ("sgd:each",), "compare: zero = “maybe” is none of each, never; zero is each, its default."),
        ("sgd:::999", ("sgd:::100",), "compare: lr = 999 is out of range; lr is 100, the largest value."),
    ):
        assert RUNS.read(text) == (runs, sentence), text


def test_a_run_says_only_what_it_sets() -> None:
    assert RUNS.settings("sgd:::4") == {"optimizer": "sgd", "lr": 4.0}
    assert RUNS.settings("adam") == {"optimizer": "adam"}
    assert RUNS.settings("sgd:never:0.5") == {"optimizer": "sgd", "zero": "never", "momentum": 0.5}


def test_a_forged_event_compares_nothing_strange() -> None:
    forged: list[Any] = [None, "adam", 1.0, {"0": "adam"}]
    for said in forged:
        assert RUNS.take(said, ("adam",)) == (("adam",), ""), said
    assert RUNS.take(["adam", None, "sgd", "sgd"], ()) == (("adam",), "")
    assert RUNS.take(["<script>", "x" * 10**6], ()) == ((), "")
