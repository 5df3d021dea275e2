"""Messages that are explained: torch, as it is installed, brings every one of them."""

import pytest

from components.drawing.torch_messages import MEANINGS, meaning
from components.sandbox.run import handle

BRINGING = {
    "does not require grad and does not have a grad_fn": "torch.ones(1).sum().backward()",
    "grad can be implicitly created only for scalar outputs": "(x * 2).backward()",
    "backward through the graph a second time": "y = (x ** 2).sum()\ny.backward()\ny.backward()",
    "modified by an inplace operation": "y = x.exp()\ny.add_(1)\ny.sum().backward()",
    "a view of a leaf Variable that requires grad is being used in an in-place operation": "x[0] = 5.0",
    "a leaf Variable that requires grad is being used in an in-place operation": "x += 1",
    "is a view and is being modified inplace": "for v in (x * 1).unbind():\n    v.add_(1)",
    "Inference tensors cannot be saved for backward": (
        "with torch.inference_mode():\n    z = torch.ones(2) * 2\n(x * z).sum().backward()"
    ),
    "support the deepcopy protocol": "import copy\ncopy.deepcopy(x * 2)",
    "can't optimize a non-leaf Tensor": "torch.optim.SGD([x * 2], lr=0.1)",
    "optimizer got an empty parameter list": "torch.optim.SGD([], lr=0.1)",
    "appears to not have been used in the graph": "w = torch.ones(1, requires_grad=True)\n"
    "torch.autograd.grad(x.sum(), [x, w])",
    "One of the differentiated Tensors does not require grad": "w = torch.ones(2)\n"
    "torch.autograd.grad((x * w).sum(), [x, w])",
    "Mismatch in shape: grad_output": "(x * 2).backward(torch.ones(3))",
    "shapes cannot be multiplied": "torch.nn.Linear(3, 1)(torch.ones(2, 2))",
    "must match the size of tensor b": "x + torch.ones(3)",
    "is invalid for input of size": "torch.ones(4).view(3)",
    "expected scalar type": "torch.bmm(torch.ones(1, 2, 2), torch.ones(1, 2, 2, dtype=torch.float64))",
    "have the same dtype": "torch.nn.Linear(2, 2)(torch.ones(2, 2, dtype=torch.float64))",
    "Found dtype": "torch.nn.functional.binary_cross_entropy(x, torch.ones(2, dtype=torch.float64))",
    "expected target dtype to be Long": "torch.nn.functional.cross_entropy(torch.ones(1, 2), torch.ones(1))",
    "ensors of floating point": "torch.tensor([1, 2], requires_grad=True)",
    "Can't call numpy() on Tensor that requires grad": "x.numpy()",
    "Boolean value of Tensor with more than one value is ambiguous": "if x > 0:\n    pass",
    "index out of range in self": "torch.nn.Embedding(2, 3)(torch.tensor([5]))",
    "is out of bounds": "x[5]",
    "Dimension out of range": "x.sum(dim=1)",
    "'NoneType' object has no attribute 'zero_'": "x.grad.zero_()",
    "and 'NoneType'": "x - 0.1 * x.grad",
    "object has no attribute 'backward'": "x.sum().item().backward()",
    "returned an incorrect number of gradients": (
        "class Product(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, a, b):\n        return a * b\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return g\n"
        "Product.apply(x, x).sum().backward()"
    ),
    "returned an invalid gradient": (
        "class Double(torch.autograd.Function):\n"
        "    @staticmethod\n    def forward(ctx, a):\n        return a * 2\n"
        "    @staticmethod\n    def backward(ctx, g):\n        return torch.ones(3)\n"
        "Double.apply(x).sum().backward()"
    ),
    "you can only change requires_grad flags of leaf variables": "y = x * 2\ny.requires_grad = False",
    "that is not a leaf Tensor is being accessed": "y = x * 2\ny.grad",
    "Using a target size": "torch.nn.functional.mse_loss(torch.ones(3, 1), torch.ones(3))",
    "Using backward() with create_graph=True will create a reference cycle": "x.sum().backward(create_graph=True)",
    "is not defined": "print(y)",
}
"""By the words of each message, a program that brings it."""


@pytest.mark.parametrize("words", MEANINGS)
def test_torch_brings_every_message_that_is_explained(words: str) -> None:
    answer = handle({"code": f"import torch\nx = torch.ones(2, requires_grad=True)\n{BRINGING[words]}\n"})
    assert answer["refused"] is None
    messages = [answer["error"]["message"]] if answer["error"] else [said["message"] for said in answer["warnings"]]
    assert words in messages[0]
    assert meaning(messages[0]) == MEANINGS[words]


@pytest.mark.parametrize("words", MEANINGS)
def test_every_part_of_a_meaning_is_a_short_sentence(words: str) -> None:
    for text in MEANINGS[words]:
        assert text.endswith(".")
        assert len(text) <= 240
        assert "\n" not in text


def test_other_messages_have_no_meaning_here() -> None:
    assert meaning("something new") is None
