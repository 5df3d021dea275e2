"""Every sentence that the pages say, at each preset and at odd states: to be read by a person, and walked by a test.

python -m tests.pages.sentences
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from components.address.packed import pack
from components.pages import lessons
from components.pages.index import PAGES
from components.pages.page import Page
from components.pages.recording.colours import FIGURES
from components.pages.teach.worksheets import SHEETS
from tests.messages import answer
from tests.pages.recording import small

ODD: Mapping[str, tuple[str, ...]] = {
    "neuron": (
        "w=3&y=0",
        "w=3&y=1",
        "w=-3&y=1",
        "x=10&w=5&b=10&y=0&dtype=float64",
        "x=0&w=0&b=0&y=1",
        "w=3&y=0&loss=logits",
        "w=-3&y=1&loss=bce",
        "w=3&y=1&loss=bce",
        "x=2&w=-4&y=1&loss=squared",
        "w=1&other=logits&with_x=1&h=1e-13",
        "w=3&y=0&node=w&step=8",
        "view=concept&open=loss&node=loss",
    ),
    "chain_rule": (
        "x=0",
        "x=-3&result=y",
        "x=0&result=y",
        "x=1.3&node=z",
        "x=-0.1&step=2",
        "x=3&predict=dz_dx",
    ),
    "vectors": (
        "values=0,0,0",
        "values=5",
        "values=5&reduce=none",
        "values=1,2,3&reduce=none&v=0,0,0",
        "values=-1,2,-3,4,-5,6,-7,8&reduce=none",
        "values=1,2&reduce=sum&node=y",
    ),
    "gradient_lab": (
        "x=0&run=backward",
        "experiment=accumulate&run=backward,again",
        "experiment=accumulate&run=backward,none",
        "experiment=leaf&run=y-grad",
        "experiment=detach&run=detach,write",
        "experiment=detach&run=detach,write,backward",
        "experiment=no-grad&run=no-grad,backward",
    ),
    "training": (
        "at=1&optimizer=momentum",
        "at=60&lr=100",
        "at=2&batch=2&zero=never",
        "w=5&b=10&loss=notebook&points=10,0&at=1",
        "at=5&optimizer=adamw&extent=80",
        "points=0,1&lr=0.001&steps=1&at=1",
        "loss=squared&w=-5&b=-10",
        "compare=sgd;sgd:never&steps=3",
        "batch=1&zero=epoch&at=4&optimizer=nesterov",
        "points=1,1;1,0&at=60&lr=100",
        "at=3&node=w&step=2",
        "hide=answers",
    ),
    "playground": tuple(
        f"code={pack(code)}"
        for code in (
            "",
            "import numpy as np\n",
            "while True:\n    pass\n",
            "import torch\nx = torch.ones(10 ** 10)\n",
            "import torch\nprint(torch.ones(2) + torch.ones(3))\n",
            "x = 3\n",
        )
    ),
    "teach": tuple(f"worksheet={name}" for name in SHEETS),
    "recording": (
        *(f"graph={small.packed()}{more}" for more in ("", "&moment=0&node=model.0.weight", "&node=mul")),
        *(f"example=sigmoids&colour={figure}" for figure in FIGURES),
        "example=gan&moment=0&beside=same&beside_moment=1&node=relu",
        "example=gan&moment=1&beside=same&beside_moment=0&node=beside:leakyrelu",
        "example=sigmoids&beside=example:two_layers",
        f"example=gan&beside=file:{'0' * 32}",
        "example=gan&beside=graph:YWJj",
        "graph=YWJj",
        "graph=",
        f"file={'0' * 32}",
    ),
}
"""Queries by page."""


def states(page: Page[Any]) -> list[str]:
    """The queries of a page's presets and of its odd states."""
    written = [page.form.write(inputs) for inputs in page.form.presets.values()]
    presets = [urlencode({name: text for name, text in one.items() if text is not None}) for one in written]
    return [*(presets or [""]), *ODD[page.name]]


def sentences(page: Page[Any], query: str) -> list[str]:
    """What the page says at an address, each sentence once: its lesson, and all words of its message."""
    message = answer(page.name, query=query).fields
    said = [*_lesson(page.name, message["readouts"]), *_inside(message | {"readouts": {}, "values": {}, "static": {}})]
    return list(dict.fromkeys(filter(_is_sentence, (" ".join(text.split()) for text in said))))


def _lesson(name: str, readouts: Mapping[str, Any]) -> list[str]:
    body = lessons.read(name).body
    place = re.compile(r'<[^<>]*data-of="(\w+)"[^<>]*>(?:</\w+>)?')
    filled = place.sub(lambda found: readouts.get(found[1], ("", "?"))[1], body)
    paragraphs = re.findall(r"<(?:p|li)>(.*?)</(?:p|li)>", filled, re.DOTALL)
    return [html.unescape(re.sub(r"<[^<>]*>", "", paragraph)) for paragraph in paragraphs]


def _inside(said: object) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, Mapping):
        for name, part in said.items():
            if name not in ("code", "printed"):  # a program's own
                yield from _inside(part)
    elif isinstance(said, list):
        for part in said:
            yield from _inside(part)


def _is_sentence(text: str) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", text)) >= 3


if __name__ == "__main__":
    for each in PAGES.values():
        for state in states(each):
            print(f"\n{each.name}?{state}", *sentences(each, state), sep="\n  ")
