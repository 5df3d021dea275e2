"""One graph as a visitor looks at it: which nodes are shown, how far the walk has come, what is said about a part."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from components.address.fields import shown as cut
from components.address.view import CONCEPT, GraphView
from components.drawing import export as files
from components.drawing import graph_numbers, graph_svg, layout
from components.drawing.explain import Explainer
from components.drawing.groups_svg import Group
from components.drawing.layout import NoGraphvizError
from components.graph import fold, walk
from components.graph.model import Graph, Seen, Snapshot, Structure
from components.graph.walk import Step

MOST_DRAWN_TWICE = 300
"""Nodes of a graph that is drawn upright too; a larger one takes a second to lay out, and no card could be read so."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page says of its graph: ids of nodes that are drawn larger in its concept, a first look at it, and titles
    of groups by their result's id.

    `usual`: the view where none is asked for ("": there is no concept, all is shown).
    `wide`: tensors with several entries have cards with room for them.
    `walks` tells whether one can walk through it: not where the gradients on it are those of passes that were made.
    `projects`: there is a drawing with large cards for a projector, on which a name and a list have one line together.
    `rows`: lying down, a long row of ranks goes on below, as text does.
    `titles`: what a view is called on this page, and what it shows, where that is not what it usually is.
    """

    concept: frozenset[str] = frozenset()
    groups: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    walks: bool = True
    projects: bool = True
    usual: str = ""
    rows: bool = False
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph as it is shown: folded, walked, with the view that came of the one asked for and what to say about it.

    `owners` names for each node that is folded away the one that now shows it; `steps` are the walk's, none outside it.
    """

    snapshot: Snapshot
    graph: Graph
    groups: tuple[Group, ...]
    large: frozenset[str]
    graph_view: GraphView
    steps: tuple[Step, ...]
    seen: Seen | None
    owners: Mapping[str, str]
    hidden: frozenset[str]
    notices: tuple[str, ...]
    wide: frozenset[str] = frozenset()
    answered: frozenset[tuple[str, str]] = frozenset()
    is_concept: bool = False

    @property
    def reached(self) -> Seen | None:
        """What a walk has come to that is under way; None outside a walk, and at its end: all."""
        return self.seen if self.graph_view.step is not None and self.graph_view.step < len(self.steps) - 1 else None


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What a visitor asks to see.

    `linked`: the view comes from an address, so a selected node that is folded away opens its group. `walked`: the step
    (phase and node) where the visitor stood before the view changed, so the walk goes on from there. `hidden`: names of
    parts to be left out. `answered`: kinds (`value` or `gradient`) and nodes whose number is shown though it is hidden.
    `folding`: a handle, or another view, was chosen, so that what is selected may be folded away.
    """

    graph_view: GraphView
    linked: bool = False
    walked: tuple[str, str] | None = None
    hidden: frozenset[str] = frozenset()
    answered: frozenset[tuple[str, str]] = frozenset()
    folding: bool = False


def shows_concept(outline: Outline, request: ViewRequest) -> bool:
    """Whether the concept of a graph is shown, where it has one."""
    return bool(outline.usual) and (request.graph_view.view or outline.usual) == CONCEPT


def needs_details(outline: Outline, request: ViewRequest) -> bool:
    """Whether what is asked for takes folds (the concept) or saved values (the inspector) of a snapshot."""
    return bool(request.graph_view.node) or shows_concept(outline, request)


def resolve_view(snapshot: Snapshot, outline: Outline, request: ViewRequest) -> Panel:
    """Fold groups, clamp the step and drop an unknown selection; return the view and its notices."""
    view, is_concept = request.graph_view, shows_concept(outline, request)
    folds = snapshot.folds if is_concept else {}
    owners = {member: owner for owner, folded in folds.items() for member in folded.members}
    holder = owners.get(view.node.partition(".")[0]) if request.linked else None
    opened = {name for name in (*view.opened, holder or "") if name in outline.groups}
    owners = {member: owner for member, owner in owners.items() if owner not in opened}
    graph = fold.fold(snapshot, opened) if owners else snapshot.graph
    is_walked = outline.walks and view.step is not None
    steps = walk.steps(graph) if is_walked else ()
    step, step_notice = _step(view.step if is_walked else None, steps, request.walked, owners)
    folded_edges = {e.id: owners[e.consumer] for e in snapshot.graph.edges if e.consumer in owners}
    part, part_notice = _part((owners | folded_edges).get(view.node, view.node), graph)
    return Panel(
        snapshot=snapshot,
        graph=graph,
        groups=tuple(_group(g, t, snapshot, g in opened) for g, t in outline.groups.items() if g in folds),
        large=outline.concept if is_concept else frozenset(),
        graph_view=replace(view, opened=tuple(g for g in outline.groups if g in opened), node=part, step=step),
        steps=steps,
        seen=snapshot.seen if step is None else walk.seen(graph, steps, step),
        owners=owners,
        hidden=request.hidden,
        notices=tuple(notice for notice in (step_notice, part_notice) if notice),
        wide=frozenset(node.id for node in graph.nodes if node.shape) if outline.wide else frozenset(),
        answered=request.answered,
        is_concept=is_concept,
    )


def _group(result: str, title: str, snapshot: Snapshot, is_open: bool) -> Group:
    """A group with the number of its steps: a constant that one of them uses is none."""
    members = snapshot.folds[result].members
    inputs = {node.id for node in snapshot.graph.nodes if node.op == "input" and not node.expression}
    return Group(result, title, members, is_open, 1 + sum(member not in inputs for member in members))


def _step(
    step: int | None, steps: tuple[Step, ...], walked: tuple[str, str] | None, owners: Mapping[str, str]
) -> tuple[int | None, str]:
    if step is None:
        return None, ""
    if walked is not None:
        return walk.same_place(walked, steps, owners), ""
    if step >= len(steps):
        return len(steps) - 1, f"step = {step} is beyond the walk's end; it stands on its last step, {len(steps) - 1}."
    return step, ""


def _part(part: str, graph: Graph) -> tuple[str, str]:
    if not part or any(node.id == part for node in graph.nodes) or any(edge.id == part for edge in graph.edges):
        return part, ""
    return "", f"node = “{cut(part)}” is not in this graph; nothing is selected."


def drawings(
    structure: Structure,
    outline: Outline,
    large: frozenset[str] = frozenset(),
    groups: tuple[Group, ...] = (),
    wide: frozenset[str] = frozenset(),
) -> dict[str, Any]:
    """A panel's drawings without a number in them, for wide and narrow places; or what went wrong, as `error`.

    `usual` names the view where none is asked for, if the graph has a concept beside the full one; a large concept is
    drawn for a projector too, and so is a graph of lists. One of many nodes is drawn lying down, and in no other way,
    without `labels`, which are put in place where they can be read.
    """
    said = {"usual": outline.usual, "walks": outline.walks, **({"titles": outline.titles} if outline.titles else {})}
    if layout.is_large(structure):
        bare, labels = graph_svg.bare(structure, large, groups, wide)
        return {**said, "LR": bare, "labels": labels.record()}
    lying = partial(graph_svg.svg, structure, "LR", large, groups, wide)
    draw = {"LR": partial(graph_svg.in_rows, structure, groups, wide) if outline.rows else lying}
    if len(structure.nodes) <= MOST_DRAWN_TWICE:
        draw["TB"] = partial(graph_svg.svg, structure, "TB", large, groups, wide)
        if wide and outline.projects:
            draw["projected"] = partial(graph_svg.projected_lists, structure, groups)
        elif large:
            draw["projected"] = partial(graph_svg.projected, structure, large, groups)
    with ThreadPoolExecutor(len(draw)) as together:  # each waits for a layout program of its own
        drawn = {name: together.submit(function) for name, function in draw.items()}
    try:
        texts = {name: future.result() for name, future in drawn.items()}
    except NoGraphvizError as error:
        return {"error": str(error)}
    return {**said, **texts}


def dynamic(
    panel: Panel, export: str = "", faulty: tuple[str, ...] = (), rows: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Every number of the panel, what the inspector and the walk say, and a file to `export`, by its kind.

    `faulty` are ids of the whole graph's parts to be marked; a folded node marks the one that shows it. `rows` stand in
    the place of the numbers where these are known already.
    """
    view, hidden = panel.graph_view, panel.hidden
    if "graph" in hidden:
        return {"nodes": [], "edges": [], "view": asdict(view), "concept": panel.is_concept}
    seen = walk.covered(panel.graph, panel.seen, "numbers" in hidden, "gradients" in hidden)
    if rows is None:
        rows = graph_numbers.paint(panel.graph, panel.seen, panel.wide, hidden, panel.answered)
    message: dict[str, Any] = dict(rows)
    message["view"] = asdict(view)
    if faulty and "gradients" not in hidden:
        marked = {panel.owners.get(part, part) for part in faulty}
        message["faulty"] = sorted(marked & (seen.values | seen.edges) if seen else marked)
    message["concept"] = panel.is_concept
    message |= _explanations(panel, seen)
    if export in files.TEXTS:
        message["exported"] = {"kind": export, "text": files.TEXTS[export](panel.graph, seen)}
    return message


def _explanations(panel: Panel, seen: Seen | None) -> dict[str, Any]:
    """What the inspector says of the selected part, and the walk of its step."""
    view = panel.graph_view
    said: dict[str, Any] = {}
    if not view.node and view.step is None:
        return {}
    explainer = Explainer(panel.snapshot, panel.graph, seen, panel.hidden)
    if view.node and "inspector" not in panel.hidden:
        said["inspector"] = explainer.part(view.node)
    if view.step is not None:
        step = panel.steps[view.step]
        forward = sum(other.phase == "forward" for other in panel.steps)
        said["walk"] = {"of": len(panel.steps) - 1, "forward": forward, "phase": step.phase, "node": step.node}
        said["walk"] |= explainer.step(step)
    return said
