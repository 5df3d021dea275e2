"""A transformer's layer, its attention written out, on one sentence of four words."""

import torch
from torch import Tensor, nn

from components.recording.recorder import record


class Attention(nn.Module):
    """Self-attention with one head."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.query, self.key, self.value = nn.Linear(size, size), nn.Linear(size, size), nn.Linear(size, size)

    def forward(self, words: Tensor) -> Tensor:
        """Each word as a mixture of all words' values."""
        q, k, v = self.query(words), self.key(words), self.value(words)
        weights = torch.softmax(q @ k.transpose(0, 1) / q.shape[-1] ** 0.5, dim=-1)
        mixed: Tensor = weights @ v
        return mixed


class Layer(nn.Module):
    """Attention and a network for each word, both with a way around them."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.attention, self.norm1, self.norm2 = Attention(size), nn.LayerNorm(size), nn.LayerNorm(size)
        self.network = nn.Sequential(nn.Linear(size, 2 * size), nn.GELU(), nn.Linear(2 * size, size))

    def forward(self, words: Tensor) -> Tensor:
        """The words with what was said around them."""
        words = words + self.attention(self.norm1(words))
        result: Tensor = words + self.network(self.norm2(words))
        return result


torch.manual_seed(0)
embedding, layer, head = nn.Embedding(10, 4), Layer(4), nn.Linear(4, 10)
sentence, following = torch.tensor([1, 5, 2, 7]), torch.tensor([5, 2, 7, 0])

with record() as r:
    scores = head(layer(embedding(sentence)))
    loss = nn.functional.cross_entropy(scores, following)
    loss.backward()
