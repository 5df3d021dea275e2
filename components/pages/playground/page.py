"""The playground: a program of the visitor's own, the graph of its backward passes, and what each line made."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any, NamedTuple

from components.address.form import Form
from components.address.packed import LONGEST_LINK, Index, Packed, pack
from components.address.view import CONCEPT, FULL
from components.address.word import Word
from components.drawing import numbers, panel, torch_messages
from components.drawing.explain import called
from components.drawing.groups_svg import Group
from components.graph import fold
from components.graph.files import NOT_FINITE
from components.graph.model import Number, Snapshot, Structure
from components.notebook.read import LARGEST_FILE
from components.pages import parts
from components.pages.content import static
from components.pages.page import Asker, Content, Page, Part, Readout, Request, Upload
from components.pages.playground import curve, model
from components.pages.playground.curve import Sweep
from components.pages.playground.fields import is_name, is_place
from components.pages.playground.findings import findings
from components.pages.playground.model import Answer, Inputs
from components.pages.playground.opening import take_file
from components.pages.playground.programs import programs

NAME = "playground"
FIRST = next(iter(programs()))
MOST_MOMENTS = 199
OUTLINE = panel.Outline(wide=True)
FOLDABLE = panel.Outline(wide=True, usual=FULL)
"""Of a graph in which something can be folded."""

NUMBERS = ("int", "float", "bool")
"""Kinds of values that are numbers by themselves."""

NO_GRAPH = "There is no graph yet: no tensor of this program takes a gradient."
REFUSED = "There is no graph: nothing of this program has run."
PENDING = "The program is running …"
TOO_LONG = "This program is too long for a link. Save it as a file."

FORM = Form(
    make=Inputs,
    fields=(
        Packed("code"),
        Word("preset", programs().__contains__, "no program of this page", f"the page begins with “{FIRST}”"),
        Index("moment", MOST_MOMENTS),
        Word("along", is_place, "no place in a program, as 3:17 is", "there is no curve"),
        Word("of", is_name, "no name", "the curve is of the last backward pass’s result"),
    ),
    presets={name: Inputs(preset=name if place else "") for place, name in enumerate(programs())},
)
"""What is set: the presets are whole programs."""


class Prepared(NamedTuple):
    """The run of the program, and the curve that is asked for with its points."""

    answer: Answer
    sweep: Sweep | None = None
    points: tuple[Any, ...] = ()


def prepare(inputs: Inputs, asker: Asker) -> Prepared:
    """All that takes its time, which holds nobody else."""
    answer = model.run(inputs, asker.visitor, asker.patience, folds=asker.view.graph_view.view == CONCEPT)
    sweep = curve.sweep_of(answer, inputs.along, inputs.of) if inputs.along else None
    if sweep is None:
        return Prepared(answer)
    drawn, points = model.curve(inputs.program, sweep, asker.visitor, asker.is_moving)
    return Prepared(answer, drawn, tuple(points))


class Drawn(NamedTuple):
    """What the drawing depends on, and whether something in the graph can be folded."""

    structure: Structure
    groups: tuple[Group, ...]
    wide: frozenset[str]
    can_fold: bool

    def drawings(self) -> dict[str, Any]:
        """The graph's drawings."""
        outline = FOLDABLE if self.can_fold else OUTLINE
        return panel.drawings(self.structure, outline, groups=self.groups, wide=self.wide)


def update(request: Request[Inputs]) -> Content:
    """The page of a run."""
    inputs, hidden = request.inputs, request.hidden
    prepared: Prepared = request.prepared or prepare(inputs, Asker(view=request.view))
    answer = prepared.answer
    snapshot, place = model.snapshot(answer, inputs.moment)
    can_fold = bool(snapshot and fold.can_fold(snapshot.graph.structure))
    shown = _shown(snapshot, can_fold, request) if snapshot else None
    is_walking = bool(shown and shown.reached)
    covered = {part for part in ("output", "why") if part in hidden or is_walking}
    content: dict[str, Any] = {
        "texts": {},
        "remark": {"text": "", "isWarning": False},
        "graph": panel.dynamic(shown, request.export) if shown else _no_graph(request),
    }
    shows: dict[str, Callable[[], Any]] = {
        "program": lambda: _program(inputs, answer, covered, shown.owners if shown else {}),
        "moments": lambda: _moments(answer, place),
        "names": lambda: _names(answer),
    }
    content |= {part: show() for part, show in shows.items() if part not in hidden}
    if prepared.sweep and "curve" not in hidden and not is_walking:
        content["curve"] = curve.dynamic(answer, prepared.sweep, list(prepared.points))
        content["results"] = curve.results_of(answer)
    if shown:
        content["graph"]["lines"] = answer["graph_lines"] if place is None else answer["moments"][place]["lines"]
    return Content(
        static=_static(
            Drawn(shown.graph.structure, shown.groups, shown.wide, can_fold) if shown else _reason(answer),
            prepared.sweep and (prepared.sweep.number, prepared.sweep.result, prepared.sweep.span),
        ),
        fields=content,
        readouts=_readouts(answer),
        panel=shown,
    )


def _shown(snapshot: Snapshot, can_fold: bool, request: Request[Inputs]) -> panel.Panel:
    """The graph as it is asked for: whole, or folded into what has a name."""
    titles = {owner: called(snapshot.graph.node(owner)) for owner in snapshot.folds}
    return panel.resolve_view(snapshot, replace(FOLDABLE, groups=titles) if can_fold else OUTLINE, request.view)


def _reason(answer: Answer) -> str:
    """Why there is no graph."""
    return PENDING if answer.get("pending") else NO_GRAPH if answer["accepted"] else REFUSED


