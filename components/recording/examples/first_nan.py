"""A normal distribution is fitted with too large a step: in step 7 the first nan appears."""

import torch

from components.recording.recorder import record

x = torch.tensor([2.1, 2.9, 3.4, 2.4, 3.2])
mean = torch.tensor(0.0, requires_grad=True)
width = torch.tensor(2.0, requires_grad=True)
optimizer = torch.optim.SGD([mean, width], lr=1.6)

with record() as r:
    for _ in range(8):
        optimizer.zero_grad()
        distance = (x - mean) / width
        loss = (torch.log(width) + distance**2 / 2).mean()
        loss.backward()
        optimizer.step()
