"""The records of a graph: what they give, and that they are plain data."""

import subprocess
import sys

import pytest

from components.graph.model import Edge, Graph, Node, Region, Structure
from tests.serving import ROOT

A = Node("a", "AccumulateGrad", "a", "", (), "float32", 2.0, 6.0)
B = Node("b", "MulBackward0", "", "a·3", (), "float32", 6.0, 1.0)
EDGE = Edge("b.0-a", "b", "a", 3.0, 3.0)
GRAPH = Graph((A, B), (EDGE,))


def test_a_graphs_result_is_its_last_node() -> None:
    assert GRAPH.result == "b"


def test_a_node_is_found_by_its_id() -> None:
    assert GRAPH.node("a") is A
    with pytest.raises(KeyError, match="nowhere"):
        GRAPH.node("nowhere")


def test_every_node_has_its_edges_in_order() -> None:
    assert GRAPH.edges_from() == {"a": [], "b": [EDGE]}


@pytest.mark.parametrize(("regions", "kept"), [((), None), ((("torch.no_grad()", ("a",)),), {"a": 6.0})])
def test_a_structure_has_no_number_and_can_be_hashed(
    regions: tuple[Region, ...], kept: dict[str, float] | None
) -> None:
    structure = Graph((A, B), (EDGE,), regions, kept).structure
    nodes = (("a", "AccumulateGrad", "a", ""), ("b", "MulBackward0", "", "a·3"))
    assert structure == Structure(nodes, (("b.0-a", "b", "a"),), regions, kept is not None)
    assert isinstance(hash(structure), int)


def test_the_records_do_without_torch() -> None:
    """What is only shown, folded or written to a file needs nothing of it."""
    code = "import sys; from components.graph import files, model, walk; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=120)