def _no_graph(request: Request[Inputs]) -> dict[str, Any]:
    return {"nodes": [], "edges": [], "view": asdict(request.view.graph_view), "concept": False}


def _program(inputs: Inputs, answer: Answer, covered: Collection[str], owners: Mapping[str, str]) -> dict[str, Any]:
    """The program's text, and at their lines what was said of it and what it made, but for `covered` parts.

    `owners` name for nodes that are folded away those that show them.
    """
    is_linked = inputs.code is None or len(pack(inputs.code)) <= LONGEST_LINK
    said = {name: answer[name] for name in ("accepted", "refused", "refusals", "limit", "literals")}
    return said | {
        "error": answer["error"] and _explained(answer["error"]),
        "warnings": [_explained(warning) for warning in answer["warnings"]],
        "code": inputs.program,
        "preset": inputs.preset if inputs.code is None else None,
        "notes": [] if "output" in covered else answer["lines"],
        "printed": "" if "output" in covered else answer["printed"],
        "why": [] if "why" in covered else findings(answer["why"], inputs.program, owners),
        "too_long": "" if is_linked else TOO_LONG,
        "pending": answer.get("pending", False),
    }


def _explained(said: Mapping[str, Any]) -> dict[str, Any]:
    """An error or a warning, with what torch means by it where that is known."""
    known = torch_messages.meaning(said["message"])
    return {**said, "meaning": known._asdict() if known else None}


def _moments(answer: Answer, place: int | None) -> dict[str, Any]:
    """The strip of backward passes, and which one is shown."""
    passes = [{"line": m["line"], "call": m["call"], "nodes": len(m["nodes"])} for m in answer["moments"]]
    return {"at": place, "passes": passes, "made": answer["passes"], "isBuilt": bool(answer.get("graph"))}


def _names(answer: Answer) -> list[dict[str, Any]]:
    """A row for each tensor and number that the program leaves: its name, and what it is."""
    rows = []
    for name, value in answer["names"].items():
        if value["kind"] == "tensor":
            shape = f"shape {tuple(value['shape'])}, " if value["shape"] else ""
            kind = "leaf" if value["is_leaf"] and value["requires_grad"] else value["grad_fn"] or "not tracked"
            about = f"{shape}{value['dtype'].removeprefix('torch.')}"
            rows.append({"name": name, "about": about, "kind": kind, "grad": _keeps_grad(value)})
        elif value["kind"] in NUMBERS:
            rows.append({"name": name, "about": value["kind"], "kind": "", "grad": False})
    return rows


def _keeps_grad(value: Mapping[str, Any]) -> bool:
    """Whether `.grad` of a tensor is worth a place."""
    return bool(value["has_grad"] or value["requires_grad"])


def _readouts(answer: Answer) -> dict[str, dict[str, Readout]]:
    """The numbers by name, those that arrived in `.grad`, and what was printed or raised."""
    values: dict[str, Readout] = {}
    grads: dict[str, Readout] = {}
    for name, value in answer["names"].items():
        if value["kind"] == "tensor":
            values[name] = _readout(value["value"], value["shape"])
            if _keeps_grad(value):
                grads[f"{name}.grad"] = _readout(value["grad"], value["shape"] if value["has_grad"] else None)
        elif value["kind"] in NUMBERS:
            values[name] = (repr(_number(value["value"])), repr(_number(value["value"])))
    return {"names": values, "answers": grads}


def _readout(value: Any, shape: list[int] | None) -> Readout:
    """A tensor's numbers; for too many of them its shape, for none "None"."""
    number = _number(value)
    if number is None and shape:
        text = f"{'×'.join(map(str, shape))} numbers"
        return text, text
    return numbers.exact(number), numbers.text(number)


def _number(value: Any) -> Number:
    """A number as it comes from a run: nan and inf are texts there."""
    if isinstance(value, list):
        return [_number(entry) for entry in value]
    if isinstance(value, Mapping):
        return None
    return NOT_FINITE.get(value) if isinstance(value, str) else value


@lru_cache(maxsize=64)
def _static(drawn: Drawn | str, axes: tuple[str, str, tuple[float, float]] | None) -> dict[str, Any]:
    """What stands still: the drawing, or why there is none, and the curve's axes."""
    graph = {"error": drawn} if isinstance(drawn, str) else drawn.drawings()
    figure = {"curve": curve.figure(*axes)} if axes else {}
    return static(controls=_NO_CONTROLS, presets=_presets(), graph=graph, **figure)


_NO_CONTROLS: dict[str, Any] = {"sliders": [], "lists": [], "presets": [], "choices": []}


def _presets() -> list[dict[str, str]]:
    return [
        {"name": name, "theme": program.theme, "about": program.about, "code": program.code}
        for name, program in programs().items()
    ]


PAGE = Page(
    name=NAME,
    title="Playground",
    path=NAME,
    form=FORM,
    parts=(
        Part("program", "program", "pages/playground/program_view.js"),
        Part("output", "what the program prints and its lines make", shows_answers=True),
        Part("why", "what went wrong, and how to mend it", shows_answers=True),
        Part("moments", "backward passes", "pages/playground/moments_view.js"),
        parts.ANSWERS,
        *parts.GRAPH_PARTS,
        Part("curve", "curve along a number", "pages/playground/curve_view.js", shows_answers=True),
        Part("names", "values by name", "pages/playground/names_view.js", shows_answers=True),
        parts.LESSON,
    ),
    update=update,
    prepare=prepare,
    upload=Upload(LARGEST_FILE, take_file),
)
