"""On a busy machine, what is not endless may take its time."""

import pytest

from components.sandbox import budget


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs are not stopped for their time."""
    monkeypatch.setattr(budget, "MOST_SECONDS", 60)
