"""Overlaps: which of them are crashes and stay in the log."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.logs import read
from sim.logs.contact import contacts
from sim.logs.overlap import Boxes, overlaps, separation


def _table(tracks: list[dict[str, object]]) -> pd.DataFrame:
    """Road users at constant velocity: x, y at frame 0, vx, vy, first, frames, stops, kind."""
    parts = []
    for number, given_ in enumerate(tracks):
        usual = {"vx": 0.0, "vy": 0.0, "y": 0.0, "first": 0, "frames": 60, "stops": 10_000}
        u = usual | {"kind": "car", "size": (4.5, 1.8), "yaw": None} | given_
        frame = np.arange(u["first"], u["first"] + u["frames"])
        t = 0.1 * np.minimum(frame, u["stops"])
        moving = frame < u["stops"]
        yaw = np.arctan2(u["vy"], u["vx"]) if u["yaw"] is None else u["yaw"]
        parts.append(
            pd.DataFrame(
                {
                    "track_id": number,
                    "frame": frame,
                    "x_m": u["x"] + u["vx"] * t,
                    "y_m": u["y"] + u["vy"] * t,
                    "yaw_rad": yaw,
                    "speed_mps": np.where(moving, np.hypot(u["vx"], u["vy"]), 0.0),
                    "length_m": u["size"][0],
                    "width_m": u["size"][1],
                    "kind": u["kind"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


STANDING = {"x": 30.0}
INTO_STANDING = [{"x": 0.0, "vx": 10.0, "stops": 26}, STANDING]
CROSSING = [
    {"x": -20.0, "vx": 10.0, "stops": 20},
    {"x": 0.0, "y": -16.0, "vy": 8.0, "stops": 20},
]
CRASHES = {
    "into a standing one": INTO_STANDING,
    "into a slower one": [{"x": 0.0, "vx": 14.0}, {"x": 20.0, "vx": 9.0}],
    "head-on": [{"x": 0.0, "vx": 9.0, "stops": 21}, {"x": 40.0, "vx": -9.0, "stops": 21}],
    "at right angles": CROSSING,
    "offset by half a width": [{"x": 0.0, "vx": 10.0, "stops": 26}, {"x": 30.0, "y": 0.9}],
    "into a pedestrian": [
        {"x": 0.0, "vx": 8.0},
        {"x": 24.0, "y": 0.4, "kind": "pedestrian", "size": (0.5, 0.5)},
    ],
}
FAULTS = {
    "standing in one another": [{"x": 0.0}, {"x": 3.0}],
    "there from the first common frame": [{"x": 0.0, "vx": 10.0}, {"x": 25.0, "first": 23}],
    "a box twice": [{"x": 0.0, "vx": 10.0}, {"x": 0.5, "vx": 10.0}],
    "drifting in": [{"x": 0.0, "vx": 1.0}, {"x": 6.0}],
    "passing with wide boxes": [{"x": 0.0, "vx": 12.0}, {"x": 30.0, "y": 1.5, "vx": 2.0}],
    "seen too short before": [{"x": 0.0, "vx": 10.0, "first": 23}, STANDING],
}


@pytest.mark.parametrize("name", CRASHES)
def test_crashes_stay(name):
    table = _table(CRASHES[name])
    found = contacts(table)
    assert found.crashed.any()
    assert not found.faulty.any()
    hit = np.unique(np.concatenate(overlaps(table["frame"].to_numpy(), Boxes.of(table))))
    assert np.flatnonzero(found.crashed).tolist() == hit.tolist()


@pytest.mark.parametrize("name", FAULTS)
def test_faults_go(name):
    found = contacts(_table(FAULTS[name]))
    assert found.faulty.any()
    assert not found.crashed.any()


def test_a_box_that_jumps_into_another_is_no_crash():
    table = _table([{"x": 0.0, "vx": 3.0}, {"x": 20.0}])
    table.loc[(table["track_id"] == 0) & (table["frame"] >= 20), "x_m"] += 11.0
    found = contacts(table)
    assert found.faulty.any()
    assert not found.crashed.any()


def test_people_among_themselves_are_not_looked_at():
    small = {"kind": "pedestrian", "size": (0.5, 0.5)}
    table = _table([{"x": 0.0, "vx": 2.5} | small, {"x": 5.0} | small])
    found = contacts(table)
    assert not found.crashed.any()
    assert not found.faulty.any()


def test_boxes_that_overlap_by_the_dozen_tell_no_crash():
    parked = [{"x": 3.0 * k, "y": 50.0} for k in range(7)]
    assert not contacts(_table([*INTO_STANDING, *parked])).crashed.any()
    assert contacts(_table([*INTO_STANDING, *parked[:4]])).crashed.any()


def test_a_recorded_crash_is_a_contact(folder):
    table = _table([{"x": 0.0, "vx": 10.0, "stops": 26}, STANDING])
    table = table.rename(
        columns=lambda name: name.rsplit("_", 1)[0] if name[0] in "xyslw" else name
    )
    table = table.rename(columns={"yaw_rad": "heading"})
    log, dropped = read(folder({"a/crash.csv": table}) / "a/crash.csv")
    assert dropped.overlaps == 0
    assert dropped.contacts == 2 * (60 - 26)
    assert len(log.tracks) == 120


BOX = st.tuples(
    st.floats(-4.0, 4.0),
    st.floats(-4.0, 4.0),
    st.floats(-3.2, 3.2),
    st.floats(0.3, 9.0),
    st.floats(0.3, 3.0),
)


def _boxes(*rows: tuple[float, ...]) -> Boxes:
    return Boxes(*np.array(rows, dtype=float).T)


def _corners(box: tuple[float, ...]) -> np.ndarray:
    x, y, yaw, length, width = box
    along = np.array([np.cos(yaw), np.sin(yaw)]) * length / 2
    across = np.array([-np.sin(yaw), np.cos(yaw)]) * width / 2
    corners = [along + across, along - across, -along - across, -along + across]
    return np.array([x, y]) + np.array(corners)


@given(one=BOX, other=BOX)
@settings(max_examples=100, deadline=None)
def test_separation_has_the_sign_of_the_overlap(one, other):
    """Against points: where one of a fine grid in a box lies in the other, they overlap."""
    apart = float(separation(_boxes(one), _boxes(other))[0])
    u, v = np.meshgrid(np.linspace(0.0, 1.0, 60), np.linspace(0.0, 1.0, 60))
    a, b, _, d = _corners(one)
    points = a + u[..., None] * (b - a) + v[..., None] * (d - a)
    x, y, yaw, length, width = other
    dx, dy = points[..., 0] - x, points[..., 1] - y
    # within a hair of the edge rounding decides: boxes that just touch do not overlap
    inside = np.abs(dx * np.cos(yaw) + dy * np.sin(yaw)) < length / 2 - 1e-9
    inside &= np.abs(-dx * np.sin(yaw) + dy * np.cos(yaw)) < width / 2 - 1e-9
    if inside.any():
        assert apart < 0.0
    elif apart < 0.0:
        assert apart > -0.3  # thinner than the grid
