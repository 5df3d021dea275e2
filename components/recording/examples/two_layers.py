"""A network of two layers: one step's backward pass."""

import torch
from torch import nn

from components.recording.recorder import record

torch.manual_seed(0)
model = nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1))
x = torch.tensor([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
target = torch.tensor([[0.0], [1.0], [1.0], [0.0]])

with record() as r:
    prediction = model(x)
    loss = nn.functional.mse_loss(prediction, target)
    loss.backward()
