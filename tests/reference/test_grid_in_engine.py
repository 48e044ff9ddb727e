"""The published grid of cut-ins, driven in the engine: both ways of meeting it agree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from marks import compiled
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter, minimum_filter

from sim.reference import Driver, Grid, cut_in, cut_in_grid
from sim.reference.rerun import rerun
from sim.world.episode import Episode
from sim.world.road import straight
from sim.world.rollout import simulate
from sim.world.scene import Scene

Floats = NDArray[np.float64]

LENGTH, WIDTH, LANE = 4.3, 1.9, 3.5
SHORT = 0.4  # of the other: in the engine a box turns as it drifts, on the grid it does not
STARTS_S, TURN_S = 8.0, 0.3  # first lateral motion; how far a heading lags behind its order
STEP, RAMP = 0.1, 0.15  # s; m/s of lateral speed gained in each


def scene(grid: Grid, drift: Floats, ahead: Floats) -> Episode:
    """Cut-ins as on the grid; the other starts `ahead` of the ego, bumper to bumper [m].

    Its lateral speed grows by 1.5 m/s² to `drift`, by orders that lead by the steering's lag.
    """
    ramp = np.ceil(drift / RAMP - 1e-9)
    before = 0.5 * RAMP * ramp * (ramp - 1.0) * STEP  # crossed while the lateral speed grows
    road = straight(lanes=2, length=9000.0, lane_width=LANE)
    out = Scene(len(drift), road)
    car: dict[str, Any] = {"width": WIDTH, "law": "free", "changes_lanes": 0}
    steady = {"accel_max": 1e-3, "brake_comfort": 1e-3}
    ego = out.car(lane=0, s=1000.0, speed=grid.ego_speed, length=LENGTH, **car, **steady)
    place = {"lane": 1, "ahead_of": ego, "gap": ahead, "d": before}
    other = out.car(speed=grid.other_speed, length=SHORT, **place, **car)
    for k in range(math.ceil(ramp.max()) + 1):
        wanted = np.where(k < ramp, RAMP * k + 1.5 * TURN_S, drift)
        out.when(other, time_s=STARTS_S + STEP * k).lane(0, lateral_speed=wanted)
    return out.episode(seed=1)


def overlaps_at(grid: Grid, drift: Floats) -> Floats:
    """When the two begin to overlap laterally in the engine [s], measured without any meeting."""
    log = simulate(scene(grid, drift, np.full(len(drift), 400.0)), seconds=60.0)
    other = log.tracks[log.tracks["track_id"] == 1]
    y, yaw = (
        other.pivot(index="frame", columns="episode_id", values=name).to_numpy()
        for name in ("y_m", "yaw_rad")
    )
    wide = WIDTH * np.cos(yaw) + SHORT * np.abs(np.sin(yaw))
    side = y - y[-1] - 0.5 * (WIDTH + wide)
    times = 0.1 * np.arange(len(side))
    return np.array([np.interp(0.0, -column, times) for column in side.T])


def in_the_engine(grid: Grid, drift: Floats, driver: Driver) -> NDArray[np.bool_]:
    """Crashes (G, L) with this driver; overlap begins at the gap at which it does on the grid."""
    gap, across = np.broadcast_arrays(grid.gap, drift)
    begins = np.broadcast_to(overlaps_at(grid, drift), gap.shape)
    closing = grid.ego_speed - grid.other_speed
    ahead = gap + closing * (begins - 1.6 / across)
    episode = scene(grid, across.ravel(), ahead.ravel())
    until = np.full(len(episode), 40.0)
    return rerun(driver, episode, until, dt=0.1).crashed.reshape(gap.shape)


def beside_a_boundary(crashed: NDArray[np.bool_], gaps: int, drifts: int) -> NDArray[np.bool_]:
    """Whether the outcome is another within so many cells of gap and of lateral speed."""
    size = (2 * gaps + 1, 2 * drifts + 1)
    return np.asarray(maximum_filter(crashed, size) != minimum_filter(crashed, size))


@compiled
@pytest.mark.parametrize("driver", list(Driver))
@pytest.mark.parametrize(("ego", "other"), [(60, 20), (130, 70)])
def test_the_engine_agrees_with_the_grid(driver: Driver, ego: float, other: float) -> None:
    grid = cut_in_grid(ego, other)
    drift = grid.lateral_speed[0, 1:]
    closing = grid.ego_speed - grid.other_speed
    run = cut_in(
        driver,
        ego_speed=grid.ego_speed,
        other_speed=grid.other_speed,
        gap=grid.gap,
        lateral_speed=drift,
        length=0.5 * (LENGTH + SHORT),
    )
    judged = np.ones(run.crashed.shape, np.bool_)
    if driver == Driver.CAREFUL:
        # whom it finds harmless ends the authors' run; here somebody still has to follow it,
        # which the ego of this scene does not
        judged = grid.gap - closing * 1.6 / drift <= 2.0 * closing
    mine = in_the_engine(grid, drift, driver)
    differs = (mine != run.crashed)[judged]
    assert 0.02 < run.crashed[judged].mean() < 0.9
    assert differs.mean() < 0.04
    assert (differs & ~beside_a_boundary(run.crashed, 2, 1)[judged]).sum() == 0
