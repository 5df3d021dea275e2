"""Notebooks as programs write them, for the tests."""

import json
from typing import Any


def cell(source: Any, kind: str = "code", **more: Any) -> dict[str, Any]:
    """A cell of a notebook."""
    own: dict[str, Any] = {"execution_count": 1, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source} | own | more


def notebook(*cells: Any, **more: Any) -> bytes:
    """A notebook of these cells; texts are code."""
    made = [cell(one) if isinstance(one, str) else one for one in cells]
    root = {"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | more
    return json.dumps(root, indent=1).encode()


PICTURE = {
    "output_type": "display_data",
    "data": {"image/png": "iVBORw0KGgo=" * 200, "text/html": "<script>"},
}
TEACHERS = notebook(
    cell("# Linear regression\nby hand", "markdown", attachments={"a.png": {"image/png": "AAAA"}}),
    cell(["%matplotlib inline\n", "import numpy as np\n", "import torch\n", "import matplotlib.pyplot as plt"]),
    cell(["!pip install torchviz"]),
    cell("np.random.seed(0)\nx = np.random.rand(20, 1)\ny = 2 * x + 1", outputs=[PICTURE]),
    cell("plt.scatter(x, y)", outputs=[PICTURE] * 3),
    cell(""),
    cell("%%bash\nls -l\nrm -r x"),
    cell(
        "%%time\nx, y = torch.from_numpy(x).float(), torch.from_numpy(y).float()\nw = torch.zeros(1).requires_grad_()"
    ),
    cell(
        "loss = ((w * x - y) ** 2).mean()\nloss.backward()\nw.grad", outputs=[{"data": {"text/plain": "tensor([-2.])"}}]
    ),
    metadata={"kernelspec": {"name": "python3", "language": "python"}, "language_info": {"name": "python"}},
)
