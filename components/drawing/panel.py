"""One graph as a visitor looks at it: which nodes are shown, how far the walk has come, what is said about a part."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from components.address.fields import shown as cut
from components.address.state import GraphView
from components.drawing import export
from components.drawing import graph_svg as draw_graph
from components.drawing.explain import Explainer
from components.drawing.graph_svg import Group
from components.drawing.layout import NoGraphvizError
from components.graph import fold
from components.graph import walk as steps
from components.graph.read import Graph, Reading, Structure
from components.graph.walk import Seen, Step


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page says of its graph: ids of a first look (none: all are shown), titles of groups by result's id.

    `wide`: tensors with several entries have cards with room for them.
    `walks` tells whether one can walk through it: not where the gradients on it are those of passes that were made.
    """

    concept: frozenset[str] = frozenset()
    groups: Mapping[str, str] = field(default_factory=dict)
    wide: bool = False
    walks: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A graph as it is shown: folded, walked, with the look that came of the one asked for and what to say about it."""

    reading: Reading
    graph: Graph
    groups: tuple[Group, ...]
    large: frozenset[str]
    look: GraphView
    walk: tuple[Step, ...]
    seen: Seen | None
    owners: Mapping[str, str]
    hidden: frozenset[str]
    notices: tuple[str, ...]
    wide: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a visitor asks to see.

    `narrow`: the screen is, so a look without a view of its own is the concept. `linked`: the look comes from an
    address, so a selected node that is folded away opens its group. `walked`: the step (phase and node) that the
    visitor stood on before the view changed, so the walk goes on from there. `hidden`: names of parts to be left out.
    """

    look: GraphView
    narrow: bool = False
    linked: bool = False
    walked: tuple[str, str] | None = None
    hidden: frozenset[str] = frozenset()


def arrange(reading: Reading, outline: Outline, asked: Asked, known: Seen | None = None) -> Panel:
    """The panel that comes nearest to what is asked for; `known` says what is there outside a walk (None: all)."""
    look = asked.look
    is_concept = bool(outline.concept) and (look.view or ("concept" if asked.narrow else "full")) == "concept"
    folded = fold.groups(reading.graph, outline.concept) if is_concept else {}
    owners = {member: owner for owner, members in folded.items() for member in members}
    holder = owners.get(look.node.partition(".")[0]) if asked.linked else None
    opened = {name for name in (*look.opened, holder) if name in outline.groups}
    owners = {member: owner for member, owner in owners.items() if owner not in opened}
    shown = frozenset(node.id for node in reading.graph.nodes if node.id not in owners)
    graph = fold.fold(reading, shown) if owners else reading.graph
    walk = steps.steps(graph)
    step, step_notice = _step(look.step if outline.walks else None, walk, asked.walked, owners)
    folded_edges = {e.id: owners[e.consumer] for e in reading.graph.edges if e.consumer in owners}
    part, part_notice = _part((owners | folded_edges).get(look.node, look.node), graph)
    return Panel(
        reading=reading,
        graph=graph,
        groups=tuple(Group(g, title, folded[g], g in opened) for g, title in outline.groups.items() if folded.get(g)),
        large=outline.concept if is_concept else frozenset(),
        look=replace(look, opened=tuple(name for name in outline.groups if name in opened), node=part, step=step),
        walk=walk,
        seen=known if step is None else steps.seen(graph, walk, step),
        owners=owners,
        hidden=asked.hidden,
        notices=tuple(notice for notice in (step_notice, part_notice) if notice),
        wide=frozenset(node.id for node in graph.nodes if node.shape) if outline.wide else frozenset(),
    )


def _step(
    step: int | None, walk: tuple[Step, ...], walked: tuple[str, str] | None, owners: Mapping[str, str]
) -> tuple[int | None, str]:
    if step is None:
        return None, ""
    if walked is not None:
        return steps.same_place(walked, walk, owners), ""
    if step >= len(walk):
        return len(walk) - 1, f"step = {step} is beyond the walk's end; it stands on its last step, {len(walk) - 1}."
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

    `levels` tells that the graph has a first look beside the full one; that one is drawn for a projector too, and so
    is a graph of lists.
    """
    try:
        drawn = {
            "levels": bool(outline.concept),
            "walks": outline.walks,
            "LR": draw_graph.svg(structure, "LR", large, groups, wide),
            "TB": draw_graph.svg(structure, "TB", large, groups, wide),
        }
        if wide:
            drawn["projected"] = draw_graph.projected_lists(structure)
        elif large:
            drawn["projected"] = draw_graph.projected(structure, large, groups)
        return drawn
    except NoGraphvizError as error:
        return {"error": str(error)}


def dynamic(panel: Panel, take: str = "", faulty: tuple[str, ...] = ()) -> dict[str, Any]:
    """Every number of the panel, what the inspector and the walk say, and a file to `take` away (`dot` or `json`).

    `faulty` are ids of the whole graph's parts to be marked; a folded node marks the one that shows it.
    """
    look, hidden = panel.look, panel.hidden
    if "graph" in hidden:
        return {"nodes": [], "edges": [], "look": asdict(look), "concept": bool(panel.large)}
    seen = steps.covered(panel.graph, panel.seen, "numbers" in hidden, "gradients" in hidden)
    said: dict[str, Any] = draw_graph.paint(panel.graph, panel.seen, panel.wide, hidden)
    said["look"] = asdict(look)
    if faulty and "gradients" not in hidden:
        said["faulty"] = sorted({panel.owners.get(part, part) for part in faulty})
    said["concept"] = bool(panel.large)
    explainer = Explainer(panel.reading, panel.graph, seen, hidden) if look.node or look.step is not None else None
    if explainer and look.node and "inspector" not in hidden:
        said["inspector"] = explainer.part(look.node)
    if explainer and look.step is not None:
        step = panel.walk[look.step]
        forward = sum(other.phase == "forward" for other in panel.walk)
        said["walk"] = {"of": len(panel.walk) - 1, "forward": forward, "phase": step.phase, "node": step.node}
        said["walk"] |= explainer.step(step)
    if take in export.TEXTS:
        said["taken"] = {"kind": take, "text": export.TEXTS[take](panel.graph, seen)}
    return said
