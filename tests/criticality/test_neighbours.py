"""Neighbours within reach are scipy's, in crowds along either axis and over many frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from random_traffic import log_of
from scipy.spatial import cKDTree

from sim.criticality.neighbours import neighbours, sweep_axis
from sim.world.log import Log
from sim.world.rows import Rows


def crowd(users: int, frames: int, *, along_y: bool, seed: int) -> Log:
    rng = np.random.default_rng(seed)
    spread = [60.0, 4000.0] if along_y else [4000.0, 60.0]
    place = rng.uniform(0.0, spread, (frames, users, 2))
    frame, track = np.mgrid[:frames, :users]
    table = log_of([{"track_id": 0}]).tracks.drop(columns=["frame", "track_id", "x_m", "y_m"])
    tracks = pd.concat([table] * place[..., 0].size, ignore_index=True).assign(
        frame=frame.ravel(), track_id=track.ravel(), x_m=place[..., 0].ravel(),
        y_m=place[..., 1].ravel(), t_s=0.1 * frame.ravel(),
    )  # fmt: skip
    return Log.of(pd.DataFrame({"episode_id": ["e"]}), tracks)


@pytest.mark.parametrize("along_y", [False, True])
@pytest.mark.parametrize("most", [10, 10**9])
def test_pairs_within_reach_are_those_of_a_tree(along_y: bool, most: int) -> None:
    log = crowd(700, 5, along_y=along_y, seed=3)
    rows = Rows.of(log)
    np.testing.assert_array_equal(sweep_axis(rows), rows.y if along_y else rows.x)
    got: list[tuple[int, int]] = []
    for first, second in neighbours(rows, 50.0, most):
        assert (first < second).all()
        assert len(set(rows.frame[first].tolist())) == (1 if most == 10 else 5)
        np.testing.assert_array_equal(rows.frame[first], rows.frame[second])
        got += zip(first.tolist(), second.tolist())
    want = set()
    for a, b in zip(rows.start[:-1], rows.start[1:]):
        tree = cKDTree(np.stack([rows.x[a:b], rows.y[a:b]], axis=1))
        want |= {(int(a) + i, int(a) + j) for i, j in tree.query_pairs(50.0)}
    assert len(got) == len(set(got)) == len(want) > 10_000
    assert set(got) == want
