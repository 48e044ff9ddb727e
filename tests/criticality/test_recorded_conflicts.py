"""On recorded traffic: an independent script's rear-end conflicts, found from `pairs` alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.criticality import pairs, summary
from sim.world.log import Log

LASTING = 3  # frames: 0.3 s


@pytest.fixture(scope="module")
def recordings(request: pytest.FixtureRequest) -> dict[str, Log]:
    root: Path = request.getfixturevalue("recordings_root")
    referee = pd.read_csv(root / "conflicts_ttc3.csv")
    files = {file.stem: file for file in sorted(root.glob("tidy/[!d]*/*.parquet"))}
    return {name: _log(files[name]) for name in sorted(set(referee["recording_id"]))}


def _log(file: Path) -> Log:
    """The rows that the referee used, each chain of a proving ground on a road of its own."""
    raw = pd.read_parquet(file)
    raw = raw[~raw["dup_track"]] if "dup_track" in raw else raw[~raw["gap_bad"]]
    apart = 1000.0 * raw["lane"] if "gap_bad" in raw else 0.0
    names = {"x": "x_m", "heading": "yaw_rad", "ax": "accel_mps2", "length": "length_m"}
    table = raw.rename(columns={**names, "width": "width_m"}).assign(
        episode_id=file.stem,
        t_s=0.1 * raw["frame"],
        y_m=raw["y"] + apart,
        speed_mps=np.hypot(raw["vx"], raw["vy"]),
    )
    return Log.of(pd.DataFrame({"episode_id": [file.stem]}), table)


def _conflicts(log: Log) -> pd.DataFrame:
    """Runs of TTC under 3 s, by the speeds and by the gap's own rate, over at least 0.3 s."""
    table = pairs(log, range_m=100.0, metrics=("gap", "ttc"))
    people = log.tracks.loc[log.tracks["kind"] == "pedestrian", "track_id"]
    table = table[table["gap_m"].notna() & ~table["ego_id"].isin(people)]
    table = table.sort_values(["ego_id", "other_id", "frame"], ignore_index=True)
    by_rate = _rate_ttc(table)
    hot = table[(table["ttc_s"] < 3.0) & ~(by_rate >= 3.0)]
    pair = hot[["ego_id", "other_id"]]
    new = (pair != pair.shift()).any(axis=1) | (hot["frame"].diff() > 1)
    runs = hot.groupby(new.cumsum()).agg(
        ego_id=("ego_id", "first"),
        other_id=("other_id", "first"),
        start=("frame", "first"),
        end=("frame", "last"),
    )
    return runs[runs["end"] - runs["start"] >= LASTING - 1]


def _rate_ttc(table: pd.DataFrame) -> np.ndarray:
    """Gap over its own rate across 1 s; NaN where the pair was not followed all along."""
    sides = []
    for k in (5, -5):
        far = table.shift(k)
        same = (far[["ego_id", "other_id"]] == table[["ego_id", "other_id"]]).all(axis=1)
        same &= table["frame"] - far["frame"] == k
        sides.append(far["gap_m"].where(same))
    rate = (sides[0] - sides[1]).to_numpy()
    gap = table["gap_m"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        time = np.where(rate > 0.0, gap / rate, np.inf)
    return np.where(np.isnan(rate), np.nan, np.where(gap <= 0.0, 0.0, time))


def test_the_referees_conflicts_are_found(
    recordings: dict[str, Log], recordings_root: Path
) -> None:
    referee = pd.read_csv(recordings_root / "conflicts_ttc3.csv")
    missed, extra = [], 0
    for name, log in recordings.items():
        ours = _conflicts(log)
        used = np.zeros(len(ours), dtype=bool)
        for row in referee[referee["recording_id"] == name].itertuples():
            hit = (ours["ego_id"] == row.track_id) & (ours["other_id"] == row.lead_id)
            hit &= (ours["start"] <= row.frame_end) & (ours["end"] >= row.frame_start)
            used |= hit.to_numpy()
            if not hit.any():
                missed.append((name, row.track_id, row.lead_id, row.frame_start))
        extra += int((~used).sum())
    recall = 1.0 - len(missed) / len(referee)
    print(f"recall {recall:.4f} of {len(referee)}, {extra} others, missed {missed}")
    assert recall > 0.97, f"{recall:.4f}: missed {missed}"
    assert extra < len(referee), f"{extra} that the referee does not have"


def test_the_summary_of_a_recording_is_consistent_with_its_rows(
    recordings: dict[str, Log],
) -> None:
    moving = [log for name, log in recordings.items() if "Lanker" in name]
    log = max(moving, key=lambda log: int((log.tracks["speed_mps"] > 5.0).sum()))
    table, worst = pairs(log), summary(log)
    key = ["ego_id", "other_id"]
    least = table.groupby(key).agg(
        frames=("frame", "size"),
        min_distance_m=("distance_m", "min"),
        min_ttc_s=("ttc_s", "min"),
        min_ttc_2d_s=("ttc_2d_s", "min"),
        max_drac_mps2=("drac_mps2", "max"),
    )
    pd.testing.assert_frame_equal(
        worst.set_index(key)[list(least)], least, check_dtype=False, check_like=True
    )
    assert (worst["tit_s2"] <= 1.5 * worst["tet_s"] + 1e-9).all()
    touched = worst["min_distance_m"] == 0.0
    assert worst["pet_s"][touched].fillna(0.0).eq(0.0).all()  # who follows has none
    crossed = worst["pet_first_id"] >= 0
    assert crossed.equals(worst["pet_s"].notna())
    assert worst.loc[crossed, "pet_s"].between(0.0, 5.0).all()
