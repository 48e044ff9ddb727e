"""Rows that are kept: bit for bit what was made, and never those of something else."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from feature_tables import make_table

from sim.features import FeatureTable
from sim.logs.field import FieldSettings
from sim.studies import cache

TABLE = make_table(site="a", recordings=3, seed=5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOSECALL_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


class Maker:
    """Makes tables, and counts how often."""

    def __init__(self, table: FeatureTable = TABLE) -> None:
        self.table, self.times = table, 0

    def __call__(self) -> dict[str, FeatureTable]:
        self.times += 1
        return {"train": self.table}


def same(a: FeatureTable, b: FeatureTable) -> None:
    for field in dataclasses.fields(FeatureTable):
        one, two = getattr(a, field.name), getattr(b, field.name)
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, two)
        else:
            np.testing.assert_array_equal(np.asarray(one), np.asarray(two), err_msg=field.name)


def test_what_is_kept_is_what_was_made(folder: Path) -> None:
    make = Maker()
    for _ in range(2):
        same(cache.cached({"field": FieldSettings()}, make)["train"], TABLE)
    assert make.times == 1
    assert isinstance(cache.cached({"field": FieldSettings()}, make)["train"].X, np.memmap)


def test_another_setting_or_code_is_another_entry(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Maker()
    cache.cached({"field": FieldSettings()}, make)
    cache.cached({"field": FieldSettings(seed=8)}, make)
    cache.cached({"field": FieldSettings(), "stride_s": 0.1}, make)
    monkeypatch.setattr(cache, "code_digest", lambda: "edited")
    cache.cached({"field": FieldSettings()}, make)
    assert make.times == 4
    cache.cached({"field": FieldSettings()}, make, use=False)
    assert make.times == 5


@pytest.mark.parametrize("name", ["entry.json", "train.X.npy", "train.events.parquet"])
@pytest.mark.parametrize("how", ["cut", "gone"])
def test_a_damaged_entry_is_made_again(folder: Path, name: str, how: str) -> None:
    make = Maker()
    cache.cached({"a": 1}, make)
    (path,) = folder.glob(f"*/{name}")
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    same(cache.cached({"a": 1}, make)["train"], TABLE)
    assert make.times == 2
    same(cache.cached({"a": 1}, make)["train"], TABLE)
    assert make.times == 2, "the damaged one was put in its place"


def test_the_oldest_entries_go(folder: Path) -> None:
    for k in range(cache.KEPT + 2):
        cache.cached({"k": k}, Maker())
    assert len([*folder.glob("*/entry.json")]) == cache.KEPT
    make = Maker()
    cache.cached({"k": cache.KEPT + 1}, make)
    assert make.times == 0


def test_where_nothing_can_be_kept_rows_are_made(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("CLOSECALL_CACHE", str(tmp_path / "file"))
    make = Maker()
    same(cache.cached({"a": 1}, make)["train"], TABLE)
    assert make.times == 1
