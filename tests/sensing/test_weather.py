"""Weather: stated sizes, closed forms, never more seen in worse, each sensor in its own way."""

from __future__ import annotations

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from random_traffic import random_log
from scenes import CLEAR, look, of_first, share, standing

from sim.sensing import EFFECTS, SENSORS, Reason, WeatherSettings, observe
from sim.sensing.detect import chance, verdict
from sim.sensing.weather import Air, air_of, haze
from sim.world.rows import Rows

DIALS = [f.name for f in fields(WeatherSettings) if f.name != "sun_azimuth_rad"]


def test_every_dial_has_a_stated_effect_with_a_source_on_every_sensor() -> None:
    assert {(e.weather, e.sensor) for e in EFFECTS} == {
        (dial, sensor) for dial in DIALS for sensor in ("radar", "lidar", "camera")
    }
    assert all(e.source and e.size >= 0 and e.term in Air._fields for e in EFFECTS)
    assert air_of(WeatherSettings(), "camera")[:6] == (0.0,) * 6


def test_losses_are_those_of_the_published_laws() -> None:
    rain = WeatherSettings(rain_mmph=25.0)
    two_way_db = 2 * 0.1 * 0.94 * 25.0**0.776  # 100 m
    seems = haze(air_of(rain, "radar"), 100.0, 0.0, 1.0, 0.0)
    assert 40 * seems / math.log(10) == pytest.approx(two_way_db)
    fog = WeatherSettings(fog_per_km=30.0)  # one sees 100 m
    assert haze(air_of(fog, "lidar"), 50.0, 0.0, 1.0, 0.0) == pytest.approx(1.5)
    assert haze(air_of(fog, "camera"), 50.0, 0.0, 1.0, 0.0) == pytest.approx(0.75)
    assert 40 * haze(air_of(fog, "radar"), 50.0, 0.0, 1.0, 0.0) / math.log(10) < 0.1
    snow = WeatherSettings(snow_mmph=2.0)
    one_way_db = 0.1 * 5.54 * 2.0**1.38
    lidar = haze(air_of(snow, "lidar"), 100.0, 0.0, 1.0, 0.0)
    assert 10 * lidar / math.log(10) == pytest.approx(one_way_db)


def test_spray_needs_speed_and_glare_the_direction_of_the_sun() -> None:
    spray = air_of(WeatherSettings(spray=1.0), "lidar")
    assert haze(spray, 30.0, 0.0, 1.0, 0.0) == 0.0
    assert haze(spray, 30.0, 12.5, 1.0, 0.0) == pytest.approx(0.3)
    assert haze(spray, 30.0, 50.0, 1.0, 0.0) == pytest.approx(0.6)
    sun = air_of(WeatherSettings(sun=1.0, sun_azimuth_rad=2.0), "camera")
    for off, glare in ((0.0, 0.7), (0.25, 0.7), (-0.25, 0.7), (0.27, 0.0), (3.1, 0.0)):
        x, y = 30 * math.cos(2.0 + off), 30 * math.sin(2.0 + off)
        assert haze(sun, 30.0, 0.0, x, y) == pytest.approx(glare)


def test_chance_falls_with_the_square_of_the_range_as_it_seems() -> None:
    assert chance(0.9, 0.5, 0.25, 0.0) == pytest.approx(0.8)
    assert chance(0.9, 0.5, 0.25, math.log(2.0)) == pytest.approx(0.5)
    assert chance(0.9, 0.5, 1.0, math.log(2.0)) == 0.0


def test_a_miss_is_blamed_on_what_tipped_it() -> None:
    near, far, part = 0.9, 0.5, 0.5  # 0.7 for a car in clear air
    small, air = 0.5 * math.log(1.5), 0.5 * math.log(1.5)  # 0.6, and 0.45 with the weather
    blamed = [verdict(u, near, far, part, small, air) for u in (0.44, 0.5, 0.65, 0.8, 0.95)]
    assert blamed == [0, Reason.WEATHER, Reason.TOO_SMALL, Reason.RANGE, Reason.CHANCE]
    # a truck in fog: more than its size gains is lost
    assert verdict(0.72, near, far, part, -small, 3 * air) == Reason.WEATHER


