"""The page script under Streamlit, without a browser: what the one component is given, page by page."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from components.browser import assets, mount
from components.pages.index import PAGES
from tests.messages import Message, answer, decode

MAIN = Path(__file__).parents[1] / "components" / "main.py"

HOSTILE: list[tuple[str, dict[str, str | list[str]]]] = [
    ("neuron", {"w": "3", "y": "1"}),
    ("neuron", {"w": "<script>"}),
    ("neuron", {"x": ["1", "2"]}),
    ("neuron", {"w": "1e999", "step": "999", "node": "nowhere", "hide": "answers,walls"}),
    ("chain_rule", {"x": "-0.9", "result": "nonsense"}),
    ("vectors", {"values": "1,2,3,4,5,6,7,8", "reduce": "none", "v": "1"}),
    ("vectors", {"values": ",".join(["1"] * 100_000)}),
    ("gradient_lab", {"experiment": "leaf", "run": "backward,backward,os", "x": "1e999,nan"}),
    ("teach", {"w": "nan", "present": "1"}),
]


def opened(name: str, query: dict[str, str | list[str]] | None = None) -> AppTest:
    """A page of the app, as it is after its address was opened."""
    app = AppTest.from_file(str(MAIN), default_timeout=60)
    if PAGES[name].path:
        app._page_hash = calc_hash(PAGES[name].path)  # pages of functions cannot be switched to by a file
    for parameter, value in (query or {}).items():
        app.query_params[parameter] = value
    return run(app)


def run(app: AppTest, event: Any = None) -> AppTest:
    """The app after one run, in which the component's state is `event`."""
    if event is not None:
        app.session_state[mount.KEY] = {"event": event}
    app.run()
    assert not app.exception
    return app


def shown(app: AppTest) -> Message:
    """What the one component is given."""
    (component,) = app.get("bidi_component")
    message = decode(component.proto.bytes)
    assert "skeleton" in message
    return message


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_opened_by_its_path(name: str) -> None:
    expected = answer(name, seq=0)  # before the page, which waits a moment only for what is not known yet
    message = shown(opened(name))
    assert (message["page"], message["seq"], message["skeleton"]["page"]) == (name, 0, name)
    assert message["skeleton"]["title"] == PAGES[name].title
    assert [part["name"] for part in message["skeleton"]["parts"]] == [part.name for part in PAGES[name].parts]
    assert {key: value for key, value in message.fields.items() if key != "skeleton"} == expected.fields


def test_the_address_is_opened() -> None:
    message = shown(opened("neuron", {"w": "2", "x": "99", "hide": "lesson", "node": "z"}))
    assert (message["values"]["w"], message["values"]["x"]) == (2.0, 10.0)
    assert message["notices"] == ["x = 99 is out of range; x is 10, the largest value."]
    assert message["hidden"] == ["lesson"]
    assert message["graph"]["inspector"]["id"] == "z"


@pytest.mark.parametrize(("name", "query"), HOSTILE, ids=lambda value: str(value)[:40])
def test_no_address_breaks_a_page(name: str, query: dict[str, str | list[str]]) -> None:
    assert shown(opened(name, query))["page"] == name


def test_the_component_is_one_for_all_pages() -> None:
    protos = [opened(name).get("bidi_component")[0].proto for name in ("neuron", "vectors")]
    assert len({proto.id for proto in protos}) == 1
    assert len({proto.js_content for proto in protos}) == 1
    assert f"assets/{assets.version()}/" in protos[0].js_content


def test_an_event_is_answered_once_where_the_line_cannot_be_opened() -> None:
    app = opened("neuron", {"w": "3", "hide": "lesson"})
    message = shown(run(app, {"page": "neuron", "seq": 3, "query": "?w=3&hide=lesson", "values": {"w": 2}}))
    assert (message["seq"], message["values"]["w"], message["hidden"]) == (3, 2.0, ["lesson"])
    message = shown(run(app, {"page": "neuron", "seq": 4, "query": "?w=3", "values": {"w": 1.5}}))
    assert (message["seq"], message["values"]["w"]) == (4, 1.5)
    for old in (3, 4):
        message = shown(run(app, {"page": "neuron", "seq": old, "values": {"w": 1}}))
        assert (message["seq"], message["values"]["w"]) == (0, 3.0), old


def test_an_event_of_another_page_and_what_is_no_event_are_left_alone() -> None:
    app = opened("neuron", {"w": "3"})
    strange: list[Any] = [{"page": "vectors", "seq": 9}, {"page": "neuron"}, "neuron", 3, [], {"page": ["neuron"]}]
    for forged in strange:
        message = shown(run(app, forged))
        assert (message["page"], message["seq"], message["values"]["w"]) == ("neuron", 0, 3.0), forged


def test_a_page_that_is_embedded_leaves_out_its_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.is_embedded", property(lambda _: True))
    message = shown(opened("neuron"))
    assert message["classroom"] == {"embedded": True}
    assert message["hidden"] == ["lesson", "take-home"]
