"""Where the next point lands: the right place, and where each usual mistake would put it."""

import pytest

from components.pages.training import descent, model
from components.pages.training.model import Inputs
from components.pages.training.page import PAGE
from components.pages.training.questions import Place, answer, places, questions
from tests.messages import answer as message

LARGE = Inputs(lr=0.3)
"""A state in which the mistakes lie well apart from each other."""


def spot(w: float, b: float) -> str:
    return f"{w:.4f};{b:.4f}"


def following(inputs: Inputs) -> tuple[float, float]:
    state = descent.states(model.setup(inputs), int(inputs.at) + 1)[-1]
    return state.w, state.b


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adam"])
@pytest.mark.parametrize("at", [0.0, 3.0])
def test_the_place_where_torch_goes_is_right(optimizer: str, at: float) -> None:
    inputs = Inputs(optimizer=optimizer, at=at)
    w, b = following(inputs)
    assert answer(inputs, spot(w, b)).verdict == "right"
    assert answer(inputs, f"({w:.3f}, {b:.3f})".replace("-", "−")).verdict == "right"


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (LARGE, {"That is up", "the whole gradient", "the sum over the points", "of point 1 alone"}),
        (Inputs(at=4.0, lr=0.3), {"gradient still in .grad"}),
        (Inputs(zero="never", at=4.0, lr=0.3), {"the earlier ones are still in .grad"}),
        (Inputs(optimizer="adam", at=4.0), {"a step of plain SGD"}),
    ],
)
def test_each_usual_mistake_is_named_where_it_leads(inputs: Inputs, words: set[str]) -> None:
    run = model.run(inputs, (model.setup(inputs),))
    found = places(run.setups[0], run.cursor, Place(*following(inputs), ""))
    said = {answer(inputs, spot(place.w, place.b)).words for place in found}
    for part in words:
        assert any(part in text for text in said), (part, said)


def test_the_mistakes_places_are_what_their_words_say() -> None:
    cursor = model.run(LARGE, (model.setup(LARGE),)).cursor
    (w, b), state = following(LARGE), cursor.state
    found = {place.words: place for place in places(model.setup(LARGE), cursor, Place(w, b, ""))}
    up = next(place for words, place in found.items() if "up" in words)
    assert (up.w + w, up.b + b) == pytest.approx((2 * state.w, 2 * state.b))
    whole = next(place for words, place in found.items() if "learning rate" in words)
    assert (whole.w, whole.b) == pytest.approx((state.w - cursor.dw, state.b - cursor.db))
    total = next(place for words, place in found.items() if "sum over" in words)
    assert (total.w - state.w) == pytest.approx(5 * (w - state.w), rel=1e-5)


def test_a_guess_that_is_no_place_or_leads_nowhere_known() -> None:
    for text in ("", "abc", "1", "1;2;3", "nan; 1", "<b>; 1"):
        assert answer(LARGE, text).verdict == "none", text
    assert answer(LARGE, "4.9;-4.9").verdict == "wrong"
    over = Inputs(points=((10.0, 0.0),), w=5.0, b=10.0, loss="notebook", extent="10", at=1.0)
    assert answer(over, "1;1").words == "There is no next point: the descent ends here."


def test_while_it_is_asked_nothing_of_what_follows_leaves_the_server() -> None:
    asked = message("training", Inputs(at=4.0, compare=("adam",)), query="?predict=next")
    assert len(asked.arrays["path.w"]) == len(asked.arrays["path 2.w"]) == 5
    assert len(asked["losses"]["loss"]["y"]) == 5
    assert asked["map"]["arrow"] == [None, None]
    assert (asked["cursor"]["path"], asked["cursor"]["stability"], asked["map"]["says"]) == ("", "", "")
    (question,) = asked["predict"]["questions"]
    assert (question["name"], question["kind"], question["verdict"]) == ("next", "place", "")
    w, b = following(Inputs(at=4.0))
    told = message("training", Inputs(at=4.0), query="?predict=next", guesses={"next": spot(w, b)})
    assert told["predict"]["revealed"] is True
    assert len(told.arrays["path.w"]) == 61
    missed = message("training", Inputs(at=4.0), query="?predict=next", guesses={"next": "4.9;-4.9"})
    assert missed["predict"]["questions"][0]["verdict"] == "wrong"
    assert len(missed.arrays["path.w"]) == 5


def test_the_question_is_asked_by_its_name() -> None:
    ((question,), graph) = questions(Inputs())
    assert question.name in PAGE.predictable
    assert question.name in PAGE.judges
    assert graph.result == "loss"
