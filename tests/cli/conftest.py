"""What every test of the command line starts from."""

import pytest

from sim.cli import main


@pytest.fixture(autouse=True)
def silent_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether machine code is made while a test runs depends on the tests before it."""
    monkeypatch.setattr(main, "_tell_of_compiling", lambda: None)
