"""Settings of sensors: nested, published, and refused in one line that names the key."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pytest
from scenes import CLEAR, look, of_first, share, standing

from sim.base.errors import UserError
from sim.config.parse import parse
from sim.sensing import RCS_DBSM, SENSORS, Reason, SensorSettings


@pytest.mark.parametrize("name", sorted(SENSORS))
def test_an_outfit_survives_being_written_and_read(name: str) -> None:
    assert parse(SensorSettings, asdict(SENSORS[name])) == SENSORS[name]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"weather": {"rain_mmph": -1}}, "sensor.weather.rain_mmph: expected a finite number"),
        ({"weather": {"night": 2}}, "sensor.weather.night: expected a share in"),
        ({"weather": {"sun_azimuth_rad": float("inf")}}, "sensor.weather.sun_azimuth_rad: exp"),
        ({"weather": {"rian_mmph": 1}}, "did you mean 'weather.rain_mmph'?"),
        ({"camera": {"detect_far": 1.5}}, "sensor.camera.detect_far: expected a share in"),
        ({"camera": {"field_of_view_rad": 4}}, "sensor.camera.field_of_view_rad: expected an"),
        ({"camera": {"range_max_m": 0}}, "sensor.camera.range_max_m: expected a reach above 0"),
        ({"camera": {"rate_hz": 0}}, "sensor.camera.rate_hz: expected scans per second above 0"),
        ({"camera": {"latency_s": 5}}, "sensor.camera.latency_s: expected 0 to 2 s"),
        ({"camera": {"height_m": 0}}, "sensor.camera.height_m: expected a height above 0 m"),
        ({"camera": {"confusion": 9}}, "sensor.camera.confusion: expected a factor in"),
        ({"camera": {"on": "perhaps"}}, "camera.on: expected"),
        ({"cloud": {"beams": 3}}, "sensor.cloud.beams: expected 8 to 20000 beams"),
        ({"cloud": {"points_min": 0}}, "sensor.cloud.points_min: expected at least 1 beam"),
        ({"cloud": {"field_of_view_rad": 0}}, "sensor.cloud.field_of_view_rad: expected an"),
        ({"rcs_effect": 2}, "sensor.rcs_effect: expected a share in"),
        ({"rate_hz": 0}, "sensor.rate_hz: expected scans per second above 0"),
        ({"latency_s": 9}, "sensor.latency_s: expected 0 to 2 s"),
        ({"lidar_latency_s": 9}, "sensor.lidar_latency_s: expected 0 to 2 s"),
        ({"lidar_rate_hz": float("nan")}, "sensor.lidar_rate_hz: expected"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(values: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError) as caught:
        parse(SensorSettings, values)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("kind", "code"), [("pedestrian", 4), ("truck", 1)])
def test_range_falls_with_the_fourth_root_of_the_cross_section(kind: str, code: int) -> None:
    outfit = replace(CLEAR, rcs_effect=1.0, detect_near=0.95, detect_far=0.6)
    gap = 50.0
    seen = look(standing(6000, (kind, gap, 0.0)), outfit)
    one = of_first(seen, seen)
    times = 10 ** ((RCS_DBSM[0] - RCS_DBSM[code]) / 40)
    wanted = 0.95 - 0.35 * (gap * times / 120.0) ** 2
    car = 0.95 - 0.35 * (gap / 120.0) ** 2
    share(one["reason"] == 0, wanted)
    share(one["reason"] == Reason.TOO_SMALL, max(car - wanted, 0.0))
    assert set(np.unique(one["reason"])) <= {0, Reason.TOO_SMALL, Reason.RANGE}
