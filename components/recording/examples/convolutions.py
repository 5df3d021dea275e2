"""A convolutional network on two images of 8 x 8 points."""

import torch
from torch import Tensor, nn

from components.recording.recorder import record


class Digits(nn.Module):
    """Two convolutions, each halved by pooling, and one linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, kernel_size=3, padding=1)
        self.norm1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 8, kernel_size=3, padding=1)
        self.head = nn.Linear(8 * 2 * 2, 10)

    def forward(self, images: Tensor) -> Tensor:
        """The scores of ten digits."""
        edges = torch.relu(self.norm1(self.conv1(images)))
        edges = nn.functional.max_pool2d(edges, 2)
        shapes = torch.relu(self.conv2(edges))
        shapes = nn.functional.max_pool2d(shapes, 2)
        scores: Tensor = self.head(shapes.flatten(start_dim=1))
        return scores


torch.manual_seed(0)
model = Digits()
images = torch.rand(2, 1, 8, 8)
labels = torch.tensor([3, 7])

with record() as r:
    scores = model(images)
    loss = nn.functional.cross_entropy(scores, labels)
    loss.backward()
