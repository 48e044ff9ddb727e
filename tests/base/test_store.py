"""Parquet files: looked at before they are unfolded, and told where they are none."""

from pathlib import Path

import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.base.store import read_parquet, rows_of, write_parquet


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_parquet(pd.DataFrame({"a": [1, 2, 3], "b": 0.5}), tmp_path / "a.parquet")


def test_no_more_rows_are_read_than_are_wanted(path: Path) -> None:
    assert rows_of(path) == 3
    assert read_parquet(path, most=3, columns=["a"])["a"].tolist() == [1, 2, 3]
    with pytest.raises(UserError, match=r"a\.parquet: rows: expected at most 2, got 3"):
        read_parquet(path, most=2)


def test_what_is_no_whole_parquet_is_told(path: Path) -> None:
    was = path.read_bytes()
    for part in (b"", was[: len(was) // 2], was[:-8] + b"\xff" * 4 + b"PAR1", b"PAR1" * 20):
        path.write_bytes(part)
        with pytest.raises(
            UserError, match=r"a.parquet: cannot be read as Parquet \(.*\)"
        ) as caught:
            read_parquet(path)
        assert "\n" not in str(caught.value)
    path.write_bytes(was)
    with pytest.raises(UserError, match="cannot be read as Parquet"):
        read_parquet(path, columns=["c"])
