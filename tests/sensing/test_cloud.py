"""The lidar's list: against beams that are cast one by one, and its statistics."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from random_traffic import random_log
from scenes import CLEAR, look, of_first, share, standing

from sim.sensing import Reason, cast, observe
from sim.world.rows import Rows

WALLS = np.array([[25.0, -3.0, 0.3, 8.0, 1.0], [60.0, 9.0, 1.2, 15.0, 2.0]])


def test_who_has_enough_beams_is_detected_where_they_end() -> None:
    rows = Rows.of(random_log(9, episodes=1, users=14, frames=30))
    own = replace(CLEAR.cloud, beams=300, points_min=3)
    seen = observe(rows, replace(CLEAR, cloud=own), seed=1, names=["random-9-0"], occluders=WALLS)
    one = seen.cloud
    assert one is not None
    half = 0.5 * own.field_of_view_rad
    angles = half * ((2 * np.arange(own.beams) + 1) / own.beams - 1)
    counted = dict.fromkeys((0, Reason.FIELD_OF_VIEW, Reason.OCCLUDED, Reason.TOO_SMALL), 0)
    for e in range(0, len(seen), 7):
        r, here = seen.row[e], slice(one.start[e], one.start[e + 1])
        c, s, front = np.cos(rows.yaw[r]), np.sin(rows.yaw[r]), 0.5 * rows.length[r]
        origin = [[rows.x[r] + front * c, rows.y[r] + front * s, rows.yaw[r]]]
        others = [j for j in np.flatnonzero(rows.slice_of == rows.slice_of[r]) if j != r]
        parts = (rows.x, rows.y, rows.yaw, rows.length, rows.width)
        boxes = np.column_stack([part[others] for part in parts])
        (distance,), (hit,) = cast(origin, angles, np.vstack([boxes, WALLS]), 144.0)
        for place in range(here.start, here.stop):
            reason = int(one.reason[place])
            counted[reason] += 1
            at = others.index(one.target[place])
            alone = np.isfinite(cast(origin, angles, boxes[at : at + 1], 144.0)[0]).sum()
            if reason == Reason.FIELD_OF_VIEW:
                assert abs(one.bearing[place]) > half
            elif reason == Reason.TOO_SMALL:
                assert alone < own.points_min
            elif reason == Reason.OCCLUDED:
                assert alone >= own.points_min > (hit == at).sum()
            else:
                assert reason == 0
                assert (hit == at).sum() >= own.points_min
                assert one.range[place] == pytest.approx(distance[hit == at].min())
                mine = angles[hit == at]
                assert mine.min() <= one.bearing[place] <= mine.max()
    assert min(counted.values()) > 0


def test_it_names_no_kind_and_measures_no_rate() -> None:
    seen = look(standing(1, ("truck", 20.0, 0.0)), CLEAR)
    one = of_first(seen, seen.cloud)
    assert one["kind"].tolist() == [5]
    assert np.isnan(one["range_rate"]).all()
    assert one["range"][0] == pytest.approx(20.0, abs=1e-3)


def test_noise_detection_and_false_detections_have_the_stated_rates() -> None:
    own = replace(
        CLEAR.cloud, detect_near=0.9, detect_far=0.5, range_noise_m=0.1, clutter_per_scan=0.04
    )
    seen = look(standing(5000, ("car", 60.0, 0.0)), replace(CLEAR, cloud=own))
    one = of_first(seen, seen.cloud)
    true = one["track"] == 1
    share(one["reason"][true] == 0, 0.9 - 0.4 * 0.25)
    share(one["reason"][true] == Reason.RANGE, 0.4 * 0.25)
    share(one["reason"][true] == Reason.CHANCE, 0.1)
    got = one["range"][true & (one["reason"] == 0)]
    assert got.std() == pytest.approx(0.1, rel=4.5 / np.sqrt(2 * len(got)))
    share(np.isin(np.arange(5000), one["frame"][~true]), 0.04)
