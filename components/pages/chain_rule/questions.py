"""What can be predicted of the chain, and what the usual mistakes give instead."""

import math
from dataclasses import replace

from components.graph.mistakes import Mistake, Questions, mistakes, question
from components.pages.chain_rule import model
from components.pages.chain_rule.model import Inputs

AT_X = "That takes cos at x. The outer function is applied to y = x², so its slope is taken there: cos(y)."


def questions(inputs: Inputs) -> Questions:
    """dz/dx of the whole chain."""
    run = model.run(replace(inputs, result="z"))
    graph = run.snapshot.graph
    usual = (Mistake("other", run.dy_dx * math.cos(inputs.x), AT_X), *mistakes(graph, "x"))
    return (question("dz_dx", "dz/dx", run.dz_dx, usual).of("z", "x"),), graph
