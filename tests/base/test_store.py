"""Parquet files: looked at before they are unfolded, and told where they are none. JSON by rows."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.base.store import read_parquet, rows_of, write_json, write_json_rows, write_parquet


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


def test_json_by_rows_holds_what_json_holds_with_a_line_a_row(tmp_path: Path) -> None:
    rows = [{"a": k, "b": [np.float64(0.5), None]} for k in range(5)]
    value = {"schema": 2, "rows": rows, "none": [], "deep": {"x": float("nan")}}
    one, two = (
        json.loads(write(value, tmp_path / "a.json").read_text(encoding="utf-8"))
        for write in (write_json, write_json_rows)
    )
    assert one == two
    assert two["deep"] == {"x": None}
    lines = (tmp_path / "a.json").read_text(encoding="utf-8").splitlines()
    assert sum(line.startswith('{"a": ') for line in lines) == 5
