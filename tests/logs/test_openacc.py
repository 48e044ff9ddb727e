"""OpenACC: gaps and their rates, chains, missing and bad gaps."""

from __future__ import annotations

import numpy as np

from sim.logs import read

T = 60


def _run(closing: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    speeds = np.full((T, 3), 10.0)
    speeds[:, 1] += closing
    gaps = np.stack([20.0 - closing * 0.1 * np.arange(T), 30.0 + closing * 0.1 * np.arange(T)], 1)
    return speeds, gaps


def _gap(tracks, lead: int, follower: int) -> np.ndarray:
    a, b = (tracks[tracks["track_id"] == n].set_index("frame") for n in (lead, follower))
    gap = a["x_m"] - b["x_m"] - (a["length_m"] + b["length_m"]) / 2
    return gap.dropna().to_numpy()


def test_gaps_and_their_rates_are_the_recorded_ones(openacc, folder):
    speeds, gaps = _run()
    root = folder({"zala/run.csv": openacc(speeds, gaps)})
    log, dropped = read(root / "zala/run.csv")
    tracks = log.tracks
    assert dropped.text() == "nothing"
    assert log.episodes.loc[0, "group"] == "zala/run"
    np.testing.assert_allclose(_gap(tracks, 1, 2), gaps[:, 0], atol=1e-9)
    np.testing.assert_allclose(_gap(tracks, 2, 3), gaps[:, 1], atol=1e-9)
    for number in (1, 2, 3):
        one = tracks[tracks["track_id"] == number]
        np.testing.assert_allclose(np.diff(one["x_m"]) / 0.1, one["speed_mps"][1:], atol=1e-6)
    lengths = tracks.groupby("track_id")["length_m"].first().tolist()
    assert lengths == [4.01, 4.73, 4.7]


def test_small_gaps_and_jumps_are_left_out_and_counted(openacc, folder):
    speeds, gaps = _run(closing=0.0)
    gaps[:10, 0] = 0.4
    gaps[40:, 1] += 5.0
    root = folder({"zala/run.csv": openacc(speeds, gaps)})
    log, dropped = read(root / "zala/run.csv")
    assert (dropped.gaps, dropped.jumps) == (10, 2)  # the step out of 0.4 m, and that of 5 m
    assert log.tracks.query("track_id == 2")["frame"].min() == 11
    assert 40 not in log.tracks.query("track_id == 3")["frame"].tolist()


def test_a_missing_car_breaks_the_chain_and_the_rest_drives_apart(openacc, folder):
    speeds, gaps = _run(closing=0.0)
    gaps[:, 0] = np.nan
    root = folder({"zala/run.csv": openacc(speeds, gaps)})
    tracks = read(root / "zala/run.csv")[0].tracks
    y = tracks.groupby("track_id")["y_m"].first()
    assert y[1] == 0.0
    assert y[2] == y[3] == 1000.0
    np.testing.assert_allclose(_gap(tracks, 2, 3), 30.0, atol=1e-9)


def test_rows_without_a_gap_or_a_speed_are_missing(openacc, folder):
    speeds, gaps = _run(closing=0.0)
    speeds[5, 0] = np.nan
    gaps[7, 1] = np.nan
    root = folder({"zala/run.csv": openacc(speeds, gaps)})
    log, dropped = read(root / "zala/run.csv")
    assert dropped.missing == 2
    assert 5 not in log.tracks.query("track_id == 1")["frame"].tolist()
    assert 7 not in log.tracks.query("track_id == 3")["frame"].tolist()
    x = log.tracks.query("track_id == 1").set_index("frame")["x_m"]
    np.testing.assert_allclose(x[59], 59.0, atol=1e-9)


def test_columns_of_absent_cars_may_be_absent(openacc, folder):
    speeds, gaps = _run(closing=0.0)
    text = openacc(speeds, gaps)
    for old, new in (("Speed3", "Speed9"), ("E3", "E9")):
        text = text.replace(old, new)
    root = folder({"zala/run.csv": text})
    tracks = read(root / "zala/run.csv")[0].tracks
    assert tracks.groupby("track_id")["y_m"].first().tolist() == [0.0, 0.0, 1000.0]
