"""Tables of sensors and of the reference drivers."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from sim.reference import DRIVERS, tally
from sim.sensing import EFFECTS, SENSORS, Reason, WeatherSettings
from sim.sensing.weather import air_of, haze
from tools.docs.docstrings import entries
from tools.docs.fill import table

CLEAR_M = 100.0
SPEED_MPS = 25.0
GRIDS_KMH = ((60.0, 20.0), (130.0, 70.0))


def weather() -> str:
    """The dials of the weather."""
    told = entries(WeatherSettings.__doc__ or "", "Attributes")
    rows = [(f"`{name}`", meaning.rstrip(".")) for name, meaning in told.items()]
    return table(("dial", "is"), rows)


def effects() -> str:
    """What each dial does to each sensor."""
    rows = [
        (f"`{e.weather}`", e.sensor, f"`{e.term}`", f"{e.size:.3g}", f"{e.power:g}", e.source)
        for e in EFFECTS
    ]
    return table(("dial", "sensor", "term", "size", "power", "source"), rows)


def reach() -> str:
    """How far sensors still see in the weather of each outfit."""
    rows = []
    for name in SENSORS:
        air = SENSORS[name].weather
        if air != WeatherSettings():
            seen = (f"{_seen(air, sensor):.0f} m" for sensor in ("radar", "lidar", "camera"))
            rows.append((f"`{name}`", *seen))
    return table(("outfit", "radar", "lidar", "camera"), rows)


def _seen(weather: WeatherSettings, sensor: Any) -> float:
    """Where what is just detected at `CLEAR_M` in clear air is just detected, by bisection."""
    air = air_of(weather, sensor)
    low, high = 0.0, CLEAR_M
    for _ in range(60):
        r = 0.5 * (low + high)
        near = r * math.exp(haze(air, r, SPEED_MPS, 1.0, 0.0)) <= CLEAR_M
        low, high = (r, high) if near else (low, r)
    return 0.5 * (low + high)


def outfits() -> str:
    """Named outfits by what they do not share with the default one."""
    usual, suite = (_flat(asdict(SENSORS[name])) for name in ("default", "suite"))
    rows = []
    for name in SENSORS:
        own = _flat(asdict(SENSORS[name]))
        told = _unlike(own, usual)
        as_suite = ["as `suite`", *_unlike(own, suite)]
        if name != "suite" and len(as_suite) < len(told):
            told = as_suite
        rows.append((f"`{name}`", ", ".join(told) or "nothing"))
    return table(("outfit", "is the default but for"), rows)


def _unlike(own: dict[str, float], other: dict[str, float]) -> list[str]:
    return [f"{key} {own[key]:g}" for key in own if own[key] != other[key]]


def _flat(settings: dict[str, Any], head: str = "") -> dict[str, float]:
    flat: dict[str, float] = {}
    for name, value in settings.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{head}{name}.")
        elif isinstance(value, bool | int | float):
            flat[head + name] = value
    return flat


def reasons() -> str:
    """Why a road user in range is not in a list."""
    told = entries(Reason.__doc__ or "", "Attributes")
    rows = [(f"`{name.lower()}`", meaning.rstrip(".")) for name, meaning in told.items()]
    return table(("reason", "is"), rows)


def tallies() -> str:
    """Crashes of the reference drivers on the published grids."""
    rows = []
    for driver in DRIVERS:
        found = [tally(driver, *kmh) for kmh in GRIDS_KMH]
        rows.append((f"`{driver}`", *(f"{t.crashes} of {t.cells}" for t in found)))
    heads = (f"{ego:.0f} to {other:.0f} km/h" for ego, other in GRIDS_KMH)
    return table(("driver", *heads), rows)
