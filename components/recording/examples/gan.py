"""A step of a GAN in which `detach()` was forgotten: the discriminator's pass reaches the generator, too."""

import torch
from torch import nn

from components.recording.recorder import record

torch.manual_seed(0)
generator = nn.Sequential(nn.Linear(2, 4), nn.ReLU(), nn.Linear(4, 1))
discriminator = nn.Sequential(nn.Linear(1, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1))
of_discriminator = torch.optim.SGD(discriminator.parameters(), lr=0.1)
of_generator = torch.optim.SGD(generator.parameters(), lr=0.1)
decide = nn.BCEWithLogitsLoss()
real, ones, zeros = torch.randn(4, 1) + 3, torch.ones(4, 1), torch.zeros(4, 1)

with record() as r:
    fake = generator(torch.randn(4, 2))
    discriminator_loss = decide(discriminator(real), ones) + decide(discriminator(fake), zeros)
    discriminator_loss.backward()
    of_discriminator.step()

    fake = generator(torch.randn(4, 2))
    generator_loss = decide(discriminator(fake), ones)
    generator_loss.backward()
    of_generator.step()
