"""The weather that an outfit is in, and what of it a sensor's kernel needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from sim.base.jit import njit
from sim.sensing.checks import check_numbers
from sim.sensing.effects import EFFECTS, Sensor

SPRAY_MPS = 25.0
"""From this speed of the ego on, spray is as dense as it gets (engineering)."""
GLARE_RAD = 0.26
"""The sun blinds within this angle of its azimuth (engineering)."""


@dataclass(frozen=True, kw_only=True)
class WeatherSettings:
    """Dials of the weather; all zero is clear air by day. Their effects are in `EFFECTS`.

    Attributes:
        rain_mmph: Rain [mm/h]: 2 light, 10 heavy, 50 a cloudburst.
        fog_per_km: Extinction by fog [1/km]: 3000 over the meteorological visibility in
            metres, so 30 where one sees 100 m (5 % contrast).
        snow_mmph: Dry snow, as water [mm/h].
        spray: Wetness of the road, 0 to 1; what it throws up grows with the ego's speed.
        sun: Glare of a low sun, 0 to 1.
        sun_azimuth_rad: Direction in which it stands, from east counter-clockwise [rad].
        night: Darkness, 0 to 1.
    """

    rain_mmph: float = 0.0
    fog_per_km: float = 0.0
    snow_mmph: float = 0.0
    spray: float = 0.0
    sun: float = 0.0
    sun_azimuth_rad: float = 0.0
    night: float = 0.0

    def __post_init__(self) -> None:
        check_numbers("sensor.weather", self, ("spray", "sun", "night"), free=("sun_azimuth_rad",))


class Air(NamedTuple):
    """What the weather does to one sensor: the terms of `Effect`, and where the sun is."""

    per_m: float
    flat: float
    spray: float
    glare: float
    clutter: float
    spray_clutter: float
    sun_x: float
    sun_y: float


def air_of(weather: WeatherSettings, sensor: Sensor) -> Air:
    """The sum of all effects on one sensor."""
    total = dict.fromkeys(Air._fields[:6], 0.0)
    for effect in EFFECTS:
        if effect.sensor == sensor:
            total[effect.term] += effect.size * getattr(weather, effect.weather) ** effect.power
    azimuth = weather.sun_azimuth_rad
    return Air(**total, sun_x=math.cos(azimuth), sun_y=math.sin(azimuth))


@njit
def spray_share(speed: float) -> float:
    """How dense spray is at the ego's speed [m/s], 0 to 1."""
    return min(abs(speed) / SPRAY_MPS, 1.0)


@njit
def haze(air: Air, reach: float, speed: float, x: float, y: float) -> float:
    """Logarithm of the factor by which an object seems farther, 0 in clear air.

    Args:
        air: The weather.
        reach: Range of the object [m].
        speed: Of the ego [m/s].
        x: Direction from the sensor to the object, eastward, of any length.
        y: The same, northward.
    """
    total = air.flat + air.per_m * reach + air.spray * spray_share(speed)
    if air.glare > 0.0:
        toward = x * air.sun_x + y * air.sun_y
        if toward > math.cos(GLARE_RAD) * math.hypot(x, y):
            total += air.glare
    return total


@njit
def false_share(air: Air, speed: float) -> float:
    """Probability of a false detection that the weather brings."""
    return air.clutter + air.spray_clutter * spray_share(speed)
