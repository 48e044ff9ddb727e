"""Field-style drives: what was asked for, nothing scripted, and danger that emerges."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest
import shapely

from sim.base.errors import UserError
from sim.base.geometry import corners
from sim.features import LabelSettings, find_conflicts
from sim.features.category import CATEGORIES
from sim.logs.field import SITES, Drive, FieldSettings, conditions_of, drives, episode, record
from sim.world.drivers import Drivers
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S, TRACK_COLUMNS, Log
from sim.world.rows import Rows

SETTINGS = FieldSettings(minutes_low=3.0, minutes_high=3.0)
ROLES = ("train", "same_site", "new_site")
TRAINED = [name for name, site in SITES.items() if site.trained_on]
MIXED = ("motorway_a", "crossroads_a", "street_b", "quarter_a")


@cache
def recorded(site: str, settings: FieldSettings = SETTINGS, number: int = 1) -> Log:
    return record(Drive(site, number, "same_site"), settings)


@dataclass(frozen=True)
class Danger:
    """Conflicts of some drives, and their hours."""

    events: pd.DataFrame
    hours: float


@cache
def danger(sites: tuple[str, ...], hazard: float, count: int) -> Danger:
    settings = FieldSettings(minutes_low=3.0, minutes_high=3.0, hazard=hazard)
    found, hours = [], 0.0
    for site in sites:
        for number in range(count):
            log = recorded(site, settings, number)
            found.append(find_conflicts(Rows.of(log), LabelSettings(form="either")))
            driven = ~log.tracks["kind"].isin(["pedestrian", "object"])
            hours += driven.sum() * LOG_STEP_S / 3600.0
    return Danger(pd.concat(found), hours)


@pytest.mark.parametrize("gap", ["none", "mild", "strong"])
def test_nothing_is_scripted(gap: str) -> None:
    settings = FieldSettings(gap=gap)  # type: ignore[arg-type]
    for name in SITES:
        played = episode(Drive(name, 0, "train"), settings)
        assert played.script.actor.size == 0
        held = played.drivers.held[0] == 1
        assert (played.users.speed[0, held] == 0.0).all()
        assert np.isin(played.users.kind[0, held], [Kind.CAR, Kind.OBJECT]).all()


def test_roles_split_sites_and_drives() -> None:
    planned = drives(FieldSettings())
    sites = {role: {d.site for d in planned if d.role == role} for role in ROLES}
    assert sites["train"] == sites["same_site"] == set(TRAINED)
    assert sites["new_site"] == set(SITES) - set(TRAINED)
    assert len({d.group for d in planned}) == len(planned)
    places = {site.place for site in SITES.values()}
    for place in places:
        assert {SITES[name].trained_on for name in SITES if SITES[name].place == place} == {
            True,
            False,
        }


def test_more_hours_leave_the_other_drives_as_they_are() -> None:
    few, many = (
        drives(FieldSettings(train_hours=20, test_hours=160)),
        drives(FieldSettings(train_hours=400, test_hours=3200)),
    )
    assert set(few) < set(many)
    assert len(many) == pytest.approx(20 * len(few), rel=0.2)


def test_hours_are_about_those_asked_for() -> None:
    settings = FieldSettings(train_hours=60.0, test_hours=60.0)
    by_site = {
        name: np.mean(
            [
                (~log.tracks["kind"].isin(["pedestrian", "object"]))
                .groupby(log.tracks["frame"])
                .sum()
                .mean()
                for log in (recorded(name, SETTINGS, number) for number in (0, 1))
            ]
        )
        for name in TRAINED
    }
    minutes = 0.5 * (settings.minutes_low + settings.minutes_high)
    planned = [drive for drive in drives(settings) if drive.role == "train"]
    hours = sum(by_site[drive.site] * minutes / 60.0 for drive in planned)
    # parked cars count here and are no egos
    assert 0.7 * settings.train_hours < hours < 2.2 * settings.train_hours


def test_a_drive_depends_on_settings_site_and_number_only() -> None:
    drive = Drive("street_a", 1, "same_site")
    first = record(drive, SETTINGS)
    record(Drive("arterial_a", 0, "train"), SETTINGS)
    more = FieldSettings(minutes_low=3.0, minutes_high=3.0, train_hours=90.0)
    again = record(drive, more)
    pd.testing.assert_frame_equal(first.tracks, again.tracks)
    pd.testing.assert_frame_equal(first.episodes, again.episodes)
    for other in (
        record(Drive("street_a", 3, "same_site"), SETTINGS),
        recorded("street_a", FieldSettings(minutes_low=3.0, minutes_high=3.0, seed=8)),
    ):
        assert not other.tracks["x_m"].head(50).equals(first.tracks["x_m"].head(50))


def test_a_log_says_that_it_is_field() -> None:
    log = recorded("street_b", number=2)
    assert list(log.tracks) == list(TRACK_COLUMNS)
    row = log.episodes.iloc[0]
    assert (row["source"], row["site"], row["group"]) == (
        "field",
        "street_b",
        "street_b/drive-0002",
    )
    assert row["episode_id"] == "street_b-drive-0002"
    assert log.tracks["frame"].min() == 0
    assert log.tracks["t_s"].max() == pytest.approx(180.0)


@pytest.mark.parametrize("site", SITES)
def test_nobody_overlaps_at_the_start(site: str) -> None:
    start = recorded(site).tracks.query("frame == 0 and kind != 'pedestrian'")
    columns = ("x_m", "y_m", "yaw_rad", "length_m", "width_m")
    boxes = shapely.polygons(corners(*(start[name].to_numpy(float) for name in columns)))
    tree = shapely.STRtree(boxes)
    i, j = tree.query(boxes, predicate="intersects")
    touching = shapely.area(shapely.intersection(boxes[i], boxes[j]))[i < j]
    assert touching.max(initial=0.0) < 0.02


def test_sites_differ_in_speed_and_traffic() -> None:
    speed = {name: _driven(recorded(name))["speed_mps"].mean() for name in MIXED}
    assert speed["motorway_a"] > 1.8 * speed["crossroads_a"]
    assert speed["street_b"] < 0.7 * speed["motorway_a"]
    kinds = {name: set(recorded(name).tracks["kind"]) for name in MIXED}
    assert {"pedestrian", "bicycle"} <= kinds["street_b"] & kinds["crossroads_a"]
    assert "pedestrian" not in kinds["motorway_a"]


def _driven(log: Log) -> pd.DataFrame:
    """Rows of vehicles that move at some time."""
    tracks = log.tracks[log.tracks["kind"].isin(["car", "truck", "motorcycle"])]
    fastest = tracks.groupby("track_id")["speed_mps"].transform("max")
    return tracks[fastest > 0.5]


def test_danger_of_every_kind_emerges_but_seldom() -> None:
    raised = danger((*MIXED, "tee_a", "motorway_b"), 10.0, 4)
    per_hour = raised.events.groupby("category").size() / raised.hours
    assert set(per_hour.index) == set(CATEGORIES)
    assert 2.0 < per_hour["lead"] < 16.0
    assert per_hour.drop("lead").max() < 5.0
    crashes = (raised.events["severity"] == "crash").sum() / raised.hours
    assert crashes < 0.6


def test_hazard_makes_crashes_more_frequent() -> None:
    """Engine faults would crash at any hazard: at the real one hardly anything does."""
    sites = ("street_b", "crossroads_b", "motorway_b", "arterial_a")
    worst, real = (
        (found.events["severity"] == "crash").sum() / found.hours
        for found in (danger(sites, 60.0, 4), danger(sites, 1.0, 4))
    )
    assert real < 0.3
    assert worst > 2.0 * real + 0.3


def test_light_and_wet_are_drawn_by_the_sites_shares() -> None:
    drawn = [conditions_of(Drive("motorway_c", k, "new_site"), SETTINGS) for k in range(400)]
    assert np.mean([c.wet for c in drawn]) == pytest.approx(SITES["motorway_c"].wet, abs=0.08)
    wet = next(k for k, c in enumerate(drawn) if c.wet)
    road = episode(Drive("motorway_c", wet, "new_site"), SETTINGS).road
    assert road.friction[0] == 0.5


def test_reactions_take_longer_at_night() -> None:
    """The same drivers are drawn whatever the light."""
    by_light: dict[bool, list[float]] = {True: [], False: []}
    for number in range(24):
        drive = Drive("arterial_a", number, "train")
        drivers: Drivers = episode(drive, SETTINGS).drivers
        vehicles = drivers.reaction_s[drivers.reaction_s > 0.0]
        by_light[conditions_of(drive, SETTINGS).night].append(float(np.median(vehicles)))
    assert np.mean(by_light[True]) == pytest.approx(1.2 * np.mean(by_light[False]), rel=0.08)


def test_buses_stop_and_go_on() -> None:
    drive = Drive("street_a", 1, "same_site")
    played = episode(drive, SETTINGS)
    buses = np.flatnonzero((played.drivers.stop_for_s[0] > 0.0) & (played.users.length[0] > 9.0))
    tracks = recorded("street_a").tracks
    stood = moved = 0
    for slot in buses:
        speed = tracks.loc[tracks["track_id"] == slot, "speed_mps"].to_numpy()
        if len(speed) > 300:  # seen for most of its way
            stood += (speed < 0.2).sum() * LOG_STEP_S >= 5.0
            moved += speed[-1] > 1.0 or speed.max() > 4.0
    assert stood >= 1
    assert moved >= stood


def test_headways_have_a_heavier_tail_than_the_families_law() -> None:
    families = FieldSettings(minutes_low=3.0, minutes_high=3.0, gap="none")

    def tail(settings: FieldSettings) -> float:
        headway = np.concatenate(
            [_headways(recorded("arterial_a", settings, number)) for number in range(4)]
        )
        return float(np.quantile(headway, 0.99) / np.median(headway))

    assert tail(SETTINGS) > 1.05 * tail(families)


def _headways(log: Log) -> np.ndarray:
    """Time headways to the next ahead in the lane [s]."""
    rows = log.tracks.sort_values(["frame", "lane", "x_m"], kind="stable")
    ahead = rows.shift(-1)
    beside = (rows["y_m"] - ahead["y_m"]).abs() < 1.0
    same = (rows["frame"] == ahead["frame"]) & (rows["lane"] == ahead["lane"]) & beside
    gap = (ahead["x_m"] - rows["x_m"] - 0.5 * (rows["length_m"] + ahead["length_m"]))[same]
    speed = rows["speed_mps"][same]
    kept = (speed > 3.0) & (gap > 0.0) & (gap < 80.0)
    return np.asarray((gap / speed)[kept])


@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"gap": "huge"}, "field.gap: expected none, mild or strong, got 'huge'"),
        ({"hazard": 0.5}, "field.hazard: expected 1 (real) to 100, got 0.5"),
        (
            {"train_hours": 0.0},
            "field.train_hours: expected ego-hours above 0, at most 100000, got 0.0",
        ),
        ({"minutes_low": 1.0}, "field.minutes_low: expected 2-20 minutes, got 1.0"),
        (
            {"minutes_low": 9.0},
            "field.minutes_low: expected at most minutes_high = 5, got 9.0",
        ),
        ({"sites": ("street_a", "street_a")}, "field.sites: a site is named twice"),
        ({"seed": -1}, "field.seed: expected a whole number, at least 0, got -1"),
    ],
)
def test_impossible_settings_are_reported_in_one_line(
    wrong: dict[str, object], reported: str
) -> None:
    with pytest.raises(UserError) as error:
        FieldSettings(**wrong)  # type: ignore[arg-type]
    assert str(error.value) == reported


def test_sites_for_testing_alone_cannot_be_trained_on() -> None:
    with pytest.raises(UserError, match=r"field\.sites: expected at least one of motorway_a"):
        FieldSettings(sites=("street_b",))


def test_an_unknown_site_is_reported_with_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'motorway_b'"):
        FieldSettings(sites=("moterway_b",))
