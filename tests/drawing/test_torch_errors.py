"""Every error that a press can bring is explained: one line of cause, one of cure."""

import itertools

import pytest

from components.drawing import torch_errors as faults
from components.drawing.torch_messages import MEANINGS
from components.pages.gradient_lab import model as experiments
from components.pages.gradient_lab.model import EXPERIMENTS, Lab

PAIRS = [
    Lab(experiment=name, run=run)
    for name, experiment in EXPERIMENTS.items()
    for run in itertools.product(experiment.presses, repeat=2)
]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_an_error_of_any_two_presses_is_explained(experiment: str) -> None:
    for lab in (lab for lab in PAIRS if lab.experiment == experiment):
        error = experiments.run(lab).error
        explained = faults.explain(error, experiment)
        assert all(explained) if error else explained == ("", ""), lab.run
        assert all("\n" not in line and len(line) < 130 for line in explained), lab.run


@pytest.mark.parametrize("words", faults.FAULTS)
def test_what_the_lab_explains_happens_there_and_is_known_everywhere(words: str) -> None:
    three = Lab(experiment="detach", run=("detach", "write", "backward"))
    assert any(words in experiments.run(lab).error for lab in [*PAIRS, three])
    assert words in MEANINGS


def test_an_unknown_error_is_left_to_speak_for_itself() -> None:
    assert faults.explain("ValueError: something new", "leaf") == ("", "")


@pytest.mark.parametrize(
    ("before", "cured"),
    [
        (Lab(run=("backward", "again")), ("backward",)),
        (Lab(run=("backward", "again")), ("retain", "again")),
        (Lab(run=("zero",)), ("backward", "zero")),
        (Lab(experiment="leaf", run=("backward", "backward")), ("forward", "backward")),
        (Lab(experiment="requires-grad", run=("off", "backward")), ("on", "backward")),
        (Lab(experiment="detach", run=("detach", "y1-backward")), ("backward",)),
        (Lab(experiment="detach", run=("y1-backward",)), ("detach",)),
        (Lab(experiment="detach", run=("detach", "write", "backward")), ("forward", "backward")),
        (Lab(experiment="no-grad", run=("no-grad", "backward")), ("forward", "backward")),
        (Lab(experiment="no-grad", run=("z-backward",)), ("use", "z-backward")),
    ],
    ids=str,
)
def test_the_cures_cure(before: Lab, cured: tuple[str, ...]) -> None:
    assert experiments.run(before).error
    assert experiments.run(Lab(experiment=before.experiment, run=before.run + cured)).error == ""
