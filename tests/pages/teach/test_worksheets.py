"""The worksheets: every answer is the page's own, the class's sheet has none, and the lessons take twenty minutes."""

import re
from itertools import pairwise

import pytest

from components.losses import LOSSES
from components.pages import lessons
from components.pages.index import PAGES
from components.pages.teach import worksheets
from components.pages.teach.worksheets import SHEETS
from tests.messages import answer

CARDS = (lessons.FOLDER / "teach" / "lessons.html").read_text("utf-8")


@pytest.mark.parametrize("name", SHEETS)
def test_each_answer_is_what_the_page_reads_out(name: str) -> None:
    sheet, record = SHEETS[name], answer("teach", {"worksheet": name})["worksheet"]
    assert len(sheet.states) >= 3
    for inputs, state in zip(sheet.states, record["states"], strict=True):
        said = answer(sheet.page.name, inputs)["readouts"]
        assert state["answers"][: len(sheet.blanks)] == [said[blank][1] or "none" for blank in sheet.blanks]
    assert not any("{" in text for pair in record["questions"] for text in pair)
    assert all(asked.endswith("?") for asked, _ in record["questions"])


@pytest.mark.parametrize("name", SHEETS)
def test_what_is_to_be_set_tells_the_states_apart(name: str) -> None:
    sheet = SHEETS[name]
    settings = [str(worksheets.settings(sheet.page, inputs)) for inputs in sheet.states]
    assert len(set(settings)) == len(settings)


def test_a_direction_is_the_gradients_sign() -> None:
    rows = worksheets.record("neuron")["states"]
    assert [row["answers"][-1] for row in rows] == ["rises", "falls", "falls", "falls"]
    assert [row["answers"][3][0] for row in rows] == ["+", "−", "−", "−"]


def test_at_the_limits_one_loss_alone_has_a_gradient() -> None:
    page, states = SHEETS["limits"].page, SHEETS["limits"].states
    slopes = [float(worksheets.answers(page, inputs)["dw"][0]) for inputs in states]
    kept = [place for place, slope in enumerate(slopes, 1) if abs(slope) > 0]
    assert (kept, LOSSES[states[3].loss].takes_logits) == ([4], True)


def test_no_number_of_a_worksheet_is_typed_in_but_those_of_mathematics() -> None:
    texts = " ".join(text for sheet in SHEETS.values() for pair in sheet.questions for text in pair)
    kept = re.sub(r"\{\d\.\w+\}|states? [\d, and]+|float32|y1", "", texts, flags=re.IGNORECASE)
    assert set(re.findall(r"\d+", kept)) <= {"0", "1"}


def test_a_hidden_worksheet_does_not_leave_the_server() -> None:
    assert "worksheet" not in answer("teach", {"worksheet": "neuron"}, query="?hide=worksheet")
    assert "worksheet" not in answer("teach")


def test_the_cards_are_one_for_each_worksheet_and_take_twenty_minutes_twice() -> None:
    assert re.findall(r"worksheet=([\w-]+)", CARDS) == list(SHEETS)
    *first, second = (int(minutes) for minutes in re.findall(r"(\d+) min", CARDS))
    assert (sum(first), second) == (20, 20)
    plan = re.findall(r"(\d+)–(\d+) min", lessons.read("teach").body)
    starts = [number for number, (start, _) in enumerate(plan) if start == "0"]
    assert len(starts) == 2
    for part in (plan[: starts[1]], plan[starts[1] :]):
        assert part[-1][1] == "20"
        assert all(end == start for (_, end), (start, _) in pairwise(part))
    assert {sheet.page.name for sheet in SHEETS.values()} == PAGES.keys() - {"playground", "recording", "teach"}
