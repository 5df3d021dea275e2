"""Each rule speaks where it must, names the line to change, offers a repair that runs, and is silent elsewhere."""

import pytest

from components.pages.playground.programs import programs
from components.sandbox.run import handle
from components.why.table import RULES
from tests.why.program import program
from tests.why.programs import PROGRAMS
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


QUESTIONS = "Why is it so?"
"""The theme whose programs have faults."""

ORDINARY = {
    "closure": """
w = torch.tensor(5.0, requires_grad=True)
opt = torch.optim.SGD([w], lr=0.1)
def closure():
    opt.zero_grad()
    loss = w ** 2
    loss.backward()
    return loss
for step in range(3):
    opt.step(closure)
print(w)
""",
    "gradients by hand": """
w = torch.tensor(5.0, requires_grad=True)
m = torch.zeros(())
for step in range(3):
    (w ** 2).backward()
    m = 0.9 * m + w.grad
    with torch.no_grad():
        w -= 0.1 * m
    w.grad = None
""",
    "two networks that learn in turn": """
made, judge = nn.Linear(1, 1), nn.Linear(1, 1)
one, two = (torch.optim.SGD(net.parameters(), lr=0.1) for net in (made, judge))
for step in range(3):
    fake = made(torch.ones(4, 1))
    two.zero_grad()
    judge(fake.detach()).mean().backward()
    two.step()
    one.zero_grad()
    (-judge(fake).mean()).backward()
    one.step()
""",
    "a state that is handed on": """
net = nn.LSTM(2, 3)
opt = torch.optim.Adam(net.parameters())
h = None
for step in range(3):
    out, h = net(torch.ones(4, 1, 2), h)
    h = (h[0].detach(), h[1].detach())
    opt.zero_grad()
    out.pow(2).mean().backward()
    nn.utils.clip_grad_norm_(net.parameters(), 1.0)
    opt.step()
""",
    "the best kept": """
net = nn.Linear(2, 1)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for step in range(3):
    opt.zero_grad()
    net(torch.ones(1, 2)).pow(2).sum().backward()
    opt.step()
    best = {name: value.clone() for name, value in net.state_dict().items()}
net.load_state_dict(best)
""",
    "rows of a Jacobian": """
x = torch.tensor([1.0, 2.0], requires_grad=True)
y = x ** 2
for row in torch.eye(2):
    x.grad = None
    y.backward(row, retain_graph=True)
    print(x.grad)
""",
    "None before, a gradient after": """
x = torch.tensor(3.0, requires_grad=True)
y = x * 2
print(x.grad, y.requires_grad, y.detach().requires_grad)
y.backward()
print(x.grad)
""",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_program_gets_no_finding(name: str) -> None:
    _, found = findings_of(program(ORDINARY[name]))
    assert [(one.kind, one.line, one.text) for one in found] == []


@pytest.mark.parametrize("name", [name for name, one in programs().items() if one.theme != QUESTIONS])
def test_a_program_of_the_playground_gets_no_finding(name: str) -> None:
    _, found = findings_of(programs()[name].code)
    assert [(one.kind, one.line, one.text) for one in found] == []


WITHOUT_REPAIR = {
    "custom/gradient_of_wrong_shape",
    "custom/without_backward",
    "custom/hook_on_untracked",
    "untracked/trained_without_gradient",
    "shape/one_for_all",
}
"""Rules that say what is wrong, and cannot know what was meant."""
