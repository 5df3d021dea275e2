"""Twelve layers with sigmoids: the gradient vanishes on its way to the first one."""

import torch
from torch import nn

from components.recording.recorder import record

torch.manual_seed(0)
model = nn.Sequential()
for _ in range(12):
    model.append(nn.Linear(4, 4))
    model.append(nn.Sigmoid())
x, target = torch.randn(8, 4), torch.rand(8, 4)

with record() as r:
    loss = nn.functional.mse_loss(model(x), target)
    loss.backward()
