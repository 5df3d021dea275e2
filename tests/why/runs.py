"""Programs run for what can be said of them."""

import torch

from components.sandbox.budget import Budget
from components.sandbox.run import Run, compile_program
from components.sandbox.runtime import Runtime
from components.why.finding import Case, Finding
from components.why.table import findings


def findings_of(code: str) -> tuple[Case, list[Finding]]:
    """A program's run as the rules see it, and what they find; an error of a rule's is raised here."""
    program = compile_program(code)
    run = Run(program.names, Runtime(program.paths, Budget(lambda _: None)), is_drawn=True)
    run.execute(program.executable)
    case = run.case(code)
    with torch.no_grad():
        return case, findings(case)
