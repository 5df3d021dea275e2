"""What the MLP's page says to its widgets: one slider, and the graph."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from components.widgets import live_sliders

from components.address import state
from components.drawing import panel
from components.graph.model import Structure
from tests.benchmarks import mlp

OUTLINE = panel.Outline()
SLIDER = {"name": "x1", "meaning": "first input", "min": -2.0, "max": 2.0, "step": 0.01, "decimals": 2}
START = {"x1": 0.5}
PRESET = {"name": "Start", "values": START}


def answer(event: Mapping[str, Any]) -> bytes:
    """The page's answer to an event of the channel ({}: none yet)."""
    x1 = float((event.get("values") or START)["x1"])
    snapshot = mlp.step(mlp.ABOUT_1000, x1).read()
    shown = panel.resolve_view(snapshot, OUTLINE, panel.ViewRequest(state.view_from_event(event.get("look"))))
    said: dict[str, Any] = {
        "page": "mlp",
        "seq": event.get("seq", 0),
        "inputs": {"x1": x1},
        "readouts": {},
        "texts": {},
        "remark": {"text": "", "isWarning": False},
        "graph": panel.dynamic(shown, str(event.get("take") or "")),
        "notices": shown.notices,
    }
    if event.get("have") != "mlp":
        said["static"] = _static(shown.graph.structure)
    return live_sliders.encode(said)


@lru_cache(maxsize=1)
def _static(structure: Structure) -> dict[str, Any]:
    drawings = panel.drawings(structure, OUTLINE)
    controls = {"sliders": [SLIDER], "presets": [PRESET], "choices": [], "lists": []}
    return {"id": "mlp", "controls": controls, "graph": drawings}
