"""Post-encroachment time from tracks: closed forms and looking at every two moments."""

from __future__ import annotations

import math
from collections.abc import Sequence

import naive_criticality as naive
import numpy as np
import pytest
from random_traffic import log_of

from sim.criticality import pet, summary
from sim.criticality.swept import encroachments
from sim.world.log import Log
from sim.world.rows import Rows

SIZE = (4.0, 2.0)


def recorded(*paths: naive.Path, frames: int = 60, first: Sequence[int] = (0, 0)) -> Log:
    """Users with these paths, sampled at the frames from `first` on."""
    rows: list[dict[str, object]] = []
    for track, (path, start) in enumerate(zip(paths, first)):
        frame = np.arange(start, frames)
        for f, x, y, yaw in zip(frame, *path(0.1 * frame)):
            rows.append({"track_id": track, "frame": int(f), "x_m": x, "y_m": y, "yaw_rad": yaw})
    return log_of([row | {"speed_mps": 1.0} for row in rows])


def straight(x: float, y: float, yaw: float, speed: float) -> naive.Path:
    def path(t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        t = np.asarray(t, dtype=float)
        return x + speed * t * math.cos(yaw), y + speed * t * math.sin(yaw), yaw + 0.0 * t

    return path


def turning(x: float, y: float, yaw: float, speed: float, rate: float) -> naive.Path:
    def path(t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        now, radius = yaw + rate * np.asarray(t, dtype=float), speed / rate
        return (
            x + radius * (np.sin(now) - math.sin(yaw)),
            y - radius * (np.cos(now) - math.cos(yaw)),
            now,
        )

    return path


def found(log: Log, **settings: float) -> tuple[float, int]:
    table = summary(log, range_m=200.0, **settings)
    assert table["pet_s"].nunique(dropna=False) == 1
    assert table["pet_first_id"].nunique() == 1
    return float(table["pet_s"].iloc[0]), int(table["pet_first_id"].iloc[0])


@pytest.mark.parametrize(
    ("v", "u", "back"), [(10.0, 8.0, 20.0), (7.3, 11.1, 31.0), (12.0, 3.0, 7.7)]
)
def test_at_a_right_angle_it_is_entry_minus_exit(v: float, u: float, back: float) -> None:
    # 0 drives east through the origin; 1 drives north towards it from `back` metres
    log = recorded(straight(-9.0, 0.0, 0.0, v), straight(0.0, -back, 0.5 * math.pi, u))
    exit_first = (9.0 + 1.0 + 2.0) / v  # rear past the far side of the area, 2 m wide
    entry_second = (back - 1.0 - 2.0) / u  # front at the near side
    want = float(pet(exit_first, entry_second))
    if want > 0.0:
        assert found(log) == (pytest.approx(want, abs=1e-9), 0)
    else:
        exit_second, entry_first = (back + 1.0 + 2.0) / u, (9.0 - 1.0 - 2.0) / v
        later = float(pet(exit_second, entry_first))
        assert found(log) == (pytest.approx(max(later, 0.0), abs=1e-9), 1 if later > 0 else 0)


def any_two(log: Log, limit_s: float = 5.0) -> tuple[float, int]:
    """The same of two who need not cross."""
    rows = Rows.of(log)
    time, first = encroachments(rows, np.array([0]), np.array([1]), limit_s, 0.0)
    return float(time[0]), int(first[0])


def test_a_follower_does_not_cross_but_is_there_a_headway_later() -> None:
    log = recorded(straight(0.0, 0.0, 0.4, 10.0), straight(30.0, 12.68, 0.4, 10.0))
    gap = math.hypot(30.0, 12.68) - 4.0
    assert math.isnan(found(log)[0])
    got, first = any_two(log)
    assert first == 1
    along = 30.0 * math.cos(0.4) + 12.68 * math.sin(0.4) - 4.0
    assert got == pytest.approx(along / 10.0, abs=1e-9)
    assert got < gap / 10.0 + 1e-6


def test_beyond_the_limit_and_beside_each_other_there_is_none() -> None:
    log = recorded(straight(-9.0, 0.0, 0.0, 10.0), straight(0.0, -40.0, 0.5 * math.pi, 10.0))
    assert found(log)[0] == pytest.approx(3.7 - 1.2, abs=1e-9)
    assert math.isnan(found(log, pet_limit_s=2.4)[0])
    assert found(log, pet_limit_s=2.4)[1] == -1
    assert found(log, pet_limit_s=2.6)[1] == 0
    beside = recorded(straight(0.0, 0.0, 0.0, 10.0), straight(20.0, 2.5, 0.0, 10.0))
    assert math.isnan(found(beside)[0])
    oncoming = recorded(straight(0.0, 0.0, 0.0, 10.0), straight(60.0, 2.5, math.pi, 10.0))
    assert math.isnan(found(oncoming)[0])


def test_contact_is_nothing_between() -> None:
    log = recorded(straight(-9.0, 0.0, 0.0, 10.0), straight(0.0, -10.0, 0.5 * math.pi, 10.0))
    assert found(log)[0] == 0.0


def test_fast_ones_that_jump_over_each_other_between_frames_are_seen() -> None:
    # 6 m a frame with boxes of 0.5 m: their places at the frames never overlap
    rows = []
    for f in range(30):
        rows.append({"track_id": 0, "frame": f, "x_m": -27.0 + 6.0 * f, "speed_mps": 60.0})
        rows.append({"track_id": 1, "frame": f, "y_m": -63.0 + 6.0 * f, "yaw_rad": 0.5 * math.pi,
                     "speed_mps": 60.0})  # fmt: skip
    small = [row | {"length_m": 0.5, "width_m": 0.5} for row in rows]
    got, first = found(log_of(small))
    assert (got, first) == (pytest.approx((63.0 - 0.5) / 60.0 - (27.0 + 0.5) / 60.0), 0)


def test_tracks_that_are_not_there_at_the_same_time_still_count() -> None:
    # the first's track ends before the second's begins near the crossing
    log = recorded(
        straight(-9.0, 0.0, 0.0, 10.0), straight(0.0, -40.0, 0.5 * math.pi, 10.0), first=(0, 5)
    )
    tracks = log.tracks
    cut = log_of(tracks[(tracks["track_id"] == 1) | (tracks["frame"] <= 20)].to_dict("records"))
    assert found(cut)[0] == pytest.approx(2.5, abs=1e-9)


def test_any_paths_agree_with_looking_at_every_two_moments() -> None:
    rng = np.random.default_rng(23)
    step, off = 0.01, []
    for _ in range(25):
        paths = []
        for _ in range(2):
            x, y = rng.uniform(-25.0, 25.0, 2)
            yaw = math.atan2(-y, -x) + rng.normal(0.0, 0.3)
            paths.append(turning(x, y, yaw, rng.uniform(4.0, 12.0), rng.normal(0.0, 0.15)))
        want = naive.least_lag(paths[0], paths[1], SIZE, SIZE, 5.9, step)
        got, _ = any_two(recorded(*paths), 5.9)
        if math.isnan(want) or math.isnan(got):
            # the grid may miss a graze, the polygons of paths cut a corner by millimetres
            assert math.isnan(want)
            assert got != 0.0
            continue
        off.append(got - want)
    assert len(off) > 12
    # the grid sees the lag up to two of its steps late, curved paths differ by millimetres
    assert max(off) < 0.005
    assert min(off) > -2.5 * step
