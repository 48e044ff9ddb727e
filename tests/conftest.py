"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recordings_root() -> Path:
    """The folder of recordings that holds raw/ and tidy/, from `CLOSECALL_LOGS`."""
    told = os.environ.get("CLOSECALL_LOGS", "")
    if not told:
        pytest.skip("CLOSECALL_LOGS is not set: no recordings to read")
    root = Path(told)
    if not (root / "raw").is_dir():
        pytest.skip(f"CLOSECALL_LOGS={told} holds no folder raw/")
    return root


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither use nor fill the cache of who runs them."""
    os.environ["CLOSECALL_CACHE"] = str(tmp_path_factory.mktemp("cache"))
