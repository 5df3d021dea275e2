"""Records the example programs that come with the app: `python -m components.recording.make_examples`."""

import runpy
from pathlib import Path

from components.recording.recorder import record

FOLDER = Path(__file__).parent / "examples"
NAMES = ("two_layers", "convolutions", "transformer", "lstm", "gan", "sigmoids", "first_nan")


def text_of(name: str) -> str:
    """What the recorder writes when an example's program runs."""
    recording = runpy.run_path(str(FOLDER / f"{name}.py"))["r"]
    assert isinstance(recording, record)
    text: str = recording.text()
    return text


def main() -> None:
    """Writes all of them anew."""
    for name in NAMES:
        (FOLDER / f"{name}.json").write_text(text_of(name) + "\n", "utf-8")


if __name__ == "__main__":
    main()
