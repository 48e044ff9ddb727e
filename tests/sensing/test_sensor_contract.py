"""What must hold of every outfit and every list: whoever is in range is there once, with why."""

from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from random_traffic import random_log

from sim.sensing import (
    REASON_NAMES,
    SENSORS,
    Detections,
    Observation,
    Reason,
    Sensors,
    detection_table,
    ego_order,
    observe,
)
from sim.world.log import Log
from sim.world.rows import Rows

OCCLUDERS = [[20.0, -7.0, 0.2, 5.0, 2.0], [45.0, 12.0, 1.0, 20.0, 8.0]]
COLUMNS = ("start", "track", "kind", "reason", "target", "range", "bearing", "lateral")


@pytest.fixture(scope="module")
def busy() -> tuple[Log, Rows, list[str]]:
    log = random_log(4, episodes=2, users=11, frames=24)
    return log, Rows.of(log), log.episodes["episode_id"].tolist()


def lists_of(seen: Observation, name: str) -> dict[str, tuple[float, Observation | Detections]]:
    """Reach and list of each sensor that an outfit has."""
    outfit = SENSORS[name]
    found: dict[str, tuple[float, Observation | Detections]] = {"radar": (outfit.range_max_m, seen)}
    if seen.camera is not None:
        found["camera"] = (outfit.camera.range_max_m, seen.camera)
    if seen.cloud is not None:
        found["lidar"] = (outfit.cloud.range_max_m, seen.cloud)
    return found


def in_range(rows: Rows, r: int, reach: float) -> set[int]:
    """Tracks whose face is in reach of the front bumper of row r."""
    found = set()
    for j in np.flatnonzero(rows.slice_of == rows.slice_of[r]):
        turn = rows.yaw[j] - rows.yaw[r]
        half = 0.5 * (rows.length[j] * abs(np.cos(turn)) + rows.width[j] * abs(np.sin(turn)))
        dx, dy = rows.x[j] - rows.x[r], rows.y[j] - rows.y[r]
        ahead = dx * np.cos(rows.yaw[r]) + dy * np.sin(rows.yaw[r]) - 0.5 * rows.length[r]
        aside = dy * np.cos(rows.yaw[r]) - dx * np.sin(rows.yaw[r])
        if j != r and np.hypot(max(abs(ahead) - half, 0.0), aside) <= reach:
            found.add(int(rows.track[j]))
    return found


@pytest.mark.parametrize("name", sorted(SENSORS))
def test_all_in_range_are_listed_once_with_a_reason(
    busy: tuple[Log, Rows, list[str]], name: str
) -> None:
    _, rows, names = busy
    seen = observe(rows, SENSORS[name], seed=5, names=names, occluders=OCCLUDERS)
    ages = {SENSORS[name].latency_s, SENSORS[name].camera.latency_s, SENSORS[name].cloud.latency_s}
    for reach, one in lists_of(seen, name).values():
        for e in range(0, len(seen), 17):
            here = slice(one.start[e], one.start[e + 1])
            listed = [t for t in one.track[here].tolist() if t >= 0]
            assert len(listed) == len(set(listed))
            true = in_range(rows, int(seen.row[e]), reach)
            assert true <= set(listed)
            if ages == {0.0}:
                assert true == set(listed)
        clutter = one.track == -1
        assert (one.reason[clutter] == 0).all()
        assert (one.target[clutter] == -1).all()
        assert (rows.track[one.target[~clutter]] == one.track[~clutter]).all()
    table = detection_table(seen, rows, names)
    total = sum(len(one.track) for _, one in lists_of(seen, name).values())
    assert len(table) == total
    assert set(table["missed_reason"].unique()) <= set(REASON_NAMES)
    assert table.groupby("sensor", observed=True).ngroups == len(lists_of(seen, name))
    key = table.groupby(["episode_id", "ego_id", "frame", "sensor"], observed=True).ngroup()
    assert (key != key.shift()).sum() == key.nunique()  # each list is in one piece


@pytest.mark.parametrize("name", ["default", "downpour", "night"])
def test_parts_of_a_log_and_short_lists_have_the_same_bits(
    busy: tuple[Log, Rows, list[str]], name: str
) -> None:
    log, rows, names = busy
    sensors = Sensors.of(rows, SENSORS[name], seed=5, names=names, occluders=OCCLUDERS)
    order = ego_order(rows)
    whole = sensors.observe(order, keep_missed=True)
    cuts = [0, 7, 200, 201, len(order)]
    for a, b in pairwise(cuts):
        part = sensors.observe(order[a:b], keep_missed=True)
        for key, (_, one) in lists_of(whole, name).items():
            mine = lists_of(part, name)[key][1]
            here = slice(one.start[a], one.start[b])
            for column in COLUMNS[1:]:
                assert np.array_equal(getattr(mine, column), getattr(one, column)[here])
        assert np.array_equal(part.clearance, whole.clearance[a:b], equal_nan=True)
    short = sensors.observe(order)
    alone = observe(
        Rows.of(log.episode(1)), SENSORS[name], seed=5, names=names[1:], occluders=OCCLUDERS
    )
    last = rows.episode[whole.row] == 1
    for key, (_, one) in lists_of(whole, name).items():
        found = one.reason == 0
        assert np.array_equal(lists_of(short, name)[key][1].range, one.range[found])
        second = np.repeat(last, np.diff(one.start))
        assert np.array_equal(lists_of(alone, name)[key][1].range, one.range[second])


def test_turning_the_world_and_the_sun_changes_nothing(
    busy: tuple[Log, Rows, list[str]],
) -> None:
    _, rows, names = busy
    turn = 0.9
    there = (rows.x + 1j * rows.y) * np.exp(1j * turn) + (40 - 25j)
    moved = dataclasses.replace(rows, x=there.real, y=there.imag, yaw=rows.yaw + turn)
    box = np.array(OCCLUDERS)
    spot = (box[:, 0] + 1j * box[:, 1]) * np.exp(1j * turn) + (40 - 25j)
    beside = np.column_stack([spot.real, spot.imag, box[:, 2] + turn, box[:, 3:]])
    sun = SENSORS["sun"]
    later = dataclasses.replace(sun.weather, sun_azimuth_rad=turn)
    still = observe(rows, sun, seed=5, names=names, occluders=OCCLUDERS)
    turned = observe(
        moved, dataclasses.replace(sun, weather=later), seed=5, names=names, occluders=beside
    )
    for key, (_, one) in lists_of(still, "sun").items():
        other = lists_of(turned, "sun")[key][1]
        same = [c for c in range(len(one.track)) if c < len(other.track)]
        assert len(same) == len(one.track)
        agree = one.reason == other.reason  # a rounding may tip a beam at an edge
        assert agree.mean() > 0.9995
        assert other.range[agree] == pytest.approx(one.range[agree], abs=1e-5)
        assert other.bearing[agree] == pytest.approx(one.bearing[agree], abs=1e-6)


def test_reasons_keep_their_codes() -> None:
    assert [reason.name for reason in Reason] == [
        "DETECTED",
        "FIELD_OF_VIEW",
        "OCCLUDED",
        "WEATHER",
        "DROPOUT",
        "RANGE",
        "LATENCY",
        "NO_SCAN",
        "TOO_SMALL",
        "CHANCE",
    ]
    assert REASON_NAMES[:3] == ("", "field_of_view", "occluded")
