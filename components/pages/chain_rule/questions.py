"""What can be predicted of the chain, and what the usual mistakes give instead."""

from dataclasses import replace

from components.graph.mistakes import Questions, mistakes, question
from components.pages.chain_rule import model
from components.pages.chain_rule.model import Inputs


def questions(inputs: Inputs) -> Questions:
    """dz/dx of the whole chain."""
    run = model.run(replace(inputs, result="z"))
    graph = run.snapshot.graph
    return (question("dz_dx", "dz/dx", run.dz_dx, mistakes(graph, "x")),), graph
