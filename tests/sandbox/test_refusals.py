"""All that is refused in a program, and what can be written instead: one edit after the other, until it runs."""

import ast
from typing import Any

import pytest

from components.sandbox import budget
from components.sandbox.run import handle
from tests.sandbox.corpus import REFUSED
from tests.sandbox.elsewhere import PICTURES, PROGRAMS, REGRESSION

Refusals = list[dict[str, Any]]


def refusals(code: str) -> Refusals:
    found: Refusals = handle({"code": code})["refusals"]
    return found


def applied(code: str, found: Refusals, place: int = 0) -> str:
    """The program with an offer of each refusal; the number of its lines stays."""
    lines = code.split("\n")
    for refusal in found:
        for offer in refusal["offers"][place : place + 1]:
            assert len(offer["new"]) == offer["last"] - offer["first"] + 1
            lines[offer["first"] - 1 : offer["last"]] = offer["new"]
    return "\n".join(lines)


def kinds(found: Refusals) -> dict[int, list[str]]:
    return {refusal["line"]: [offer["kind"] for offer in refusal["offers"]] for refusal in found}


def line_of(code: str, text: str) -> int:
    return next(number for number, line in enumerate(code.split("\n"), 1) if text in line)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, what is not endless may take its time."""
    monkeypatch.setattr(budget, "MOST_SECONDS", 60)


@pytest.mark.parametrize("name", PROGRAMS)
def test_with_the_best_offer_of_each_line_a_program_runs(name: str) -> None:
    code = PROGRAMS[name]
    answer = handle({"code": code})
    found = answer["refusals"]
    assert (answer["accepted"], answer["printed"], answer["names"]) == (False, "", {})
    assert found[0]["line"] == answer["refused"]["line"]
    assert all(refusal["text"].endswith(".") and refusal["offers"] for refusal in found)
    after = handle({"code": applied(code, found)})
    assert (after["refused"], after["error"], after["refusals"]) == (None, None, [])
    assert after["moments"]


def test_each_line_says_why_and_what_can_be_written_instead() -> None:
    found = refusals(PICTURES)
    said = kinds(found)
    for text, offered in (
        ("import numpy", ["import"]),
        ("import torch, os", ["import"]),
        ("start = ", ["comment"]),
        ("cuda.is_available", ["leave", "comment"]),
        ("ToTensor", ["comment"]),
        ("MNIST", ["random", "comment"]),
        ("DataLoader(", ["random", "comment"]),
        (".cuda()", ["leave", "comment"]),
        ("tqdm(", ["leave", "comment"]),
        ("plt.plot", ["comment"]),
        ("print(elapsed)", ["comment"]),
        ("torch.save", ["comment"]),
        ("__main__", ["leave", "comment"]),
    ):
        assert said[line_of(PICTURES, text)] == offered, text
    by_line = {refusal["line"]: refusal for refusal in found}
    assert "`matplotlib.pyplot` is not" in by_line[line_of(PICTURES, "plt.plot")]["text"]
    assert by_line[line_of(PICTURES, "MNIST")]["is_foreign"]
    assert not by_line[line_of(PICTURES, "torch.save")]["is_foreign"]
    assert len(said) == len(found)


def test_what_is_written_instead() -> None:
    after = applied(PICTURES, refusals(PICTURES)).split("\n")
    assert "import torch  # was: import torch, os" in after
    assert 'device = torch.device("cuda" if False else "cpu")' in after
    assert "model = Net()" in after
    assert "for images, labels in train_loader:" in after
    assert "        pass  # plt.plot(loss.item())" in after
    assert "#     transforms.ToTensor()," in after
    after = applied(REGRESSION, refusals(REGRESSION)).split("\n")
    assert "x = torch.rand(20, 1).to(torch.float32)" in after
    assert "y = 2 * x + torch.sin(x) + 0.1 * torch.randn(20, 1)" in after
    assert "x, y = torch.as_tensor(x), torch.as_tensor(y).float()" in after
    assert "loader = list(zip(x.split(5), y.split(5)))" in after


@pytest.mark.parametrize(
    ("code", "shape", "said"),
    [
        ("x = torch.load('x.pt')\nm = torch.nn.Linear(784, 10)", "64, 784", "Linear(784"),
        ("x = torch.load('x.pt')", "8, 2", ""),
        ("wide = 5\nx = open('x').read()\nm = torch.nn.Linear(wide, 2)", "64, 5", "Linear(5"),
        ("import numpy as np\nx = np.random.uniform(0, 1)", "8, 2", ""),
        ("import sklearn.datasets as d\nx, y = d.make_moons(n_samples=30)", "30, 2", "make_moons"),
        ("from torchvision import datasets\nx = datasets.CIFAR10('.')", "8, 3, 32, 32", "CIFAR10"),
        ("x = torch.load('x.pt')\nm = torch.nn.Linear(10**9, 10)", "8, 2", ""),
    ],
)  # fmt: skip
def test_the_shape_is_what_the_program_tells(code: str, shape: str, said: str) -> None:
    found = refusals(f"import torch\n{code}")
    (offer,) = [offer for refusal in found for offer in refusal["offers"] if offer["kind"] == "random"]
    assert (offer["shape"], said in offer["said"], bool(offer["said"])) == (shape, True, bool(said))
    filled = offer["template"].replace("⟨shape⟩", shape).replace("⟨n⟩", shape.partition(",")[0])
    assert offer["new"][0].startswith(f"{filled}  # was: ")


def test_labels_are_classes_or_numbers_as_the_loss_wants_them() -> None:
    head = "import torch\nimport pandas as pd\ny = pd.read_csv('y.csv')\nm = torch.nn.Linear(4, 3)\n"
    for loss, written in (
        ("torch.nn.CrossEntropyLoss()", "torch.randint(0, 3, (64,)"),
        ("torch.nn.BCEWithLogitsLoss()", "torch.randint(0, 2, (64, 3)"),
        ("torch.nn.MSELoss()", "torch.randn(64, 3"),
    ):
        assert f"y = {written}, generator" in applied(head + loss, refusals(head + loss))


def test_random_data_is_the_same_each_time_and_another_in_each_line() -> None:
    code = "import torch\na = torch.load('a.pt')\nb = torch.load('b.pt')\nprint(a.sum() == b.sum())"
    after = applied(code, refusals(code))
    first, second = handle({"code": after}), handle({"code": f"\n{after}".lstrip()})
    assert first["names"]["a"] == second["names"]["a"]
    assert first["printed"] == "tensor(False)\n"


def test_what_stands_in_a_refused_block_is_found_too() -> None:
    code = "for x in open('f'):\n    if x:\n        eval(x)\nclass A(B):\n    def f(self, *, x):\n        exec(x)\n"
    assert [refusal["line"] for refusal in refusals(code)] == [1, 4]
    code = "for x in torch.cuda.is_available():\n    eval(x)\ndef f():\n    import os\n    return eval('1')\n"
    code = f"import torch\n{code}"
    assert [refusal["line"] for refusal in refusals(code)] == [2, 3, 5, 6]


@pytest.mark.parametrize(
    "code", ["a = 1; b = open('f')", "if 1: import os", "import os; import torch", "x = (\n open('é'), eval('ü'))"]
)
def test_what_shares_its_line_is_left_to_the_visitor(code: str) -> None:
    found = refusals(code)
    assert found
    assert handle({"code": applied(code, found)})["error"] is None


def test_letters_of_several_bytes_and_lines_do_not_shift_what_is_replaced() -> None:
    loop = "for é in tqdm.tqdm(\n    ['ü' * 2, 'ä'], desc='öö'\n):\n    print(é)"
    code = f"import torch, tqdm\n{loop}\nü = torch.ones(2).cuda() + 1 # é"
    after = applied(code, refusals(code))
    answer = handle({"code": after})
    assert (answer["error"], answer["printed"]) == (None, "üü\nä\n")
    assert after.endswith("ü = torch.ones(2) + 1 # é")


@pytest.mark.parametrize("name", REFUSED)
def test_whatever_is_refused_is_among_all_that_is_and_every_offer_is_a_program(name: str) -> None:
    code = REFUSED[name][0] if isinstance(REFUSED[name], tuple) else REFUSED[name]
    answer = handle({"code": code})
    found = answer["refusals"]
    assert answer["refused"]["line"] in [refusal["line"] for refusal in found]
    if any(refusal["offers"] for refusal in found):
        for place in range(2):
            ast.parse(applied(code, found, place))


def test_a_loader_is_looked_into_as_before() -> None:
    code = """import torch
