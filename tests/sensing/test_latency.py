"""Old reports, slow sensors, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from random_traffic import following, log_of
from scenes import CLEAR, look, of_first, standing
from shapely.geometry import LineString, Polygon

from sim.base.errors import UserError
from sim.base.geometry import corners
from sim.sensing import Reason, SensorSettings
from sim.sensing.odometry import causal_motion
from sim.sensing.past_walls import LOOKS, past_walls
from sim.sensing.static import static_of
from sim.sensing.traffic import delayed, traffic_of
from sim.world.rows import Rows


def aged(latency: float) -> SensorSettings:
    """All sensors with the same latency."""
    return replace(
        CLEAR,
        latency_s=latency,
        lidar_latency_s=latency,
        camera=replace(CLEAR.camera, latency_s=latency),
        cloud=replace(CLEAR.cloud, latency_s=latency),
    )


@pytest.mark.parametrize("latency", [0.1, 0.25, 0.4])
def test_a_report_is_the_world_of_some_time_ago(latency: float) -> None:
    seen = look(following(30.0, 20.0, 15.0, frames=30), aged(latency))
    frame = np.arange(30)
    old = frame >= np.ceil(latency / 0.1 - 1e-9)
    wanted = 30.0 - 5.0 * (0.1 * frame - latency)
    for one in (seen, seen.camera, seen.cloud):
        first = of_first(seen, one)
        assert (first["reason"][~old] == Reason.LATENCY).all()
        assert (first["reason"][old] == 0).all()
        assert first["range"][old] == pytest.approx(wanted[old], abs=1e-3)
    assert of_first(seen, seen)["range_rate"][old] == pytest.approx(-5.0)
    front = np.abs(seen.angle).argmin()
    ahead = seen.clearance[:30, front] * np.cos(seen.angle[front])
    assert ahead[old] == pytest.approx(np.minimum(wanted[old], 50.0))
    assert np.isnan(ahead[~old]).all()


def test_between_frames_a_turn_is_halved() -> None:
    rows = Rows.of(
        log_of([{"track_id": 0, "frame": k, "yaw_rad": 3.0 + 0.2 * k} for k in range(4)])
    )
    now = traffic_of(rows, causal_motion(rows, 0.3)[0])
    then = delayed(now, rows.before, 0.05)
    assert then.known.tolist() == [False, True, True, True]
    yaw = np.unwrap(np.arctan2(then.sin, then.cos)[1:])
    assert yaw - yaw[0] == pytest.approx([0.0, 0.2, 0.4])
    assert np.cos(yaw[0]) == pytest.approx(np.cos(3.1))
    assert delayed(now, rows.before, 0.0) is now


def test_who_comes_into_reach_is_not_seen_yet() -> None:
    seen = look(following(121.0, 20.0, 0.0, frames=8), aged(0.2))
    first = of_first(seen, seen)
    reasons = dict(zip(first["frame"].tolist(), first["reason"].tolist()))
    # in reach of 120 m from frame 1 on (119), in the report two frames later
    assert reasons == {1: 6, 2: 6, 3: 0, 4: 0, 5: 0, 6: 0, 7: 0}
    assert first["range"][0] == pytest.approx(119.0)  # a miss tells the truth of now


@pytest.mark.parametrize(("rate", "scans"), [(5.0, [0, 2, 4, 6, 8, 10]), (3.0, [0, 4, 7, 10])])
def test_a_slow_sensor_has_gaps(rate: float, scans: list[int]) -> None:
    outfit = replace(
        CLEAR,
        rate_hz=rate,
        lidar_rate_hz=rate,
        clutter_per_scan=1.0,
        camera=replace(CLEAR.camera, rate_hz=rate),
        cloud=replace(CLEAR.cloud, rate_hz=rate),
    )
    seen = look(standing(12, ("car", 20.0, 0.0)), outfit)
    for one in (seen, seen.camera, seen.cloud):
        first = of_first(seen, one)
        true = first["track"] == 1
        assert first["frame"][true & (first["reason"] == 0)].tolist() == scans
        assert (first["reason"][true] == Reason.NO_SCAN).sum() == 12 - len(scans)
    first = of_first(seen, seen)
    assert first["frame"][first["track"] == -1].tolist() == scans
    assert np.flatnonzero(~np.isnan(seen.clearance[:12]).all(axis=1)).tolist() == scans


def test_a_wall_hides_from_all_sensors_and_returns_rays() -> None:
    users = (("pedestrian", 40.0, -6.0), ("car", 40.0, 4.0))
    wall = [[22.0, -4.0, 0.0, 10.0, 3.0]]
    seen = look(standing(1, *users), CLEAR, occluders=wall)
    for one in (seen, seen.camera, seen.cloud):
        first = of_first(seen, one)
        reasons = dict(zip(first["track"].tolist(), first["reason"].tolist()))
        assert reasons == {1: Reason.OCCLUDED, 2: 0}
        open_ = look(standing(1, *users), CLEAR, occluders={"e": []})
        assert (of_first(open_, {id(seen): open_}.get(id(one), open_.camera))["reason"] == 0).all()
    hit = seen.clearance[0] < CLEAR.lidar_range_max_m
    assert (seen.angle[hit] < -0.05).any()
    with pytest.raises(UserError, match="occluders: unknown name 'x'"):
        look(standing(1, *users), CLEAR, occluders={"x": wall})
    with pytest.raises(UserError, match="occluders: expected x, y, yaw, length, width"):
        look(standing(1, *users), CLEAR, occluders=[[1.0, 2.0]])
    with pytest.raises(UserError, match="occluders: expected finite numbers"):
        look(standing(1, *users), CLEAR, occluders=[[1.0, 2.0, 0.0, -1.0, 1.0]])


def test_a_wall_along_the_road_hides_nobody_before_it() -> None:
    seen = look(standing(1, ("car", 40.0, 2.0)), CLEAR, occluders=[[60.0, 6.0, 0.0, 110.0, 1.0]])
    for one in (seen, seen.camera, seen.cloud):
        assert of_first(seen, one)["reason"].tolist() == [0]


@pytest.mark.parametrize("seed", range(6))
def test_the_share_past_walls_is_that_of_free_lines(seed: int) -> None:
    rng = np.random.default_rng(seed)
    log = standing(1, ("car", 50.0, float(rng.uniform(-8, 8))))
    rows = Rows.of(log)
    walls = np.column_stack(
        [rng.uniform(10, 70, 4), rng.uniform(-6, 6, 4), rng.uniform(-3, 3, 4),
         rng.uniform(1, 8, 4), rng.uniform(0.2, 0.8, 4)]
    )  # fmt: skip
    traffic = traffic_of(rows, rows.speed)
    left, right = (rows.y[1] + side * 1.0 for side in (1, -1))
    low, high = np.array([right / 50.0]), np.array([left / 50.0])
    share, most = past_walls(0, 1, traffic, static_of(walls, ["e"]), low, high, 0)
    shapes = [Polygon(c) for c in corners(*walls.T)]
    aims = np.linspace(right, left, 400)
    lines = [LineString([(2.0, 0.0), (52.0, y)]) for y in aims]
    free = np.mean([not any(line.intersects(shape) for shape in shapes) for line in lines])
    assert share == pytest.approx(free, abs=1.5 / LOOKS)
    if abs(free - 0.5) > 0.1:
        assert most == (free < 0.5)
