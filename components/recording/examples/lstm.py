"""An LSTM over ten steps, of which only the last one is asked for."""

import torch
from torch import nn

from components.recording.recorder import record

torch.manual_seed(0)
cell, head = nn.LSTMCell(1, 4), nn.Linear(4, 1)
wave = torch.sin(torch.arange(11) * 0.6).reshape(11, 1, 1)
hidden = state = torch.zeros(1, 4)

with record() as r:
    for step in range(10):
        hidden, state = cell(wave[step], (hidden, state))
    prediction = head(hidden)
    loss = (prediction - wave[10]).square().sum()
    loss.backward()