from torch.utils.data import DataLoader
loader = DataLoader(data=[], batch_size=3)
first = iter(loader)
x, y = first.next()
a, b = next(iter(loader))
m = torch.nn.Linear(4, 2)
m.load_state_dict(torch.load('m.pt'))
model = torch.load('m.pt')
for p in model.parameters():
    print(p)
model = m
loss = torch.nn.CrossEntropyLoss()(model(x), y)
print(torch.equal(x, a))
"""
    found = refusals(code)
    assert kinds(found)[10] == ["comment"]
    assert "`torch.utils.data.DataLoader` is not" in found[1]["text"]
    answer = handle({"code": applied(code, found)})
    assert (answer["refused"], answer["error"], answer["printed"]) == (None, None, "True\n")
    assert answer["names"]["x"]["shape"] == [3, 4]


def test_pictures_are_few_and_of_a_guessed_size_where_it_is_not_known() -> None:
    code = "import torch\nx = torch.load('x.pt')\nm = torch.nn.Conv2d(3, 2, 5)"
    (offer, _) = refusals(code)[0]["offers"]
    assert (offer["shape"], "guess" in offer["said"]) == ("8, 3, 32, 32", True)


def test_of_many_refusals_the_first_are_told_and_of_a_very_long_program_the_first_alone() -> None:
    code = "import numpy as np\n" + "x = np.sin(x)\n" * 200
    found = refusals(code)
    assert [refusal["line"] for refusal in found] == list(range(1, 61))
    code = "import numpy as np\n" + "x = 1 + 1\n" * 4_000
    assert [(refusal["line"], refusal["offers"]) for refusal in refusals(code)] == [(1, [])]


def test_an_accepted_program_has_no_refusals() -> None:
    assert handle({"code": "import torch\nx = torch.ones(2)"})["refusals"] == []
