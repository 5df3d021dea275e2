"""What one update of the Chain rule page says."""

from components.address.view import GraphView
from components.pages.chain_rule import model
from components.pages.chain_rule.model import Inputs
from tests.messages import Message, answer

CONTRACT = {"x", "y", "z", "dz_dx", "manual_dz_dx", "notebook_dz_dx"}
USUAL = Inputs()


def say(inputs: Inputs = USUAL, view: GraphView | None = None, static_id: str = "") -> Message:
    return answer("chain_rule", inputs, view, static_id=static_id)


def test_the_readouts_of_the_contract_are_said_exactly() -> None:
    readouts = say()["readouts"]
    assert readouts.keys() >= CONTRACT
    assert readouts["x"] == ["3.0", "3.0"]
    assert readouts["y"] == ["9.0", "9.0000"]
    assert readouts["z"] == ["0.41211849451065063", "0.4121"]
    assert readouts["dz_dx"] == ["-5.4667816162109375", "−5.4668"]
    assert readouts["manual_dz_dx"] == ["-5.466781571308061", "−5.4668"]
    assert readouts["dy_dx"] == ["6.0", "+6.0000"]
    assert say(Inputs(x=2.0))["readouts"]["notebook_dz_dx"] == ["3.346356379136388", "+3.3464"]


def test_what_stands_still_is_said_once() -> None:
    known = say()["static_id"]
    assert "static" not in say(Inputs(x=-4.0), static_id=known)
    other = say(Inputs(result="y"), static_id=known)
    assert other["static"]["id"] == say(Inputs(result="y"))["static_id"] != known


def test_the_code_is_said_as_it_was_run() -> None:
    texts = say()["static"]["texts"]
    for name, source in model.sources().items():
        assert texts[f"code_{name}"] == source
    assert texts["returned_dz_dx"] == "2 * x + math.cos(x ** 2)"
    assert texts["warning"] == model.Y_GRAD_WARNING
    assert texts["y_grad_none"] == "None"
    assert say()["texts"]["y_grad"] == "tensor(-0.9111)"


def test_an_update_stays_small() -> None:
    known = say()["static_id"]
    for x in (-10.0, -9.7, -0.9, 0.0, 3.0):
        said = say(Inputs(x), static_id=known)
        assert not said.arrays
        assert said.size < 3_000, (x, said.size)


def test_the_graph_is_walked_and_inspected() -> None:
    graph = say(view=GraphView(node="y", step=4))["graph"]
    assert graph["inspector"]["torch"] == "PowBackward0"
    assert graph["walk"]["of"] == 5
    said = say(Inputs(result="y"), GraphView(node="z"))
    assert said["notices"] == ["node = “z” is not in this graph; nothing is selected."]


def test_parts_of_the_whole_chain_survive_a_look_at_the_first_step_alone() -> None:
    assert say(Inputs(result="y"), GraphView(node="y"))["graph"]["view"]["node"] == "y"


def test_hidden_answers_are_nowhere_in_the_message() -> None:
    run = model.run(Inputs(2.3))
    open_text, text = (
        answer("chain_rule", Inputs(2.3), GraphView(node="y", step=4), query=query, export="json").text
        for query in ("", "?hide=answers")
    )
    for secret in (run.dz_dx, run.dz_dx_by_hand, run.dz_dx_by_notebook, run.dz_dy):
        assert repr(abs(secret))[:6] in open_text, secret
        assert repr(abs(secret))[:6] not in text, secret