@pytest.mark.parametrize("dial", DIALS)
def test_worse_weather_never_shows_more(dial: str) -> None:
    log = random_log(8, episodes=1, users=12, frames=40)
    rows, levels = (
        Rows.of(log),
        (0.0, 0.3, 1.0) if dial in ("spray", "sun", "night") else (0, 3, 30),
    )
    before: list[set[tuple[int, int]]] | None = None
    lost = 0
    for level in levels:
        weather = WeatherSettings(**{dial: float(level)})
        outfit = replace(SENSORS["suite"], weather=weather)
        seen = observe(rows, outfit, seed=2, names=["e"])
        found = []
        for one in (seen, seen.camera, seen.cloud):
            assert one is not None
            ego = np.repeat(seen.row, np.diff(one.start))
            true = (one.reason == 0) & (one.track >= 0)
            found.append(set(zip(ego[true].tolist(), one.target[true].tolist())))
            lost += int((one.reason == Reason.WEATHER).sum())
            assert level > 0 or not (one.reason == Reason.WEATHER).any()
        if before is not None:
            assert all(now <= then for now, then in zip(found, before))
        before = found
    assert lost > 0


def test_each_sensor_has_its_own_weakness() -> None:
    log = standing(600, ("car", 70.0, 0.0))

    def rates(**weather: float) -> list[float]:
        seen = look(log, replace(SENSORS["suite"], weather=WeatherSettings(**weather)))
        lists = [of_first(seen, one) for one in (seen, seen.camera, seen.cloud)]
        return [float(((x["track"] == 1) & (x["reason"] == 0)).sum() / 600) for x in lists]

    clear, fog, night = rates(), rates(fog_per_km=20.0), rates(night=1.0)
    sun, behind = rates(sun=1.0), rates(sun=1.0, sun_azimuth_rad=3.0)
    assert fog[0] > clear[0] - 0.02  # the radar looks through fog
    assert fog[1] < clear[1] - 0.15
    assert fog[2] < clear[2] - 0.3
    assert night[1] < clear[1] - 0.1
    assert (night[0], night[2]) == (clear[0], clear[2])
    assert sun[1] < behind[1] - 0.1
    assert behind[1] == clear[1]


def test_drops_in_the_air_return_light_and_hide_what_is_far() -> None:
    log = standing(300, ("car", 30.0, 0.0))
    clear = look(log, CLEAR).clearance[:300]
    fog = look(log, replace(CLEAR, weather=WeatherSettings(fog_per_km=30.0))).clearance[:300]
    front = np.abs(look(log, CLEAR).angle).argmin()
    assert clear[:, front] == pytest.approx(30.0)
    false = fog[:, front] < 12.0
    share(false, 0.06)
    assert np.isnan(fog[~false, front]).all()  # seems 30 exp(0.9) = 74 m away, beyond 50
    thin = look(log, replace(CLEAR, weather=WeatherSettings(fog_per_km=10.0))).clearance[:300]
    assert (thin[:, front] == pytest.approx(30.0)) or (thin[:, front] < 12.0).any()
    assert not np.isnan(thin[:, front]).any()  # seems 40 m away


def test_weather_adds_false_detections_at_its_rate() -> None:
    log = standing(6000, speed=25.0)
    outfit = replace(CLEAR, weather=WeatherSettings(rain_mmph=50.0, sun=1.0))
    seen = look(log, outfit)
    for one, wanted in ((seen, 0.05), (seen.camera, 0.01), (seen.cloud, 0.01)):
        false = of_first(seen, one)
        share(np.isin(np.arange(6000), false["frame"]), wanted)
