"""How much each kind of weather does to each sensor: one line an effect, with its source.

An effect stretches the distance: a sensor that could just detect a car at R in clear air can do
so at r in weather, where r exp(stretch) = R. So losses in dB become comparable among sensors.

- Radar: echoes fall with r⁴, so a two-way loss of L dB stretches by L ln(10) / 40.
- Lidar: returns from what fills the beam fall with r² and twice the extinction, so an
  extinction a stretches by a r.
- Camera: contrast times area is what counts for small images (Ricco's law); contrast falls as
  exp(-a r) (Koschmieder), area with r², so it stretches by a r / 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Sensor = Literal["radar", "lidar", "camera"]
Term = Literal["per_m", "flat", "spray", "glare", "clutter", "spray_clutter"]

RADAR_DB_PER_KM = 2e-3 * math.log(10.0) / 40.0
"""Stretch per metre of 1 dB/km one way, for a radar."""
LIDAR_DB_PER_KM = 1e-3 * math.log(10.0) / 10.0
"""The same for a lidar."""
CAMERA_DB_PER_KM = 0.5 * LIDAR_DB_PER_KM
"""The same for a camera."""


@dataclass(frozen=True)
class Effect:
    """One effect: size * dial ** power, added to a term of one sensor.

    Attributes:
        weather: Name of the dial in `WeatherSettings`.
        sensor: What it acts on.
        term: `per_m` stretches with the range [1/m], `flat` anywhere, `spray` in proportion to
            the ego's speed, `glare` towards the sun. `clutter` is the probability of a false
            detection in a scan, of the lidar in a beam; `spray_clutter` with the speed too.
        size: At a dial of 1.
        power: Of the dial.
        source: Where the size is from; "engineering" where nobody measured it for this use,
            "recalled" where the number was not looked up again.
    """

    weather: str
    sensor: Sensor
    term: Term
    size: float
    power: float
    source: str


_RAIN = "ITU-R P.1814, 1.076 R^0.67 dB/km (recalled)"
_SNOW = "ITU-R P.1814, dry snow at 905 nm, 5.54 S^1.38 dB/km (recalled)"
_DROPS = "droplets exceed the wavelength: Kim et al., SPIE 4214 (2001), q = 0 in fog (recalled)"
_WATER = "ITU-R P.840, 4 dB/km per g/m³, with 0.024 M^-0.65 km of visibility (recalled)"
_MADE = "engineering"

EFFECTS: tuple[Effect, ...] = (
    Effect(
        "rain_mmph", "radar", "per_m", 0.94 * RADAR_DB_PER_KM, 0.776,
        "CCIR Rec. 838 (1992), horizontal, 77 GHz between the table's 70 and 80 GHz",
    ),
    Effect("rain_mmph", "radar", "clutter", 0.001, 1.0, _MADE),
    Effect("rain_mmph", "lidar", "per_m", 1.076 * LIDAR_DB_PER_KM, 0.67, _RAIN),
    Effect("rain_mmph", "lidar", "clutter", 0.0002, 1.0, _MADE),
    Effect("rain_mmph", "camera", "per_m", 1.076 * CAMERA_DB_PER_KM, 0.67, _RAIN),
    Effect("rain_mmph", "camera", "flat", 0.004, 1.0, _MADE + ": drops on the windscreen"),
    Effect("fog_per_km", "radar", "per_m", 0.00236 * RADAR_DB_PER_KM, 1.54, _WATER),
    Effect("fog_per_km", "lidar", "per_m", 1e-3, 1.0, _DROPS),
    Effect("fog_per_km", "lidar", "clutter", 0.002, 1.0, _MADE),
    Effect("fog_per_km", "camera", "per_m", 0.5e-3, 1.0, "Koschmieder and Ricco (recalled)"),
    Effect("snow_mmph", "radar", "per_m", 0.5 * RADAR_DB_PER_KM, 1.0, _MADE),
    Effect("snow_mmph", "radar", "flat", 0.02, 1.0, _MADE + ": slush on the radome"),
    Effect("snow_mmph", "lidar", "per_m", 5.54 * LIDAR_DB_PER_KM, 1.38, _SNOW),
    Effect("snow_mmph", "lidar", "clutter", 0.01, 1.0, _MADE),
    Effect("snow_mmph", "camera", "per_m", 5.54 * CAMERA_DB_PER_KM, 1.38, _SNOW),
    Effect("spray", "radar", "spray", 0.1, 1.0, _MADE + ": 1.7 dB"),
    Effect("spray", "lidar", "spray", 0.6, 1.0, _MADE),
    Effect("spray", "lidar", "spray_clutter", 0.05, 1.0, _MADE),
    Effect("spray", "camera", "spray", 0.4, 1.0, _MADE),
    Effect("sun", "radar", "flat", 0.0, 1.0, "brings its own waves: none"),
    Effect("sun", "lidar", "flat", 0.15, 1.0, _MADE + ": background light"),
    Effect("sun", "camera", "glare", 0.7, 1.0, _MADE),
    Effect("sun", "camera", "clutter", 0.01, 1.0, _MADE + ": flare in the lens"),
    Effect("night", "radar", "flat", 0.0, 1.0, "brings its own waves: none"),
    Effect("night", "lidar", "flat", 0.0, 1.0, "brings its own light: none"),
    Effect("night", "camera", "flat", 0.5, 1.0, _MADE + ": as far as headlights reach"),
)  # fmt: skip
