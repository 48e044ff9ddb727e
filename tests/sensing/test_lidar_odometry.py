"""The range scan, and the filter that undoes a smoothing that looked ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from random_traffic import log_of, random_log

from sim.features import featurize
from sim.sensing import SENSORS, cast, observe
from sim.sensing.lidar import beam_angles, beam_place
from sim.sensing.odometry import causal_motion
from sim.world.rows import Rows

IDEAL = SENSORS["ideal"]


def scan_of(rows: list[dict[str, object]]) -> tuple[np.ndarray, np.ndarray]:
    seen = observe(Rows.of(log_of(rows)), IDEAL, seed=1, names=["e"])
    return seen.angle, seen.clearance[0]


def test_clearance_is_from_body_to_body() -> None:
    angle, clear = scan_of([{"track_id": 0}, {"track_id": 1, "x_m": 24.0}])
    front = np.abs(angle).argmin()
    assert clear[front] == pytest.approx(20.0 / np.cos(angle[front]), rel=1e-9)
    assert (clear[np.abs(angle) > 0.05] == IDEAL.lidar_range_max_m).all()


def test_beams_are_where_the_inverse_looks_for_them() -> None:
    angle = beam_angles(33, 4.2)
    place = [beam_place(float(a), 4.2, 33) for a in angle]
    assert place == pytest.approx(range(33))
    assert angle[16] == 0.0
    assert (np.diff(angle) > 0).all()
    assert angle[-1] < 2.1


def test_left_is_seen_on_the_left() -> None:
    angle, clear = scan_of([{"track_id": 0}, {"track_id": 1, "y_m": 4.0}])
    hit = clear < IDEAL.lidar_range_max_m
    assert hit.any()
    assert (angle[hit] > 0.5).all()
    assert clear[hit].min() == pytest.approx(2.0, rel=0.02)


def test_the_scan_turns_with_the_ego() -> None:
    c, s = np.cos(2.5), np.sin(2.5)
    still = scan_of([{"track_id": 0}, {"track_id": 1, "x_m": 12.0, "y_m": 3.0}])[1]
    turned = scan_of(
        [
            {"track_id": 0, "yaw_rad": 2.5},
            {
                "track_id": 1,
                "x_m": 12.0 * c - 3.0 * s,
                "y_m": 12.0 * s + 3.0 * c,
                "yaw_rad": 2.5 - 2 * np.pi,
            },
        ]
    )[1]
    assert turned == pytest.approx(still, abs=1e-9)


def test_lost_returns_have_the_stated_share() -> None:
    rows: list[dict[str, object]] = []
    for k in range(3000):
        rows += [{"track_id": 0, "frame": k}, {"track_id": 1, "frame": k, "x_m": 20.0}]
    settings = SENSORS["default"]
    seen = observe(Rows.of(log_of(rows)), settings, seed=1, names=["e"])
    front = np.abs(seen.angle).argmin()
    clear = seen.clearance[:3000, front]  # the ego's rows come first
    assert np.isnan(clear).mean() == pytest.approx(settings.lidar_dropout, rel=0.3)
    assert np.nanstd(clear) == pytest.approx(settings.lidar_noise_m, rel=0.08)


def test_a_step_of_speed_arrives_by_the_time_constant_and_never_before() -> None:
    speeds = np.where(np.arange(40) < 10, 5.0, 15.0)
    log = log_of(
        [{"track_id": 0, "frame": k, "speed_mps": v} for k, v in enumerate(speeds.tolist())]
    )
    speed, accel, _ = causal_motion(Rows.of(log), 0.3)
    t = 0.1 * (np.arange(10, 40) - 9)
    assert (speed[:10] == 5.0).all()
    assert speed[10:] == pytest.approx(15.0 - 10.0 * np.exp(-t / 0.3))
    assert accel.sum() * 0.1 == pytest.approx(10.0, rel=1e-3)


def test_yaw_rate_does_not_jump_at_half_a_turn() -> None:
    yaw = np.remainder(3.0 + 0.02 * np.arange(40) + np.pi, 2 * np.pi) - np.pi
    log = log_of([{"track_id": 0, "frame": k, "yaw_rad": w} for k, w in enumerate(yaw.tolist())])
    _, _, rate = causal_motion(Rows.of(log), 0.3)
    assert rate[-1] == pytest.approx(0.2, rel=1e-3)
    assert rate.max() < 0.21


def test_the_scan_is_a_cast_less_the_own_body() -> None:
    rows = Rows.of(random_log(2, episodes=1, users=14, frames=20))
    walls = np.array([[25.0, -5.0, 0.3, 8.0, 1.0], [5.0, 9.0, 1.2, 15.0, 2.0]])
    names = ["random-2-0"]
    seen = observe(rows, IDEAL, seed=1, names=names, occluders=walls)
    own = np.minimum(
        0.5 * rows.length[seen.row][:, None] / np.maximum(np.abs(np.cos(seen.angle)), 1e-9),
        0.5 * rows.width[seen.row][:, None] / np.maximum(np.abs(np.sin(seen.angle)), 1e-9),
    )
    for e in range(0, len(seen), 5):
        r = seen.row[e]
        others = (rows.slice_of == rows.slice_of[r]) & (np.arange(len(rows)) != r)
        parts = (rows.x, rows.y, rows.yaw, rows.length, rows.width)
        boxes = np.vstack([np.column_stack([part[others] for part in parts]), walls])
        (far,), _ = cast([[rows.x[r], rows.y[r], rows.yaw[r]]], seen.angle, boxes, 99.0)
        wanted = np.clip(far - own[e], 0.0, IDEAL.lidar_range_max_m)
        assert seen.clearance[e] == pytest.approx(wanted, abs=1e-9)


def test_features_bear_a_slow_and_late_outfit() -> None:
    outfit = replace(
        SENSORS["fog"], rate_hz=4.0, lidar_rate_hz=4.0, latency_s=0.15, lidar_latency_s=0.3
    )
    log = random_log(2, episodes=1, users=8, frames=60)
    slow = featurize(log, sensor=outfit, seed=1)
    usual = featurize(log, seed=1)
    assert slow.X.shape == usual.X.shape
    assert np.array_equal(slow.y, usual.y)
    assert not np.array_equal(slow.X, usual.X, equal_nan=True)
