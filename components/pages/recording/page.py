"""The page for graphs of models that run elsewhere: a recording is opened, and the app's explorer shows it."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Any, NamedTuple

from components.address.form import Form
from components.address.packed import LONGEST_LINK, Index, pack
from components.address.word import Word
from components.cache import Store
from components.drawing import layout, panel
from components.drawing.colour_scale import LEVELS
from components.graph import walk
from components.pages import parts
from components.pages.content import static
from components.pages.page import Asker, Content, Page, Part, Request, Upload
from components.pages.recording import bars, beside, both, colours, figures, inspector, model, why
from components.pages.recording import export as files
from components.pages.recording.both import Seen
from components.pages.recording.model import MOST_KEPT, Inputs, MissingError, Shown
from components.pages.recording.view import View
from components.recording.limits import LARGEST_FILE, MOST_MOMENTS
from components.recording.schema import RefusedError

NAME = "recording"
MOST_AT_ONCE = 300
"""Nodes of a graph that is drawn while its page is being opened; a larger one is drawn afterwards."""

EXAMPLES = {
    "two_layers": "two layers",
    "convolutions": "a CNN",
    "transformer": "a transformer’s layer",
    "lstm": "an LSTM",
    "gan": "a GAN, detach() forgotten",
    "sigmoids": "twelve sigmoids",
    "first_nan": "the first nan",
}
"""Recordings that come with the app, by name."""

NUMBERS = frozenset(("graph", "numbers", "gradients"))
"""Parts of which one that is hidden leaves out numbers of the graph."""

PATIENCE = 2.0
"""Seconds that a large graph waits for its turn before the page asks again."""

NO_GRAPH = "No recording is open."
MISSING = "This recording was a file, which a link does not hold: open the file again."
PENDING = "The graph is being drawn …"

_DRAWING = threading.Lock()
"""One large graph is drawn at a time: the layout program takes seconds."""

_PACKED = re.compile(rf"[\w-]{{1,{LONGEST_LINK}}}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{32}")


def is_packed(text: str) -> bool:
    """Whether a text can be a packed recording."""
    return _PACKED.fullmatch(text) is not None


def is_digest(text: str) -> bool:
    """Whether a text can name a file."""
    return _DIGEST.fullmatch(text) is not None


_NAMES: Mapping[str, Callable[[str], bool]] = {
    "graph": is_packed,
    "file": is_digest,
    "example": EXAMPLES.__contains__,
}


def is_beside(text: str) -> bool:
    """Whether a text can say what stands beside a recording."""
    kind, _, name = text.partition(":")
    return text == beside.SAME or (kind in _NAMES and _NAMES[kind](name))


FORM = Form(
    make=Inputs,
    fields=(
        Word("graph", _NAMES["graph"], "no packed recording", "none is open"),
        Word("file", _NAMES["file"], "no name of a file", "none is open"),
        Word("example", _NAMES["example"], "no example", "none is open"),
        Index("moment", MOST_MOMENTS - 1),
        Word("colour", colours.FIGURES.__contains__, "no figure of a node", "nothing is coloured"),
        Word("beside", is_beside, "no recording", "none stands beside the first"),
        Index("beside_moment", MOST_MOMENTS - 1),
    ),
    presets={"": Inputs(), **{name: Inputs(example=name) for name in EXAMPLES}},
)


class Prepared(NamedTuple):
    """What is open and how it is looked at (None: nothing is), its drawing, and what is said instead, of which state of
    the page.
    """

    seen: Seen | None
    static: Mapping[str, Any]
    state: str = "open"
    text: str = ""


def prepare(inputs: Inputs, asker: Asker) -> Prepared:
    """Reads and draws what is open; a large graph only where it is waited for."""
    try:
        shown = model.shown(inputs)
        if shown is None:
            return _without("empty")
        draw = partial(_drawn_in_time, asker)
        seen = both.look(shown, beside.find(inputs, shown), asker.view, draw)
        drawing = draw(inputs, shown, seen.first)
        return _without("pending", PENDING) if drawing is None else Prepared(seen, drawing)
    except RefusedError as error:
        return _without("refused", str(error))
    except MissingError:
        return _without("missing", MISSING)


def _is_large(view: View) -> bool:
    return len(view.panel.graph.nodes) > MOST_AT_ONCE


def _drawn_in_time(asker: Asker, inputs: Inputs, shown: Shown, view: View) -> dict[str, Any] | None:
    """What stands still; None where that takes longer than the asker waits."""
    return None if asker.patience is not None and _is_large(view) else _drawn(inputs, shown, view)


def _drawn(inputs: Inputs, shown: Shown, view: View) -> dict[str, Any] | None:
    """What stands still; None where large graphs of others are being drawn for long."""
    alone = replace(inputs, moment=shown.place, colour="", beside="", beside_moment=None)
    place = alone, view.outline.usual, view.outline.rows, view.panel.is_concept, view.panel.groups
    found = _DRAWN.get(place)
    if found is not None:
        return found
    if _is_large(view) and not _DRAWING.acquire(timeout=PATIENCE):
        return None
    try:
        drawn = _static(shown, view)
        _DRAWN.put(place, drawn)
        return drawn
    finally:
        if _is_large(view):
            _DRAWING.release()


def _without(state: str, text: str = "") -> Prepared:
    return Prepared(
        None,
        static(**_ALWAYS, graph={"error": text or NO_GRAPH}, nodes=[]),
        state,
        text,
    )


def _static(shown: Shown, view: View) -> dict[str, Any]:
    """What stands still: the drawing, and what can be searched for, by node."""
    found = shown.opened.nodes.items()
    nodes = [[node_id, node.op, node.name, node.module, node.line, node.source] for node_id, node in found]
    drawn = panel.drawings(view.panel.graph.structure, view.outline, groups=view.panel.groups, wide=view.panel.wide)
    if view.panel.owners:
        drawn["owners"] = dict(view.panel.owners)
    if layout.is_large(view.panel.graph.structure):
        drawn["numbers"] = figures.rows(view.panel, view.cards, shown.opened)
    return static(**_ALWAYS, graph=drawn, nodes=nodes)


_ALWAYS: dict[str, Any] = {
    "controls": {"sliders": [], "lists": [], "presets": [], "choices": []},
    "examples": [list(example) for example in EXAMPLES.items()],
    "figures": [[name, figure.title] for name, figure in colours.FIGURES.items()],
    "levels": [list(level) for level in LEVELS],
}
_DRAWN: Store[dict[str, Any]] = Store(MOST_KEPT, lambda drawn: len(drawn["nodes"]))


def update(request: Request[Inputs]) -> Content:
    """The page of what is open."""
    prepared: Prepared = request.prepared or prepare(request.inputs, Asker(view=request.view))
    hidden, seen = request.hidden, prepared.seen and prepared.seen.seen_by(request.view)
    shown, view = (seen.shown, seen.first) if seen else (None, None)
    still = figures.covered(prepared.static) if hidden & NUMBERS else prepared.static
    fields: dict[str, Any] = {
        "texts": {},
        "remark": {"text": "", "isWarning": False},
        "recording": {"state": prepared.state, "text": prepared.text, "file": request.inputs.file, **_about(shown)},
        "graph": _graph(shown, view, request, still) if shown and view else _no_graph(request),
    }
    if "moments" not in hidden:
        fields["moments"] = _moments(shown)
    if "source" not in hidden:
        fields["source"] = _source(shown, view) if shown and view else None
    if "why" not in hidden:
        fields["why"] = why.findings(request.inputs, shown, view.panel.owners) if shown and view else []
    if "layers" not in hidden:
        fields["layers"] = _layers(shown, request) if shown else None
    content, inputs = Content(still, fields, panel=seen.first.panel if seen else None), request.inputs
    return both.shown_together(content, seen, _titles(inputs), inputs.colour) if seen else content


def _layers(shown: Shown, request: Request[Inputs]) -> dict[str, Any]:
    """The bars of the pass shown, and the table where it is open."""
    key = model.name_of(request.inputs), shown.place
    return bars.part(key, shown.opened, shown.recorded.moments[shown.place], with_names="names" in request.open)


def _titles(inputs: Inputs) -> tuple[str, str]:
    """What the recording that is open is called, and the one beside it."""
    other = beside.second(inputs)
    return _title(inputs), _title(other) if other else ""


def _title(inputs: Inputs) -> str:
    return "a recording" if inputs.graph or inputs.file else EXAMPLES.get(inputs.example, "")


def _graph(shown: Shown, view: View, request: Request[Inputs], still: Mapping[str, Any]) -> dict[str, Any]:
    """The graph's numbers, with ranges where not all are recorded, its colours, and what the inspector says; a large
    drawing has its numbers with it, where none is hidden.
    """
    hidden, node = view.panel.hidden, view.panel.graph_view.node
    if "numbers" in still["graph"]:
        message = figures.known(view.panel, request.export)
    else:
        message = figures.painted(view.panel, view.cards, shown.opened, request.export)
    if "graph" in hidden:
        return message
    if file := _file(shown, request.export, hidden):
        message["exported"] = {"kind": request.export, "text": file}
    recorded = shown.opened.nodes
    groups = [[recorded[one] for one in ids] for ids in view.cards.members()]
    message["colours"] = colours.colours(request.inputs.colour, groups, hidden)
    if node and "inspector" not in hidden:
        message["inspector"] = inspector.part(shown.opened, view.cards, node, hidden)
    return message


def _file(shown: Shown, kind: str, hidden: frozenset[str]) -> str | None:
    """A file of the whole graph, where there is one of this kind."""
    snapshot = shown.opened.moment.snapshot
    seen = walk.covered(snapshot.graph, snapshot.seen, "numbers" in hidden, "gradients" in hidden)
    return files.text(kind, shown, snapshot.graph, seen, hidden)


def _no_graph(request: Request[Inputs]) -> dict[str, Any]:
    return {"nodes": [], "edges": [], "view": asdict(request.view.graph_view), "concept": False}


def _about(shown: Shown | None) -> dict[str, Any]:
    """What the recording says of itself."""
    if shown is None:
        return {}
    moment = shown.recorded.moments[shown.place]
    return {
        "torch": shown.recorded.torch,
        "left_out": shown.recorded.left_out,
        "passes": len(shown.recorded.moments),
        "nodes": len(moment.nodes),
        "call": moment.call,
    }


def _moments(shown: Shown | None) -> dict[str, Any]:
    """The strip of backward passes, and which one is shown."""
    if shown is None:
        return {"at": None, "passes": [], "made": 0}
    recorded = shown.recorded
    passes = [{"line": one.line, "call": one.call, "nodes": len(one.nodes)} for one in recorded.moments]
    return {"at": shown.place, "passes": passes, "made": len(passes) + recorded.left_out}


def _source(shown: Shown, view: View) -> dict[str, Any]:
    """Where the selected node or block comes from; where none is selected, the backward pass."""
    selected = view.panel.graph_view.node
    block, known = view.cards.folded.get(selected), shown.opened.nodes.get(selected)
    if block:
        return {"name": block.title, "module": block.module, "line": None, "source": ""}
    if known is None:
        moment = shown.recorded.moments[shown.place]
        return {"name": moment.call, "module": moment.module, "line": moment.line, "source": moment.source}
    return {"name": known.name or known.op, "module": known.module, "line": known.line, "source": known.source}


def take_file(data: bytes) -> dict[str, str]:
    """What a file becomes: its digest and, where an address can hold that, a packed recording; or why it is refused."""
    try:
        digest = model.keep(data)
    except RefusedError as error:
        return {"refused": str(error)}
    packed = pack(data.decode("utf-8")) if len(data) <= model.LONGEST_LINKED else ""
    return {"file": digest} | ({"graph": packed} if 0 < len(packed) <= LONGEST_LINK else {})


PAGE = Page(
    name=NAME,
    title="Open",
    path="open",
    form=FORM,
    parts=(
        Part("recording", "what is open, and the recorder", "pages/recording/recording_view.js", hides=("compare",)),
        Part("compare", "what it is compared with", "pages/recording/compare_view.js", inside="recording"),
        Part("moments", "backward passes", "browser/moments/moments_view.js"),
        Part("why", "what went wrong", "pages/recording/why_view.js", shows_answers=True),
        Part("search", "search", "pages/recording/search_view.js"),
        parts.ANSWERS,
        Part("source", "line of source", "pages/recording/source_view.js"),
        Part("colour", "colours by a figure, and their legend", "pages/recording/colour_view.js"),
        replace(parts.GRAPH, hides=(*parts.GRAPH.hides, "beside", "differences")),
        *parts.GRAPH_PARTS[1:],
        Part("beside", "the recording beside it", "pages/recording/beside_view.js"),
        Part("differences", "what differs", "pages/recording/differences_view.js"),
        Part("layers", "gradient size by layer, and names", "pages/recording/layers_view.js", shows_answers=True),
        parts.LESSON,
    ),
    update=update,
    prepare=prepare,
    upload=Upload(LARGEST_FILE, take_file),
)
