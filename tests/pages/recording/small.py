"""A recording of two steps of a small network, made with the recorder."""

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
