"""What one update of the Chain rule page says, and that the page runs without a browser."""

import json
import struct
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from components.address.view import GraphView
from components.pages.chain_rule import model as chain
from components.pages.chain_rule import page
from components.pages.chain_rule.model import Inputs
from components.session import Visit

CONTRACT = {"x", "y", "z", "dz_dx", "manual_dz_dx", "notebook_dz_dx"}


def say(visit: Visit[Inputs]) -> dict[str, Any]:
    message, _ = page.answer(visit)
    (length,) = struct.unpack_from("<I", message)
    assert len(message) == 4 + length
    said: dict[str, Any] = json.loads(message[4:])
    return said


def drawn(result: str = "z") -> str:
    standing: str = say(Visit(Inputs(result=result)))["static"]["id"]
    return standing


def test_the_readouts_of_the_contract_are_said_exactly() -> None:
    readouts = say(Visit(Inputs()))["readouts"]
    assert readouts.keys() >= CONTRACT
    assert readouts["x"] == ["3.0", "3.0"]
    assert readouts["y"] == ["9.0", "9.0000"]
    assert readouts["z"] == ["0.41211849451065063", "0.4121"]
    assert readouts["dz_dx"] == ["-5.4667816162109375", "−5.4668"]
    assert readouts["manual_dz_dx"] == ["-5.466781571308061", "−5.4668"]
    assert readouts["dy_dx"] == ["6.0", "+6.0000"]
    assert say(Visit(Inputs(x=2.0)))["readouts"]["notebook_dz_dx"] == ["3.346356379136388", "+3.3464"]


def test_what_stands_still_is_said_once() -> None:
    assert "static" not in say(Visit(Inputs(x=-4.0), answers=1, drawn=drawn()))
    other = say(Visit(Inputs(result="y"), answers=1, drawn=drawn()))
    assert other["static"]["id"] == drawn("y") != drawn()


def test_the_code_is_said_as_it_was_run() -> None:
    texts = say(Visit(Inputs()))["static"]["texts"]
    for name, source in chain.sources().items():
        assert texts[f"code_{name}"] == source
    assert texts["returned_dz_dx"] == "2 * x + math.cos(x ** 2)"
    assert texts["warning"] == chain.Y_GRAD_WARNING
    assert texts["y_grad_none"] == "None"
    assert say(Visit(Inputs()))["texts"]["y_grad"] == "tensor(-0.9111)"


@pytest.mark.parametrize("x", [-10.0, -9.7, -0.9, 0.0, 3.0])
def test_an_update_stays_small(x: float) -> None:
    message, _ = page.answer(Visit(Inputs(x), answers=1, drawn=drawn()))
    assert len(message) < 3_000


def test_the_graph_is_walked_and_inspected() -> None:
    said = say(Visit(Inputs(), GraphView(node="y", step=4)))["graph"]
    assert said["inspector"]["torch"] == "PowBackward0"
    assert said["walk"]["of"] == 5
    said = say(Visit(Inputs(result="y"), GraphView(node="z")))
    assert said["notices"] == ["node = “z” is not in this graph; nothing is selected."]


def test_parts_of_the_whole_chain_survive_a_look_at_the_first_step_alone() -> None:
    _, look = page.answer(Visit(Inputs(result="y"), GraphView(node="y")))
    assert look.node == "y"


def show() -> None:
    from components.pages.chain_rule import page as chain_rule

    chain_rule.show()


@pytest.mark.parametrize("query", [{}, {"x": "-0.9"}, {"x": "<script>"}, {"x": ["1", "2"]}, {"result": "nonsense"}])
def test_the_page_runs_without_an_exception(query: dict[str, str | list[str]]) -> None:
    app = AppTest.from_function(show, default_timeout=30)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
