"""A recording of two steps of a small network, made with the recorder."""

import json
from functools import lru_cache

import torch

from components.address.packed import pack
from components.recording.recorder import record


@lru_cache(maxsize=1)
def text() -> str:
    """The recording as JSON; the gradients of the first pass are still there in the second."""
    state = torch.get_rng_state()
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Sigmoid(), torch.nn.Linear(3, 8))
    x = torch.randn(4, 2)
    torch.set_rng_state(state)
    with record() as recorder:
        for _step in range(2):
            hidden = model(x)
            loss = (hidden * hidden + hidden).mean()
            loss.backward()
    return str(recorder.text())


@lru_cache(maxsize=1)
def packed() -> str:
    """The same as an address says it."""
    return pack(text())


def chain(count: int) -> str:
    """A recording of `count` nodes in a row."""
    recording = json.loads(text())
    moment = recording["moments"][1]
    node = next(one for one in moment["nodes"] if one["op"] == "SigmoidBackward0")
    nodes = [node | {"id": f"n{place}", "line": place + 1, "module": f"net.{place}"} for place in range(count)]
    edges = [{"from": f"n{place + 1}", "to": f"n{place}", "local": None, "grad": None} for place in range(count - 1)]
    recording["moments"] = [moment | {"nodes": nodes, "edges": edges}]
    return json.dumps(recording)
