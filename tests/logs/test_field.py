"""Field-style drives: what was asked for, nothing scripted, and danger at an honest rate."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.features import LabelSettings, find_conflicts
from sim.logs.field import SITES, Drive, FieldSettings, drives, episode, record
from sim.world.log import LOG_STEP_S, TRACK_COLUMNS, Log
from sim.world.rows import Rows

SETTINGS = FieldSettings()
DRIVES_PER_SITE = 2
ROLES = ("train", "same_site", "new_site")


@dataclass(frozen=True)
class Measured:
    """What was seen at one site over some drives."""

    hours: float
    conflicts: int
    touched: int
    speed: float
    alive: np.ndarray
    seconds: np.ndarray
    headways: np.ndarray


@cache
def recorded(site: str, settings: FieldSettings, count: int) -> list[Log]:
    return [record(Drive(site, number, "train"), settings) for number in range(count)]


def measure(site: str, settings: FieldSettings, count: int) -> Measured:
    logs = recorded(site, settings, count)
    tracks = pd.concat([log.tracks for log in logs])
    alive = [log.tracks.groupby("frame").size().to_numpy() for log in logs]
    return Measured(
        hours=len(tracks) * LOG_STEP_S / 3600.0,
        conflicts=sum(len(find_conflicts(Rows.of(log), LabelSettings())) for log in logs),
        touched=sum(len(touched(log)) for log in logs),
        speed=tracks["speed_mps"].mean(),
        alive=np.concatenate(alive),
        seconds=np.array([len(each) * LOG_STEP_S for each in alive]),
        headways=np.concatenate([headways(log) for log in logs]),
    )


def touched(log: Log) -> set[int]:
    """Tracks whose box overlaps that of the next ahead in the same lane, at any time."""
    gap, rows = gaps(log)
    return set(rows["track_id"].to_numpy()[gap < 0.0])


def headways(log: Log) -> np.ndarray:
    gap, rows = gaps(log)
    speed = rows["speed_mps"].to_numpy()
    return (gap / np.maximum(speed, 0.1))[(speed > 3.0) & (gap > 0.0) & (gap < 80.0)]


def gaps(log: Log) -> tuple[np.ndarray, pd.DataFrame]:
    """Bumper gap to the next ahead in the lane, both well inside it [m]; and the rows."""
    rows = log.tracks.sort_values(["frame", "lane", "x_m"], kind="stable")
    ahead = rows.shift(-1)
    beside = (rows["y_m"] - ahead["y_m"]).abs() < 1.0
    same = (rows["frame"] == ahead["frame"]) & (rows["lane"] == ahead["lane"]) & beside
    gap = ahead["x_m"] - rows["x_m"] - 0.5 * (rows["length_m"] + ahead["length_m"])
    return gap[same].to_numpy(), rows[same]


@pytest.fixture(scope="module")
def field() -> dict[str, Measured]:
    return {site: measure(site, SETTINGS, DRIVES_PER_SITE) for site in SITES}


@pytest.mark.parametrize("gap", ["none", "mild", "strong"])
def test_nothing_is_scripted(gap: str) -> None:
    settings = FieldSettings(gap=gap)  # type: ignore[arg-type]
    for drive in drives(settings)[::3]:
        played = episode(drive, settings)
        assert played.script.actor.size == 0
        assert not played.drivers.held.any()


def test_roles_split_sites_and_drives() -> None:
    planned = drives(SETTINGS)
    sites = {role: {d.site for d in planned if d.role == role} for role in ROLES}
    assert sites["train"] == sites["same_site"] == set(SETTINGS.train_sites)
    assert sites["new_site"] == set(SETTINGS.new_sites)
    assert len({d.group for d in planned}) == len(planned)
    for kind in ("freeway", "arterial"):
        assert any(site.startswith(kind) for site in sites["new_site"])


def test_more_drives_leave_the_others_as_they_are() -> None:
    few, many = drives(SETTINGS), drives(FieldSettings(times=20))
    assert set(few) <= set(many)
    assert len(many) == 20 * len(few)


def test_a_drive_depends_on_seed_site_and_number_only() -> None:
    drive = Drive("freeway_a", 1, "same_site")
    first = record(drive, SETTINGS)
    record(Drive("arterial_a", 0, "train"), SETTINGS)
    again = record(drive, FieldSettings(train_drives=1, times=3))
    pd.testing.assert_frame_equal(first.tracks, again.tracks)
    pd.testing.assert_frame_equal(first.episodes, again.episodes)
    other = record(Drive("freeway_a", 3, "same_site"), SETTINGS)
    assert not other.tracks["x_m"].head(50).equals(first.tracks["x_m"].head(50))


def test_a_log_says_that_it_is_field() -> None:
    log = record(Drive("arterial_b", 2, "new_site"), SETTINGS)
    assert list(log.tracks) == list(TRACK_COLUMNS)
    row = log.episodes.iloc[0]
    assert (row["source"], row["site"], row["group"]) == (
        "field",
        "arterial_b",
        "arterial_b/drive-02",
    )
    assert row["episode_id"] == "arterial_b-drive-02"
    assert log.tracks["frame"].min() == 0


@pytest.mark.parametrize("site", SITES)
def test_nobody_overlaps_at_the_start(site: str) -> None:
    for log in recorded(site, SETTINGS, DRIVES_PER_SITE):
        start = log.tracks.query("frame == 0")
        x, y, length, width = (
            start[name].to_numpy() for name in ("x_m", "y_m", "length_m", "width_m")
        )
        along = np.abs(x[:, None] - x) - 0.5 * (length[:, None] + length)
        across = np.abs(y[:, None] - y) - 0.5 * (width[:, None] + width)
        apart = np.maximum(along, across) + np.where(np.eye(len(x)) > 0, np.inf, 0.0)
        assert apart.min() > 0.0


def test_drives_are_as_long_and_as_full_as_asked(field: dict[str, Measured]) -> None:
    for site in field.values():
        assert (site.seconds >= 300.0).all()
        assert (site.seconds <= 1200.1).all()
    alive = np.concatenate([site.alive for site in field.values()])
    assert np.mean((alive >= 30) & (alive <= 80)) > 0.6
    assert np.quantile(alive, 0.05) > 15


def test_sites_differ(field: dict[str, Measured]) -> None:
    speed = {name: site.speed for name, site in field.items()}
    assert speed["freeway_a"] != pytest.approx(speed["freeway_b"], rel=0.05)
    assert speed["arterial_a"] > 1.3 * speed["arterial_b"]


def test_danger_emerges_but_seldom(field: dict[str, Measured]) -> None:
    for site in field.values():
        assert 0.5 < site.conflicts / site.hours < 14.0
    hours = sum(site.hours for site in field.values())
    assert 2.0 < sum(site.conflicts for site in field.values()) / hours < 8.0


def test_crashes_are_rare(field: dict[str, Measured]) -> None:
    hours = sum(site.hours for site in field.values())
    assert sum(site.touched for site in field.values()) / hours < 0.4


def test_time_headways_have_a_heavier_tail_than_the_families_law(
    field: dict[str, Measured],
) -> None:
    families = measure("arterial_a", FieldSettings(gap="none"), 2)

    def tail(headway: np.ndarray) -> float:
        return float(np.quantile(headway, 0.99) / np.median(headway))

    assert tail(field["arterial_a"].headways) > 1.15 * tail(families.headways)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"gap": "huge"}, "field.gap: expected none, mild or strong, got 'huge'"),
        ({"train_drives": 0}, "field.train_drives: expected a whole number in 1-10000, got 0"),
        ({"minutes_low": 2.0}, "field.minutes_low: expected 5-20 minutes, got 2.0"),
        ({"users_high": 200}, "field.users_high: expected 30-80 road users, got 200"),
        ({"users_low": 60}, "field.users_low: expected at most users_high = 40, got 60"),
        ({"new_sites": ()}, "field.new_sites: expected at least one site, got []"),
        ({"new_sites": ("freeway_a",)}, "field.new_sites: 'freeway_a' is a training site too"),
    ],
)
def test_impossible_settings_are_told_in_one_line(wrong: dict[str, object], told: str) -> None:
    with pytest.raises(UserError) as error:
        FieldSettings(**wrong)  # type: ignore[arg-type]
    assert str(error.value) == told


def test_an_unknown_site_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'freeway_b'"):
        drives(FieldSettings(new_sites=("freway_b",)))
