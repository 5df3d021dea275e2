"""Blocks of text with places for numbers: `data-readout` names a number, `data-text` a piece of text."""

from pathlib import Path

from components.widgets import mount

_FOLDER = Path(__file__).parent
_headline = mount.register("headline", (_FOLDER / "headline.html").read_text("utf-8"), script="readouts")
_by_hand = mount.register("by_hand", (_FOLDER / "by_hand.html").read_text("utf-8"), script="readouts")


def headline(key: str) -> None:
    """The forward pass as one line of mathematics, and the loss and its gradients in large figures."""
    _headline(key=key)


def by_hand(key: str) -> None:
    """The derivation by hand beside autograd's answer, with their distance."""
    _by_hand(key=key)
