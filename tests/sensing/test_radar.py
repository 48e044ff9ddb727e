"""Object lists: geometry, occlusion, noise, and a reason for whatever is not seen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from random_traffic import log_of, random_log

from sim.base.errors import UserError
from sim.sensing import (
    SENSORS,
    Observation,
    Reason,
    SensorSettings,
    detection_table,
    observe,
)
from sim.world.log import Log
from sim.world.rows import Rows

IDEAL = SENSORS["ideal"]


def seen_by_zero(log: Log, settings: SensorSettings = IDEAL) -> dict[int, tuple[int, ...]]:
    """Of the first row: track of the object to (reason, range in cm)."""
    names = log.episodes["episode_id"].tolist()
    seen = observe(Rows.of(log), settings, seed=3, names=names)
    first = slice(seen.start[0], seen.start[1])
    return {
        int(t): (int(c), round(100 * float(r)))
        for t, c, r in zip(seen.track[first], seen.reason[first], seen.range[first])
    }


def test_range_is_from_bumper_to_bumper_and_rate_is_its_change() -> None:
    log = log_of(
        [
            {"track_id": 0, "speed_mps": 20.0},
            {"track_id": 1, "x_m": 34.0, "speed_mps": 15.0},
        ]
    )
    seen = observe(Rows.of(log), IDEAL, seed=1, names=["e"])
    assert seen.range[0] == pytest.approx(30.0)
    assert seen.range_rate[0] == pytest.approx(-5.0)
    assert seen.bearing[0] == pytest.approx(0.0)
    assert seen.lateral[0] == pytest.approx(0.0)


def test_bearing_is_positive_to_the_left_at_any_heading() -> None:
    yaw = 2.0
    ahead, left = 22.0, 5.0
    log = log_of(
        [
            {"track_id": 0, "yaw_rad": yaw},
            {
                "track_id": 1,
                "yaw_rad": yaw,
                "x_m": ahead * np.cos(yaw) - left * np.sin(yaw),
                "y_m": ahead * np.sin(yaw) + left * np.cos(yaw),
            },
        ]
    )
    seen = observe(Rows.of(log), IDEAL, seed=1, names=["e"])
    assert seen.bearing[0] == pytest.approx(np.arctan2(5.0, 18.0))
    assert seen.lateral[0] == pytest.approx(5.0)


def test_what_is_behind_or_beside_is_out_of_the_field_of_view() -> None:
    log = log_of(
        [
            {"track_id": 0},
            {"track_id": 1, "x_m": -20.0},
            {"track_id": 2, "y_m": 3.5},
            {"track_id": 3, "x_m": 200.0},
        ]
    )
    found = seen_by_zero(log)
    assert {k: v[0] for k, v in found.items()} == {
        1: Reason.FIELD_OF_VIEW,
        2: Reason.FIELD_OF_VIEW,
    }


def test_second_leader_is_seen_under_the_first_with_its_probability() -> None:
    three = [{"track_id": k, "x_m": 20.0 * k} for k in range(4)]
    found = seen_by_zero(log_of(three))
    assert found[2][0] == Reason.DETECTED
    assert found[3][0] == Reason.OCCLUDED  # two vehicles before it
    never = dataclasses.replace(IDEAL, under=0.0)
    assert seen_by_zero(log_of(three), never)[2][0] == Reason.OCCLUDED


def test_nobody_is_seen_under_a_pedestrian_but_past_one() -> None:
    rows: list[dict[str, object]] = [
        {"track_id": 0},
        {"track_id": 1, "x_m": 5.0, "kind": "pedestrian", "length_m": 0.5, "width_m": 3.0},
        {"track_id": 2, "x_m": 30.0},
    ]
    assert seen_by_zero(log_of(rows))[2][0] == Reason.OCCLUDED
    rows[1] |= {"width_m": 0.5, "x_m": 20.0}  # now narrower than a third of the car behind
    assert seen_by_zero(log_of(rows))[2][0] == Reason.DETECTED


def test_a_truck_hides_the_lane_beyond_but_not_the_one_beside() -> None:
    rows: list[dict[str, object]] = [
        {"track_id": 0},
        {"track_id": 1, "x_m": 15.0, "y_m": 3.5, "length_m": 12.0, "width_m": 2.5},
        {"track_id": 2, "x_m": 24.0, "y_m": 7.0},
        {"track_id": 3, "x_m": 30.0, "y_m": 0.0},
    ]
    found = seen_by_zero(log_of(rows), dataclasses.replace(IDEAL, under=0.0))
    assert found[1][0] == Reason.DETECTED
    assert found[2][0] == Reason.OCCLUDED
    assert found[3][0] == Reason.DETECTED


@pytest.fixture(scope="module")
def busy() -> tuple[Log, Rows]:
    log = random_log(4, episodes=3, users=14)
    return log, Rows.of(log)


@pytest.mark.parametrize("name", ["default", "ideal", "field", "rain"])
def test_detected_and_missed_are_all_road_users_in_range(busy: tuple[Log, Rows], name: str) -> None:
    log, rows = busy
    settings = SENSORS[name]
    names = log.episodes["episode_id"].tolist()
    seen = observe(rows, settings, seed=5, names=names)
    for e in range(0, len(seen), 41):
        r = seen.row[e]
        here = slice(seen.start[e], seen.start[e + 1])
        listed = sorted(t for t in seen.track[here].tolist() if t >= 0)
        assert listed == _in_range(rows, int(r), settings.range_max_m)
    present = set(np.unique(seen.reason).tolist())
    expected = {"ideal": set(), "rain": {3, 4, 5}}.get(name, {4, 5})
    assert present == {0, 1, 2} | expected
    short = observe(rows, settings, seed=5, names=names, keep_missed=False)
    assert np.array_equal(short.range, seen.range[seen.reason == 0])


def _in_range(rows: Rows, r: int, reach: float) -> list[int]:
    found = []
    for j in np.flatnonzero(rows.slice_of == rows.slice_of[r]):
        turn = rows.yaw[j] - rows.yaw[r]
        half = 0.5 * (rows.length[j] * abs(np.cos(turn)) + rows.width[j] * abs(np.sin(turn)))
        dx, dy = rows.x[j] - rows.x[r], rows.y[j] - rows.y[r]
        ahead = dx * np.cos(rows.yaw[r]) + dy * np.sin(rows.yaw[r]) - 0.5 * rows.length[r]
        aside = dy * np.cos(rows.yaw[r]) - dx * np.sin(rows.yaw[r])
        if j != r and np.hypot(max(abs(ahead) - half, 0.0), aside) <= reach:
            found.append(int(rows.track[j]))
    return sorted(found)


def standing(frames: int, distance: float = 50.0) -> Log:
    rows: list[dict[str, object]] = []
    for k in range(frames):
        rows.append({"track_id": 0, "frame": k})
        rows.append({"track_id": 1, "frame": k, "x_m": 4.0 + distance})
    return log_of(rows)


def of_ego(seen: Observation, rows: Rows, ego: int) -> np.ndarray:
    mine = rows.track[np.repeat(seen.row, np.diff(seen.start))] == ego
    return np.asarray(mine & (seen.reason == 0))


def test_noise_has_the_stated_deviations_and_no_bias() -> None:
    settings = SENSORS["default"]
    rows = Rows.of(standing(4000))
    seen = observe(rows, settings, seed=9, names=["e"])
    mine = of_ego(seen, rows, 0) & (seen.track == 1)
    n = int(mine.sum())
    for values, truth, deviation in (
        (seen.range, 50.0, settings.range_noise_m),
        (seen.range_rate, 0.0, settings.range_rate_noise_mps),
        (seen.bearing, 0.0, settings.bearing_noise_rad),
    ):
        assert values[mine].mean() == pytest.approx(truth, abs=4 * deviation / np.sqrt(n))
        assert values[mine].std() == pytest.approx(deviation, rel=4 / np.sqrt(2 * n))
    own = seen.speed[rows.track[seen.row] == 0]
    assert own.std() == pytest.approx(settings.speed_noise_mps, rel=0.05)


def test_detection_dropout_and_clutter_have_the_stated_rates() -> None:
    settings = dataclasses.replace(SENSORS["default"], dropout_per_s=0.2, dropout_max_s=0.8)
    rows = Rows.of(standing(20_000))
    seen = observe(rows, settings, seed=9, names=["e"])
    scans = 20_000
    ego = rows.track[np.repeat(seen.row, np.diff(seen.start))] == 0
    clutter = (ego & (seen.track == -1)).sum() / scans
    assert clutter == pytest.approx(settings.clutter_per_scan, rel=0.2)
    lost = (ego & (seen.reason == Reason.DROPOUT)).sum() / scans
    assert lost == pytest.approx(0.2 * 0.4, rel=0.15)  # bursts of 0.4 s on average
    weak = (ego & (seen.reason == Reason.RANGE)).sum() / ((1 - lost) * scans)
    share = (50.0 / settings.range_max_m) ** 2
    wanted = 1 - settings.detect_near + (settings.detect_near - settings.detect_far) * share
    assert weak == pytest.approx(wanted, rel=0.15)


def test_dropouts_come_in_bursts() -> None:
    settings = dataclasses.replace(IDEAL, dropout_per_s=0.1, dropout_max_s=1.0)
    rows = Rows.of(standing(8000))
    seen = observe(rows, settings, seed=2, names=["e"])
    ego = rows.track[np.repeat(seen.row, np.diff(seen.start))] == 0
    lost = seen.reason[ego] == Reason.DROPOUT
    ends = (lost[:-1] & ~lost[1:]).sum()
    assert lost.sum() / ends > 3.0


def test_an_episode_alone_is_sensed_as_in_a_bigger_log(busy: tuple[Log, Rows]) -> None:
    log, rows = busy
    names = log.episodes["episode_id"].tolist()
    settings = SENSORS["default"]
    together = observe(rows, settings, seed=5, names=names)
    alone = observe(Rows.of(log.episode(1)), settings, seed=5, names=names[1:2])
    middle = np.flatnonzero(rows.episode[together.row] == 1)
    part = slice(together.start[middle[0]], together.start[middle[-1] + 1])
    assert np.array_equal(together.range[part], alone.range)
    assert np.array_equal(together.clearance[middle], alone.clearance, equal_nan=True)
    other = observe(rows, settings, seed=6, names=names)
    assert not np.array_equal(other.speed, together.speed)


def test_the_table_has_the_columns_of_the_store(busy: tuple[Log, Rows]) -> None:
    log, rows = busy
    names = log.episodes["episode_id"].tolist()
    table = detection_table(observe(rows, SENSORS["rain"], seed=5, names=names), rows, names)
    assert list(table) == [
        "episode_id",
        "ego_id",
        "frame",
        "t_s",
        "sensor",
        "track_id",
        "range_m",
        "range_rate_mps",
        "bearing_rad",
        "lateral_m",
        "kind",
        "missed_reason",
    ]
    assert set(table["missed_reason"].unique()) == {
        "",
        "field_of_view",
        "occluded",
        "weather",
        "dropout",
        "range",
    }
    assert (table.loc[table["track_id"] == -1, "missed_reason"] == "").all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"range_noise_m": -1.0}, "sensor.range_noise_m: expected a number of at least 0"),
        ({"under": 1.5}, "sensor.under: expected a share in"),
        ({"lidar_beams": 2}, "sensor.lidar_beams: expected at least 8 beams"),
        ({"range_max_m": 0.0}, "sensor.range_max_m: expected a reach above 0 m"),
        ({"field_of_view_rad": 4.0}, "sensor.field_of_view_rad: expected an opening"),
        ({"lidar_field_of_view_rad": 7.0}, "sensor.lidar_field_of_view_rad: expected an opening"),
        ({"speed_filter_s": float("nan")}, "sensor.speed_filter_s: expected a number"),
    ],
)
def test_impossible_settings_are_told_in_one_line(change: dict[str, float], message: str) -> None:
    with pytest.raises(UserError, match=message):
        dataclasses.replace(SENSORS["default"], **change)
