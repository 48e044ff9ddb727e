"""Contacts found in tracks alone: known cases, faults of recordings, and a slow twin."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from plane_scenes import NORTH, busy_square, moved, scene, straight
from random_traffic import following

from sim.base.geometry import corners
from sim.criticality.contacts import Contacts, contacts
from sim.laws.impact import Side
from sim.world.log import Log
from sim.world.rows import Rows

FRONT, REAR, LEFT, RIGHT = (int(side) for side in Side)


def found(log: Log) -> tuple[Rows, Contacts]:
    rows = Rows.of(log)
    return rows, contacts(rows)


def test_contact_is_between_two_frames_front_against_rear() -> None:
    # gap 40 m, closing 5.2 m/s: contact after 7.69 s
    rows, met = found(following(40.0, 15.2, 10.0, frames=90))
    assert rows.track[met.first].tolist() == [0]
    assert rows.track[met.second].tolist() == [1]
    assert rows.frame[met.first].tolist() == [76]
    assert (met.first_side.tolist(), met.second_side.tolist()) == ([FRONT], [REAR])


def test_boxes_that_jump_over_each_other_between_frames_touch() -> None:
    # boxes of 4 x 2 m at a right angle, 60 m/s each: 6 m a frame, in contact from 1.017 to 1.117 s
    log = scene(straight(-64.0, 0.0, 0.0, 60.0), straight(0.0, -64.0, NORTH, 60.0), frames=20)
    rows, met = found(log)
    assert rows.frame[met.first].tolist() == [10]
    late = scene(straight(-64.0, 0.0, 0.0, 60.0), straight(0.0, -71.0, NORTH, 60.0), frames=20)
    assert len(found(late)[1]) == 0


def test_the_last_frame_is_that_of_the_overlap() -> None:
    # boxes of 4 m, from 14 m on at 10 m/s through one that stands: 0.8 s in each other
    rows, met = found(scene(straight(0.0, 0.0, 0.0, 10.0), straight(18.0, 0.5, 0.0, 0.0)))
    assert rows.frame[met.first].tolist() == [13]
    assert met.last.tolist() == [22]


@pytest.mark.parametrize("speed", [0.0, 8.0])
def test_a_vehicle_recorded_twice_is_in_no_contact(speed: float) -> None:
    log = scene(straight(0.0, 0.0, 0.0, speed), straight(0.3, 0.1, 0.02, speed))
    assert len(found(log)[1]) == 0


def test_boxes_that_creep_or_flicker_are_in_no_contact() -> None:
    creeping = scene(straight(0.0, 0.0, 0.0, 0.4), straight(4.5, 0.0, 0.0, 0.0), frames=30)
    assert len(found(creeping)[1]) == 0
    rows = Rows.of(creeping)
    assert len(contacts(rows, moving_mps=0.3)) == 1
    side = scene(straight(0.0, 0.0, 0.0, 9.0), straight(0.0, 2.01, 0.0, 9.0), frames=30)
    flicker = side.tracks.assign(
        y_m=side.tracks["y_m"] - 0.02 * (side.tracks["track_id"] * side.tracks["frame"] % 3 > 0)
    )
    # apart in every third frame only
    assert len(found(Log.of(side.episodes, flicker))[1]) <= 1


def test_an_empty_log_has_none() -> None:
    log = following(40.0, 15.0, 10.0, frames=5)
    assert len(found(log.select(np.empty(0, dtype=np.int64)))[1]) == 0


@pytest.mark.parametrize("seed", [4, 6, 7])
def test_contacts_agree_with_their_slow_twin(seed: int) -> None:
    log = busy_square(seed, users=8, frames=50)
    rows, met = found(log)
    got = {
        (int(rows.track[i]), int(rows.track[j]), int(rows.frame[i]))
        for i, j in zip(met.first, met.second)
    }
    want = twin(log)
    assert len(want) >= 2
    assert {pair[:2] for pair in got} == {pair[:2] for pair in want}
    for i, j, frame in want:
        assert min(abs(f - frame) for a, b, f in got if (a, b) == (i, j)) <= 1


def twin(log: Log, step: float = 0.01) -> set[tuple[int, int, int]]:
    """Frame before each pair's first overlap, every pair, every 10 ms, with shapely."""
    users = {int(k): rows for k, rows in log.tracks.groupby("track_id")}
    times = np.arange(0.0, 0.1 * log.tracks["frame"].max() + 1e-9, step)
    boxes = {}
    for track, rows in users.items():
        t = 0.1 * rows["frame"].to_numpy()
        place = [np.interp(times, t, rows[n]) for n in ("x_m", "y_m")]
        yaw = np.interp(times, t, np.unwrap(rows["yaw_rad"]))
        size = (rows["length_m"].iloc[0], rows["width_m"].iloc[0])
        boxes[track] = shapely.polygons(corners(*place, yaw, *size))
    out = set()
    for i in boxes:
        for j in boxes:
            hit = shapely.intersects(boxes[i], boxes[j]) if i < j else np.zeros(1, np.bool_)
            if hit.any() and not hit[0]:
                out.add((i, j, int(times[hit.argmax()] / 0.1 - 1e-9)))
    return out


def test_contact_does_not_depend_on_where_and_in_which_mirror() -> None:
    log = busy_square(4)
    _, want = found(log)
    turned = moved(log, turn=2.1, x=500.0, y=-80.0)
    for other, mirror in ((turned, False), (moved(log, mirror=True), True)):
        _, got = found(other)
        assert len(want) > 0
        np.testing.assert_array_equal(got.first, want.first)
        np.testing.assert_array_equal(got.last, want.last)
        swapped = {LEFT: RIGHT, RIGHT: LEFT} if mirror else {}
        assert got.first_side.tolist() == [swapped.get(s, s) for s in want.first_side.tolist()]
