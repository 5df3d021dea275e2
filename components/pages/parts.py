"""Parts that several pages have."""

from components.pages.page import Part

READOUTS = "browser/readouts/readouts.js"

SLIDERS = Part("sliders", "sliders and starting points", "browser/controls/controls.js")
ANSWERS = Part("answers", "every gradient, wherever it stands")
GRAPH = Part("graph", "graph", "browser/graph/graph_view.js", hides=("numbers", "gradients", "inspector"))
NUMBERS = Part("numbers", "all numbers in the graph", hides=("gradients",))
GRADIENTS = Part("gradients", "gradients in the graph", shows_answers=True)
INSPECTOR = Part("inspector", "inspector", "browser/inspector/inspector.js")
LESSON = Part("lesson", "lesson", READOUTS)
TAKE_HOME = Part(
    "take-home",
    "script to take home",
    "browser/script/take_home.js",
    "browser/script/take_home.html",
    shows_answers=True,
)

GRAPH_PARTS = (GRAPH, NUMBERS, GRADIENTS, INSPECTOR)
"""The graph, what of it can be hidden apart, and its inspector."""

LAST_PARTS = (LESSON, TAKE_HOME)
"""What every page ends with."""


def headline(page: str) -> Part:
    """The headline of a page: `headline.html` in its folder."""
    return Part("headline", "headline", READOUTS, f"pages/{page}/headline.html")


def plot(name: str, title: str) -> Part:
    """A Plotly figure; its static part and its numbers stand under `name` in a message."""
    return Part(name, title, "browser/figure/plots.js", shows_answers=True)
