"""Blocks of text with places for numbers: `data-readout` names a number, `data-text` a piece of text."""

from pathlib import Path

from components.widgets import mount

_BLOCKS = {
    path.stem: mount.register(path.stem, path.read_text("utf-8"), script="readouts")
    for path in sorted(Path(__file__).parent.glob("*.html"))
}
_lesson = mount.register("lesson", script="readouts")


def show(block: str, page: str) -> None:
    """Mount the block of this name (a file beside this one); its numbers come with the messages of `page`."""
    _BLOCKS[block](key=block.replace("_", "-"), data={"page": page})


def lesson(page: str, body: str) -> None:
    """Mount a lesson's text, HTML with places for the page's own numbers."""
    _lesson(key="lesson", data={"page": page, "html": f'<article class="readouts lesson">{body}</article>'})
