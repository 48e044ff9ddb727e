"""Files in a wrong unit, frame rate or heading convention are refused with the one that fits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.base.errors import UserError
from sim.logs import read
from sim.logs.units import check_units


def _traffic(
    seed: int, *, cars: int = 6, rate: float = 10.0, seconds: float = 8.0, noise: float = 0.02
) -> pd.DataFrame:
    """Cars on arcs at varying speeds, in metres, seconds and radians, with noise of position."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    parts = []
    for number in range(cars):
        speed = rng.uniform(6.0, 30.0) + rng.uniform(-0.6, 0.6) * t
        yaw = rng.uniform(-np.pi, np.pi) + rng.uniform(-0.05, 0.05) * t
        x, y = (
            np.cumsum(np.concatenate([[0.0], (speed * part)[:-1] / rate]))
            for part in (np.cos(yaw), np.sin(yaw))
        )
        xy = np.stack([x, y]) + rng.normal(0.0, noise, (2, len(t)))
        parts.append(
            pd.DataFrame(
                {
                    "track_id": number,
                    "t": t,
                    "x": xy[0] + 100.0 * number,
                    "y": xy[1] + 900.0 * number,
                    "speed": speed,
                    "heading": yaw,
                    "length": rng.uniform(4.0, 5.0),
                    "width": rng.uniform(1.7, 2.0),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _checked(table: pd.DataFrame) -> None:
    names = {"t": "t_s", "x": "x_m", "y": "y_m", "speed": "speed_mps", "heading": "yaw_rad"}
    sizes = {"length": "length_m", "width": "width_m"}
    check_units(table.rename(columns=names | sizes).assign(kind="car"), "file")


Change = Callable[[pd.DataFrame], pd.DataFrame]
FOOT = 0.3048
WRONG: dict[str, tuple[Change, str]] = {
    "km/h": (lambda t: t.assign(speed=3.6 * t["speed"]), "km/h"),
    "mph": (lambda t: t.assign(speed=t["speed"] / 0.44704), "mph"),
    "ft/s": (lambda t: t.assign(speed=t["speed"] / FOOT), "ft/s"),
    "positions in feet": (
        lambda t: t.assign(x=t["x"] / FOOT, y=t["y"] / FOOT),
        "positions in feet",
    ),
    "all in feet": (
        lambda t: t.assign(
            **{name: t[name] / FOOT for name in ("x", "y", "speed", "length", "width")}
        ),
        "sizes in feet",
    ),
    "centimetres": (lambda t: t.assign(x=100 * t["x"], y=100 * t["y"]), "centimetres"),
    "degrees": (lambda t: t.assign(heading=np.rad2deg(t["heading"])), "degrees, counter-clock"),
    "degrees from north": (
        lambda t: t.assign(heading=np.mod(90.0 - np.rad2deg(t["heading"]), 360.0)),
        "degrees, clockwise from north",
    ),
    "radians from north": (
        lambda t: t.assign(heading=np.pi / 2 - t["heading"]),
        "radians, clockwise from north",
    ),
    "image coordinates": (lambda t: t.assign(heading=-t["heading"]), "where y points down"),
    "backwards": (lambda t: t.assign(heading=t["heading"] + np.pi), "against the direction"),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", WRONG)
def test_wrong_units_are_named(name, seed):
    change, says = WRONG[name]
    with pytest.raises(UserError, match=r"^file: .*expected") as caught:
        _checked(change(_traffic(seed)))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rate", [5.0, 12.0, 12.5, 20.0, 24.0, 25.0, 30.0, 50.0])
def test_frames_read_at_ten_a_second(rate, folder):
    table = _traffic(7, rate=rate)
    table["frame"] = np.round(table["t"] * rate).astype(int)
    path = folder({"a/run.csv": table.drop(columns="t")}) / "a/run.csv"
    with pytest.raises(UserError, match=f"fits {rate:g} frames a second read as 10 "):
        read(path)
    path = folder({"b/run.csv": table}) / "b/run.csv"
    assert len(read(path)[0].tracks) >= 6 * 78


@given(
    seed=st.integers(0, 10_000),
    rate=st.sampled_from([2.0, 5.0, 10.0, 12.0, 25.0, 30.0]),
    cars=st.integers(1, 8),
    noise=st.floats(0.0, 0.1),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_right_units_pass_at_any_rate(seed, rate, cars, noise):
    _checked(_traffic(seed, rate=rate, cars=cars, noise=noise))


def test_one_of_several_that_reverses_passes_and_most_do_not():
    table = _traffic(3)
    one = table["track_id"] == 0
    reversing = table.assign(
        speed=table["speed"].where(~one, -table["speed"]),
        heading=table["heading"].where(~one, table["heading"] + np.pi),
    )
    _checked(reversing)
    with pytest.raises(UserError, match="against the direction of travel"):
        _checked(table.assign(speed=-table["speed"], heading=table["heading"] + np.pi))


def test_one_wrong_track_is_no_wrong_unit():
    table = _traffic(4)
    one = table["track_id"] == 0
    _checked(table.assign(speed=table["speed"].where(~one, 3.6 * table["speed"])))


def test_a_factor_that_no_unit_has_is_left_to_the_examination():
    table = _traffic(5)
    _checked(table.assign(speed=0.7 * table["speed"]))


def test_standing_traffic_tells_nothing():
    table = _traffic(6).assign(speed=0.0, x=0.0)
    _checked(table.assign(y=10.0 * table["track_id"], heading=90.0))
