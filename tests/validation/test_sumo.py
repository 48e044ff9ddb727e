"""The platoon of tools/golden_sumo.py: our IDM against SUMO's, whose trajectories are kept.

SUMO's ballistic integrator is ours: accelerations asked once a step, speeds linear in between.
There both agree to the digits of the table. Its Euler's step moves everybody at the new speed,
so the imposed leader itself ends elsewhere, and the gaps differ by what the step errs.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from marks import compiled
from numpy.typing import NDArray

from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "sumo_idm_platoon.csv"
USERS, LENGTH_M, FIRST_M = 9, 4.5, 100.0


@cache
def ours(dt: float) -> tuple[Floats, Floats]:
    """Fronts from the leader's first [m] and speeds [m/s] every half second, (T, 9)."""
    scene = Scene(1, straight(lanes=1, length=9000.0))
    lead = ahead = scene.car(lane=0, s=FIRST_M, speed=25.0, law="free")
    for _ in range(USERS - 1):
        ahead = scene.car(
            lane=0, behind=ahead, gap=40.0, speed=25.0, desired_speed=33.3, changes_lanes=0
        )
    scene.when(lead, time_s=5.0).brake(3.0, down_to=10.0)
    scene.when(lead, time_s=15.0).speed(25.0, accel=1.5)
    rows = simulate(scene.episode(), seconds=50.0, dt=dt).tracks
    x, v = (
        rows.pivot(index="frame", columns="track_id", values=name).to_numpy()
        for name in ("x_m", "speed_mps")
    )
    return x[::5] - FIRST_M, v[::5]


def theirs(method: str) -> tuple[Floats, Floats]:
    """The same by SUMO."""
    table = pd.read_csv(GOLDEN, comment="#")
    rows = table[table["method"] == method]
    x, v = (rows[[f"{what}{k}" for k in range(USERS)]].to_numpy() for what in ("x", "v"))
    return x, v


def gaps(x: Floats) -> Floats:
    return x[:, :-1] - x[:, 1:] - LENGTH_M


@compiled
def test_the_platoon_moves_as_in_sumo_with_its_ballistic_integrator() -> None:
    (x, v), (their_x, their_v) = ours(0.1), theirs("ballistic")
    assert len(x) == len(their_x) == 101
    assert gaps(their_x).min() < 17.0  # the manoeuvre asks something of everybody
    assert gaps(their_x).max() > 55.0
    np.testing.assert_allclose(x, their_x, atol=4e-4)  # 0.05 mm in the table, float32 in the log
    np.testing.assert_allclose(v, their_v, atol=1e-4)


@compiled
def test_eulers_step_errs_more() -> None:
    """Of gaps between 17 and 60 m: ours are 0.19, those of Euler 0.33 m off at most."""
    exact, own, euler = gaps(ours(0.1 / 32)[0]), gaps(ours(0.1)[0]), gaps(theirs("euler")[0])
    assert np.abs(ours(0.1)[1] - theirs("euler")[1]).max() < 0.1
    assert np.abs(own - euler).max() < 0.25
    assert np.abs(own - exact).max() < np.abs(euler - exact).max() < 0.4
