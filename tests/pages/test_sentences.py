"""Every sentence of every page at its presets and at odd states: filled in, and true there."""

import re

import pytest

from components.pages.index import PAGES
from tests.pages.sentences import ODD, sentences, states

STATES = [(name, query) for name, page in PAGES.items() for query in states(page)]


def said(name: str, query: str) -> str:
    """All that a page says at an address."""
    return "\n".join(sentences(PAGES[name], query))


def test_odd_states_are_those_of_pages() -> None:
    assert ODD.keys() == PAGES.keys()
    assert len(ODD["neuron"]) >= 12


@pytest.mark.parametrize(("name", "query"), STATES)
def test_every_sentence_is_filled_in(name: str, query: str) -> None:
    text = said(name, query)
    assert text
    assert not re.search(r"\{\w*\}|\bundefined\b|\bNaN\b|  ", text)
    assert "1/1" not in text


VERB = re.compile(r"\bleaves (?:an?|the|its?|only|out|behind|\W?\d)\b")


@pytest.mark.parametrize(("name", "query"), STATES)
def test_leaves_are_the_graphs(name: str, query: str) -> None:
    """The verb would be explained as the plural of the term."""
    assert not VERB.search(said(name, query))


def test_what_is_nan_is_not_said_to_change_anything() -> None:
    assert "Where that is a number, it says" in said("neuron", "w=3&y=1")


@pytest.mark.parametrize("query", ["", "w=3&y=1", "x=0&w=0&b=0&y=1"])
def test_the_squared_error_is_spoken_of_without_this_states_gradient(query: str) -> None:
    (paragraph,) = [text for text in sentences(PAGES["neuron"], query) if "hardly pulls" in text]
    assert "∂L/∂w" not in paragraph


@pytest.mark.parametrize(("query", "is_vector"), [("reduce=none", True), ("reduce=mean", False), ("reduce=sum", False)])
def test_y_is_called_a_number_only_where_it_is_one(query: str, is_vector: bool) -> None:
    (now,) = re.findall(r"In this state y is (\S)", said("vectors", query))
    assert (now == "[") is is_vector


def test_a_loss_of_z_is_derived_without_dividing() -> None:
    lines = said("neuron", "w=3&y=0&loss=logits")
    assert "This loss itself starts from z" in lines
    assert "This loss itself" not in said("neuron", "w=3&y=0")


def test_what_torch_does_not_track_is_named_where_it_is() -> None:
    for run in ("experiment=no-grad&run=no-grad,backward", "experiment=detach&run=detach,y1-backward"):
        assert "Nothing was tracked as this tensor was made" in said("gradient_lab", run)
