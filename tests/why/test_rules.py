"""Each rule speaks where it must, names the line to change, offers a repair that runs, and is silent elsewhere."""

import pytest

from components.sandbox.run import handle
from components.why.table import RULES
from tests.why.programs import PROGRAMS, program
from tests.why.runs import findings_of


def test_every_rule_has_its_programs() -> None:
    assert {rule.name for rule in RULES} == set(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_rule_speaks_first_where_it_must(name: str) -> None:
    [rule] = [rule for rule in RULES if rule.name == name]
    code = program(PROGRAMS[name].speaks)
    case, found = findings_of(code)
    own = list(rule.find(case))
    assert [(own[0].kind, own[0].line)] == [(one.kind, one.line) for one in found[:1]]
    assert own[0].line == PROGRAMS[name].line


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_without_the_fault_gets_no_finding(name: str) -> None:
    _, found = findings_of(program(PROGRAMS[name].silent))
    assert [(one.kind, one.line, one.text) for one in found] == []


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_repair_runs_and_leaves_nothing_to_find(name: str) -> None:
    _, found = findings_of(program(PROGRAMS[name].speaks))
    if found[0].repair is None:
        assert name in WITHOUT_REPAIR
        return
    answer = handle({"code": found[0].repair.code})
    assert answer["refused"] is None
    assert answer["error"] is None
    assert answer["why"] == []


WITHOUT_REPAIR = {
    "custom/gradient_of_wrong_shape",
    "custom/without_backward",
    "custom/hook_on_untracked",
    "untracked/trained_without_gradient",
}
"""Rules that say what is wrong, and cannot know what was meant."""
