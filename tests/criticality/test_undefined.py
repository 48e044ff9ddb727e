"""Over the whole set: NaN in is NaN out, shapes broadcast, the impossible is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim.criticality as criticality
from sim.base.errors import UserError
from sim.criticality import RoadUser
from sim.world.kinds import Kind

SERIES = [2.0, 1.0, 1.2]
# usual arguments of every measure; the lists are series along time
SCALARS: dict[str, tuple[float, ...]] = {
    "ttc": (30.0, 20.0, 10.0),
    "mttc": (30.0, 5.0, 2.0),
    "thw": (30.0, 20.0),
    "drac": (30.0, 20.0, 10.0),
    "required_deceleration": (30.0, 20.0, 10.0, -2.0),
    "btn": (4.0, 8.0),
    "stn": (2.0, 4.0),
    "lateral_required": (2.0, 3.0),
    "ttb": (30.0, 20.0, 10.0, 8.0),
    "tts": (30.0, 20.0, 10.0, 2.0, 4.0),
    "ttk": (36.0, 10.0, 3.0, 3.0),
    "ttr": (2.0, 1.0, -1.0),
    "encroachment_time": (2.0, 3.5),
    "pet": (3.5, 4.25),
    "psd": (25.0, 20.0, 8.0),
    "dst": (30.0, 20.0, 10.0, 1.0),
    "rss_longitudinal": (20.0, 10.0, 1.0, 2.0, 4.0, 8.0),
    "rss_lateral": (1.0, 0.5, 1.0, 2.0, 3.0, 0.4),
    "madr_exceedance": (7.0,),
    "delta_v": (20.0, 10.0, 1500.0, 1800.0),
    "pedestrian_fatality_risk": (10.0,),
    "pedestrian_injury_risk": (10.0,),
    "cyclist_injury_risk": (10.0,),
    "occupant_injury_risk": (10.0,),
    "pfs": (40.0, 20.0, 20.0, 1.0, 4.0, 8.0, 8.0, 1.0),
    "cfs": (20.0, 20.0, 10.0, 0.0, 1.0, 4.0, 8.0),
}
ALONG_TIME: dict[str, tuple[Any, ...]] = {
    "tet": (SERIES, 0.1, 1.5),
    "tit": (SERIES, 0.1, 1.5),
    "cpi": (SERIES, 0.1),
}
IN_THE_PLANE: dict[str, tuple[float, ...]] = {
    "ttc_2d": (),
    "ttce": (),
    "dce": (),
    "distance": (),
    "wttc": (3.0, 4.0),
}
ELSEWHERE = {"RoadUser", "pairs", "iter_pairs", "summary", "severe_injury_risk", "jerk"}
ELSEWHERE |= {"Severity", "contact_severity"}
EGO = {"x": 0.0, "y": 0.0, "yaw": 0.02, "speed": 20.0, "length": 4.5, "width": 1.8}
LEAD = {"x": 30.0, "y": 1.0, "yaw": 0.0, "speed": 10.0, "length": 12.0, "width": 2.5}


def measure(name: str) -> Callable[..., Any]:
    found: Callable[..., Any] = getattr(criticality, name)
    return found


def test_every_public_measure_is_in_one_of_the_tables() -> None:
    assert {*SCALARS, *ALONG_TIME, *IN_THE_PLANE, *ELSEWHERE} == set(criticality.__all__)


def test_every_public_name_is_on_its_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "criticality.md").read_text(encoding="utf-8")
    missing = [name for name in criticality.__all__ if name not in page]
    assert missing == ["Severity"]  # what contact_severity returns


@pytest.mark.parametrize("name", SCALARS)
def test_nan_in_is_nan_out_and_nothing_else_is(name: str) -> None:
    usual = SCALARS[name]
    assert np.isfinite(measure(name)(*usual))
    for k in range(len(usual)):
        args: list[Any] = [np.full(2, value) for value in usual]
        args[k] = np.array([np.nan, usual[k]])
        got = measure(name)(*args)
        assert got.shape == (2,)
        assert np.isnan(got).tolist() == [True, False], f"{name}, argument {k}"


@pytest.mark.parametrize("name", SCALARS)
def test_unknown_wins_over_contact_standstill_and_distance(name: str) -> None:
    usual = SCALARS[name]
    for k in range(len(usual)):
        for extreme in (0.0, -1.0, 1e9):
            args = [extreme] * len(usual)
            args[k] = np.nan
            try:
                got = measure(name)(*args)
            except UserError:
                continue  # no such parameter
            assert np.isnan(got), f"{name}{tuple(args)}"


@pytest.mark.parametrize("name", SCALARS)
def test_arguments_broadcast_and_shapes_that_do_not_are_told(name: str) -> None:
    usual = SCALARS[name]
    args: list[Any] = [np.full((3, 1), value) for value in usual]
    assert measure(name)(*args).shape == (3, 1)
    args[-1] = np.full(4, usual[-1])
    if len(usual) > 1:
        got = measure(name)(*args)
        assert got.shape == (3, 4)
        np.testing.assert_allclose(got, measure(name)(*usual))
        with pytest.raises(UserError, match="shapes that broadcast"):
            measure(name)(np.ones(3), *usual[1:-1], np.ones(4))
    with pytest.raises(UserError, match="numbers"):
        measure(name)("far", *usual[1:])


FAR_AWAY = {"ttc", "mttc", "thw", "ttb", "tts", "psd"}
NOT_REQUIRED = {"drac", "required_deceleration", "dst", "pfs", "cfs"}


@pytest.mark.parametrize("name", sorted(FAR_AWAY | NOT_REQUIRED))
def test_an_infinite_distance_is_no_danger(name: str) -> None:
    usual = list(SCALARS[name])
    if name == "required_deceleration":
        usual[3] = 0.0  # a lead that brakes would have the ego brake as hard at any distance
    for accel in (2.0, 0.0, -2.0) if name == "mttc" else (usual[-1],):
        got = measure(name)(np.inf, *usual[1:-1], accel)
        assert got == (np.inf if name in FAR_AWAY else 0.0)


@pytest.mark.parametrize("name", ALONG_TIME)
def test_one_unknown_sample_makes_a_sum_over_time_unknown(name: str) -> None:
    usual = ALONG_TIME[name]
    table = np.array([SERIES, SERIES])
    table[0, 1] = np.nan
    assert np.isnan(measure(name)(table, *usual[1:])).tolist() == [True, False]
    for k in range(1, len(usual)):
        args = [*usual]
        args[k] = np.nan
        assert np.isnan(measure(name)(*args))
    with pytest.raises(UserError, match="time along the last axis"):
        measure(name)(1.0, *usual[1:])


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_each_unknown_field_of_a_road_user_makes_the_measure_unknown(name: str) -> None:
    more = IN_THE_PLANE[name]
    assert np.isfinite(measure(name)(EGO, LEAD, *more))
    for field in EGO:
        two = LEAD | {field: [np.nan, LEAD[field]]}
        for got in (measure(name)(EGO, two, *more), measure(name)(two, EGO, *more)):
            assert np.isnan(got).tolist() == [True, False], field
    for k in range(len(more)):
        args = [*more]
        args[k] = np.nan
        assert np.isnan(measure(name)(EGO, LEAD, *args))


def test_an_unknown_acceleration_is_unknown() -> None:
    assert np.isnan(criticality.ttc_2d(EGO | {"accel": [np.nan, 0.0]}, LEAD)).tolist() == [
        True,
        False,
    ]


def test_road_users_may_come_in_any_struct() -> None:
    want = criticality.ttc_2d(RoadUser(**EGO), RoadUser(**LEAD))
    assert 0.0 < want < np.inf
    frame = pd.DataFrame([EGO, LEAD])
    log = frame.rename(
        columns={"x": "x_m", "y": "y_m", "yaw": "yaw_rad", "speed": "speed_mps"}
    ).rename(columns={"length": "length_m", "width": "width_m"})
    records = frame.to_records(index=False)
    structured = np.array([tuple(EGO.values())], dtype=[(name, float) for name in EGO])
    for one, two in (
        (EGO, LEAD),
        (frame.iloc[[0]], frame.iloc[[1]]),
        (frame.iloc[0], frame.iloc[1]),
        (log.iloc[0], log.iloc[1]),
        (records[:1], records[1:]),
        (structured, LEAD),
        (structured[0], LEAD),
    ):
        assert criticality.ttc_2d(one, two) == want


IMPOSSIBLE: list[tuple[str, tuple[Any, ...], str]] = [
    ("btn", (4.0, 0.0), "available: expected more than 0 m/s²"),
    ("stn", (4.0, -1.0), "available: expected more than 0 m/s²"),
    ("ttb", (30.0, 20.0, 10.0, 0.0), "brake_max: expected more than 0 m/s²"),
    ("tts", (30.0, 20.0, 10.0, 2.0, [4.0, -4.0]), "lateral_max: expected more than 0"),
    ("ttk", (30.0, 20.0, 10.0, 0.0), "accel_max: expected more than 0"),
    ("ttr", (), "times: expected at least one"),
    ("encroachment_time", (3.0, 2.0), "exit: expected a time not before the entry"),
    ("psd", (30.0, 20.0, -8.0), "brake_max: expected more than 0"),
    ("dst", (30.0, 20.0, 10.0, -1.0), "safety_time: expected at least 0 s"),
    ("rss_longitudinal", (20.0, 10.0, -1.0, 2.0, 4.0, 8.0), "reaction_time: expected at least"),
    ("rss_longitudinal", (20.0, 10.0, 1.0, -2.0, 4.0, 8.0), "accel_max: expected at least"),
    ("rss_longitudinal", (20.0, 10.0, 1.0, 2.0, 0.0, 8.0), "brake_min: expected more than"),
    ("rss_longitudinal", (20.0, 10.0, 1.0, 2.0, 4.0, 0.0), "brake_max: expected more than"),
    ("rss_lateral", (1.0, 1.0, 1.0, 2.0, 0.0, 0.4), "brake_min: expected more than"),
    ("rss_lateral", (1.0, 1.0, 1.0, 2.0, 3.0, -0.4), "margin: expected at least 0 m"),
    ("tet", (SERIES, 0.0, 1.5), "dt: expected more than 0 s"),
    ("tit", (SERIES, 0.1, -1.5), "threshold: expected more than 0 s"),
    ("cpi", (SERIES, -0.1), "dt: expected more than 0 s"),
    ("jerk", (SERIES, 0.0), "dt: expected more than 0 s"),
    ("jerk", (SERIES, [0.1, 0.1, 0.1]), "dt: expected one number"),
    ("jerk", (1.0, 0.1), "accel: expected a series"),
    ("delta_v", (20.0, 10.0, 0.0, 1.0), "ego_mass: expected more than 0 kg"),
    ("delta_v", (20.0, 10.0, 1.0, -1.0), "lead_mass: expected more than 0 kg"),
    ("pfs", (40.0, 20.0, 20.0, 1.0, 0.0, 8.0, 8.0), "brake_comfort: expected more than 0"),
    ("cfs", (40.0, 20.0, 10.0, 0.0, 1.0, 4.0, 0.0), "brake_max: expected more than 0"),
    ("wttc", (EGO, LEAD, -1.0, 0.0), "accel_first: expected at least 0 m/s²"),
    ("ttc_2d", (EGO | {"length": -4.0}, LEAD), "length: expected at least 0 m"),
    ("RoadUser", (0.0, 0.0, 0.0, 5.0, 4.0, -2.0), "width: expected at least 0 m"),
    ("RoadUser", ([0.0, 1.0], 0.0, [0.0, 1.0, 2.0], 5.0, 4.0, 2.0), "shapes that broadcast"),
    ("dce", (EGO, {"x": 0.0}), "road user: expected fields x, y, yaw, speed, length, width"),
    ("ttce", (EGO, np.zeros(6)), "a ndarray without x"),
]


@pytest.mark.parametrize(("name", "args", "message"), IMPOSSIBLE)
def test_impossible_arguments_are_told_in_one_line(
    name: str, args: tuple[Any, ...], message: str
) -> None:
    with pytest.raises(UserError, match=message) as caught:
        measure(name)(*args)
    assert "\n" not in str(caught.value)


def test_severe_injury_is_unknown_for_things_and_unknown_kinds() -> None:
    got = criticality.severe_injury_risk([Kind.OBJECT, 17, Kind.CAR], 10.0, [5.0, 5.0, np.nan])
    assert np.isnan(got).all()
