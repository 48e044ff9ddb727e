"""What rows tell of the object that is soonest in the way: true values, and who it is."""

from __future__ import annotations

import numpy as np
import pytest
from plane_scenes import NORTH, busy_square, moved, scene, straight
from random_traffic import random_log

from sim.features import (
    COLUMNS,
    THREAT_FEATURES,
    FeatureTable,
    LabelSettings,
    WindowSettings,
    featurize,
    physics_scores,
    randomise_missing,
)
from sim.sensing import SENSORS
from sim.world.log import Log

PLANE = LabelSettings(form="crossing")
NAMES = tuple(feature.name for feature in THREAT_FEATURES)


def sensed(log: Log, **more: object) -> FeatureTable:
    settings: dict[str, object] = {
        "sensor": SENSORS["ideal"],
        "label": PLANE,
        "window": WindowSettings(cut_share=0.0),
        "seed": 1,
        "unlabelled": True,
        **more,
    }
    return featurize(log, **settings)  # type: ignore[arg-type]


def of_ego(table: FeatureTable, frame: int) -> dict[str, float]:
    row = np.flatnonzero((table.ego == 0) & (table.frame == frame))[0]
    return {name: float(table.column(name)[row]) for name in NAMES}


def test_the_lead_form_tells_what_it_told_and_the_others_more() -> None:
    log = random_log(3, episodes=1)
    lead, plane = featurize(log, seed=2), featurize(log, seed=2, label=LabelSettings(form="either"))
    assert lead.columns == COLUMNS
    assert plane.columns == COLUMNS + NAMES
    same = np.isin(plane.frame + 1000 * plane.ego, lead.frame + 1000 * lead.ego)
    both = np.isin(lead.frame + 1000 * lead.ego, plane.frame + 1000 * plane.ego)
    assert same.sum() > 100
    np.testing.assert_array_equal(plane.X[same, : len(COLUMNS)], lead.X[both])


def test_one_on_a_collision_course_from_the_side() -> None:
    # both 3 s from the shared ground at 10 m/s; the other's near corner is at the ego's axis then
    log = scene(straight(-33.0, 0.0, 0.0, 10.0), straight(0.0, -32.0, NORTH, 10.0), frames=30)
    told = of_ego(sensed(log), 14)  # 1.6 s before the boxes touch
    assert told["threat_inverse_ttc_per_s"] == pytest.approx(1.0 / 1.6, rel=0.05)
    assert told["threat_urgency_per_s"] >= told["threat_inverse_ttc_per_s"]
    assert told["threat_miss_m"] == pytest.approx(0.0, abs=0.2)
    assert told["threat_speed_mps"] == pytest.approx(10.0, rel=0.05)
    assert told["threat_inward_mps"] == pytest.approx(10.0, rel=0.05)
    assert told["threat_bearing_rate_radps"] == pytest.approx(0.0, abs=0.05)
    assert told["threat_closing_mps"] == pytest.approx(14.1, rel=0.1)
    assert (told["threat_light"], told["threat_missing"]) == (0.0, 0.0)


def test_one_on_foot_who_will_have_crossed_in_time() -> None:
    # the walker is at the ego's axis at 2 s, when the ego's front is 15 m or 1.5 s away
    kinds = ("car", "pedestrian")
    log = scene(
        straight(-37.0, 0.0, 0.0, 10.0), straight(0.25, -3.0, NORTH, 1.5), frames=40, kinds=kinds
    )
    told = of_ego(sensed(log), 10)
    assert told["threat_light"] == 1.0
    assert told["threat_inward_mps"] == pytest.approx(1.5, abs=0.1)
    assert told["threat_axis_gap_s"] == pytest.approx(1.5, abs=0.15)
    assert told["threat_urgency_per_s"] == pytest.approx(1.0 / (1.0 + 1.5), rel=0.1)


def test_the_threat_is_the_one_in_the_way_and_not_the_nearest() -> None:
    kinds = ("car", "car", "pedestrian")
    parked, walker = straight(-12.0, -3.4, 0.0, 0.0), straight(0.0, 3.0, -NORTH, 1.3)
    log = scene(straight(-36.0, 0.0, 0.0, 10.0), parked, walker, frames=40, kinds=kinds)
    told = of_ego(sensed(log), 10)
    assert told["threat_light"] == 1.0
    assert told["threat_range_m"] > 15.0
    alone = scene(straight(-36.0, 0.0, 0.0, 10.0), parked, frames=40)
    told = of_ego(sensed(alone), 10)
    assert (told["threat_urgency_per_s"], told["threat_axis_gap_s"]) == (0.0, 10.0)
    assert told["threat_miss_m"] == pytest.approx(3.4 - 1.9, abs=0.2)


def test_without_an_object_all_but_the_flag_is_missing() -> None:
    table = sensed(scene(straight(0.0, 0.0, 0.0, 10.0), frames=30))
    told = table.X[:, len(COLUMNS) :]
    assert np.isnan(told[:, :-1]).all()
    assert (table.column("threat_missing") == 1.0).all()
    assert all((score == 0.0).all() for score in physics_scores(table.columns, table.X).values())


def test_in_a_mirror_a_threat_is_the_same() -> None:
    log = busy_square(4, users=7)
    a, b = (sensed(each).X[:, len(COLUMNS) :] for each in (log, moved(log, mirror=True)))
    assert (a[:, -1] == 0.0).sum() > 50
    np.testing.assert_allclose(a, b, atol=1e-3)


def test_threats_do_not_change_when_the_future_does() -> None:
    log = busy_square(5)
    tracks = log.tracks.copy()
    later = (tracks["frame"] > 30).to_numpy()
    tracks.loc[later, "x_m"] += np.random.default_rng(1).normal(0.0, 9.0, int(later.sum()))
    noisy = {"sensor": SENSORS["default"]}
    a, b = sensed(log, **noisy), sensed(Log.of(log.episodes, tracks), **noisy)
    assert (a.frame <= 30).sum() > 50
    np.testing.assert_array_equal(a.X[a.frame <= 30], b.X[b.frame <= 30])


def test_the_threat_stays_when_absence_is_made_to_tell_little() -> None:
    table = sensed(busy_square(4), unlabelled=False)
    blanked = randomise_missing(table, 1, share=0.9)
    at = slice(len(COLUMNS), None)
    np.testing.assert_array_equal(blanked.X[:, at], table.X[:, at])
    assert np.isnan(blanked.X).sum() > np.isnan(table.X).sum()
