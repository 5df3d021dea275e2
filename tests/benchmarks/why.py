"""What findings cost: the same programs run with the rules and without them, in turn.

    OMP_NUM_THREADS=1 python -m tests.benchmarks.why

The programs are the playground's own, and those that each rule is tried with, with the fault and without it.
"""

from collections.abc import Sequence

from components.pages.playground.programs import programs
from components.sandbox.budget import Budget, ignore_progress
from components.sandbox.run import Run, compile_program
from components.sandbox.runtime import Runtime
from tests.benchmarks.times import line, timed, times
from tests.why.program import program
from tests.why.programs import PROGRAMS

ROUNDS = 5


def measure(name: str, codes: Sequence[str]) -> None:
    """How long the runs of programs take, and the rules after each of them."""
    runs: list[float] = []
    records: list[float] = []
    rules: list[float] = []
    faulty = 0
    for code in [code for _ in range(ROUNDS) for code in codes]:
        compiled = compile_program(code)
        run = Run(compiled.names, Runtime(compiled.paths, Budget(ignore_progress)), is_drawn=True)
        with timed(runs):
            run.execute(compiled.executable)
        case = run.case(code)
        with timed(rules):
            found = run.findings(case)
        with timed(records):
            run.record(case, found)
        faulty += bool(found)
    whole = sum(runs) + sum(records) + sum(rules)
    line(f"{name}: {len(codes)} programs, {faulty // ROUNDS} with a finding", times(runs).text())
    line("  their records", times(records).text())
    line("  the rules", f"{times(rules).text()}, {100 * sum(rules) / whole:.0f} % of all")


def main() -> None:
    every = [one.code for one in programs().values()]
    measure("warm-up", every[:1])
    measure("presets", every)
    measure("without the fault", [program(one.silent) for one in PROGRAMS.values()])
    measure("with the fault", [program(one.speaks) for one in PROGRAMS.values()])


if __name__ == "__main__":
    main()
