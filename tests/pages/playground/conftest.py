"""Programs of the playground, on machines of any speed."""

import pytest

from components.sandbox import budget


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, what is not endless may take its time."""
    monkeypatch.setattr(budget, "MOST_SECONDS", 60)
