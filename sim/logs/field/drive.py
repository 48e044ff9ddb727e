"""One drive: a site, a crowd of drivers and the minutes in which something may go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.rng import purpose, stream
from sim.logs.field.demand import Demand, demand
from sim.logs.field.people import POPULATIONS
from sim.logs.field.settings import FieldSettings
from sim.logs.field.sites import Site, site_named
from sim.world.drivers import Drivers, law_id
from sim.world.episode import Episode
from sim.world.kinds import Kind
from sim.world.log import LOG_STEP_S, Log
from sim.world.road import Road, straight
from sim.world.rollout import simulate
from sim.world.script import Script
from sim.world.state import SIZES_M, Users

Floats = NDArray[np.float64]
Role = Literal["train", "same_site", "new_site"]

MERGE_LAST_M = 50.0  # where the latest mergers begin to leave an ending lane
MERGE_SPAN_M = 300.0  # how much earlier the others do, at most
TRUCK_DESIRE, TRUCK_ACCEL = 0.85, 0.5  # trucks against cars
WARM_UP_S = 40.0  # the log begins when traffic has forgotten how it was put on the road
CLEARED_S = 75.0  # and, at most so much later, when no wreck stands there (towed after 60 s)


@dataclass(frozen=True)
class Drive:
    """A drive to be recorded.

    Attributes:
        site: Name of its site.
        number: Among the drives of that site; even ones are trained on, odd ones held out,
            so that neither set depends on the size of the other.
        role: What a study may use it for.
    """

    site: str
    number: int
    role: Role

    @property
    def group(self) -> str:
        """What a held-out split may not cut."""
        return f"{self.site}/drive-{self.number:02d}"

    @property
    def episode_id(self) -> str:
        """Its name in tables."""
        return f"{self.site}-drive-{self.number:02d}"


def drives(settings: FieldSettings) -> list[Drive]:
    """All drives that the settings ask for, without making any.

    Raises:
        UserError: A site is unknown.

    >>> [drive.group for drive in drives(FieldSettings(train_drives=1))][:2]
    ['freeway_a/drive-00', 'freeway_a/drive-01']
    """
    out: list[Drive] = []
    for name in settings.train_sites:
        site_named(name, "field.train_sites")
        train, kept = settings.train_drives, settings.same_site_drives
        out += [Drive(name, 2 * k, "train") for k in range(train * settings.times)]
        out += [Drive(name, 2 * k + 1, "same_site") for k in range(kept * settings.times)]
    for name in settings.new_sites:
        site_named(name, "field.new_sites")
        out += [
            Drive(name, k, "new_site") for k in range(settings.new_site_drives * settings.times)
        ]
    return out


def episode(drive: Drive, settings: FieldSettings) -> Episode:
    """The drive as the engine takes it: a road, users and drivers, and no script."""
    site = site_named(drive.site, "field")
    rng = stream(settings.seed, number_of(drive), "field drive")
    seconds = WARM_UP_S + CLEARED_S + lasts(drive, settings)
    users = rng.integers(settings.users_low, settings.users_high + 1)
    length = 1000.0 * users / (site.density_per_km * site.lanes)
    crowd = demand(site, length, seconds, rng)
    kind = np.where(rng.random(len(crowd)) < site.trucks, int(Kind.TRUCK), int(Kind.CAR))
    drivers = _drivers(site, settings, kind, rng)
    return Episode(
        road=_road(site, length, rng),
        road_index=np.zeros(1, dtype=np.int64),
        users=_users(crowd, kind, drivers, site, rng),
        drivers=drivers,
        script=_no_script(),
        seed=settings.seed,
        episode_id=np.array([number_of(drive)]),
        family="field",
        site=drive.site,
        source="field",
    )


def lasts(drive: Drive, settings: FieldSettings) -> float:
    """How long the drive is recorded [s]."""
    rng = stream(settings.seed, number_of(drive), "field drive length")
    return float(round(60.0 * rng.uniform(settings.minutes_low, settings.minutes_high)))


def number_of(drive: Drive) -> int:
    """The drive's number among all sites': no two drives share a stream of random numbers."""
    return (purpose(drive.site) % 10_000) * 100_000 + drive.number


def _road(site: Site, length: float, rng: np.random.Generator) -> Road:
    late = rng.uniform(0.0, site.cycle_s)
    stops = [
        (p * length, site.cycle_s, site.green_s, (late + p * length / site.progression_mps))
        for p in site.stops
    ]
    drops = [] if site.drop is None else [(site.drop[0], site.drop[1] * length)]
    zones = []
    if site.zone is not None:
        zones = [(site.zone[0] * length, site.zone[1] * length, site.zone[2])]
    return straight(
        lanes=site.lanes,
        length=length,
        speed_limit=site.limit_mps,
        drops=drops,
        zones=zones,
        stops=[(s, cycle, green, offset % cycle) for s, cycle, green, offset in stops],
    )


def _drivers(
    site: Site, settings: FieldSettings, kind: NDArray[np.int64], rng: np.random.Generator
) -> Drivers:
    crowd = POPULATIONS[settings.gap]
    n = len(kind)
    trait = crowd.draw(n, rng)
    truck = kind == Kind.TRUCK
    krauss = rng.random(n) < crowd.krauss_share
    desire = trait["desire"] * np.where(truck, TRUCK_DESIRE, 1.0)
    return Drivers.of(
        (1, n),
        law=np.where(krauss, law_id("krauss"), law_id(crowd.law)),
        desired_speed=desire * site.limit_mps,
        limit_factor=desire,
        headway=trait["headway_s"],
        min_gap=trait["min_gap_m"],
        accel_max=trait["accel_mps2"] * np.where(truck, TRUCK_ACCEL, 1.0),
        brake_comfort=trait["brake_mps2"],
        brake_max=trait["brake_max_mps2"],
        reaction_s=np.minimum(trait["reaction_s"], 0.9 * trait["headway_s"]),
        politeness=0.5 * (1.0 - trait["lateness"]),
        brake_safe=1.5 * trait["brake_mps2"],
        merge_m=MERGE_LAST_M + MERGE_SPAN_M * (1.0 - trait["lateness"]),
        lapse_rate_per_s=trait["lapses_per_s"],
        lapse_median_s=trait["lapse_s"],
        speed_noise=0.05,
        accel_noise=0.2,
        sway_m=0.12,
    )


def _users(
    crowd: Demand,
    kind: NDArray[np.int64],
    drivers: Drivers,
    site: Site,
    rng: np.random.Generator,
) -> Users:
    n = len(crowd)
    sizes = np.array([SIZES_M[Kind(k)] for k in kind])
    stretch = 1.0 + 0.08 * np.clip(rng.standard_normal(n), -2.5, 2.5)
    length = sizes[:, 0] * stretch
    free = drivers.desired_speed[0]
    spacing = 1000.0 / site.density_per_km
    held = np.maximum(spacing - length - drivers.min_gap[0], 0.0) / (1.3 * drivers.headway[0])
    there = crowd.enter_s == 0.0
    return Users(
        present=np.ones((1, n), dtype=bool),
        enter_s=crowd.enter_s[None],
        lane=crowd.lane[None],
        s=crowd.s[None],
        d=np.zeros((1, n)),
        speed=np.where(there, np.minimum(free, held), 0.9 * free)[None],
        length=length[None],
        width=sizes[:, 1][None],
        kind=kind[None].astype(np.int64),
    )


def _no_script() -> Script:
    whole, real = np.empty((1, 0), dtype=np.int64), np.empty((1, 0))
    return Script(
        actor=whole,
        other=whole,
        trigger=whole,
        threshold=real,
        delay_s=real,
        action=whole,
        value=real,
        extra=real,
    )


def record(drive: Drive, settings: FieldSettings) -> Log:
    """Make the log of one drive; the same bits for the same seed, site and number."""
    lasting = lasts(drive, settings)
    log = simulate(episode(drive, settings), seconds=WARM_UP_S + CLEARED_S + lasting)
    first = _beginning(log.tracks)
    return _cut(log, drive, first, first + round(lasting / LOG_STEP_S))


def _beginning(tracks: pd.DataFrame) -> int:
    """The first frame after the warm-up in which no two boxes overlap."""
    first, last = round(WARM_UP_S / LOG_STEP_S), round((WARM_UP_S + CLEARED_S) / LOG_STEP_S)
    near = tracks[tracks["frame"].between(first, last)]
    for frame in range(first, last):
        rows = near[near["frame"] == frame]
        x, y = rows["x_m"].to_numpy(), rows["y_m"].to_numpy()
        length, width = rows["length_m"].to_numpy(), rows["width_m"].to_numpy()
        along = np.abs(x[:, None] - x) < 0.5 * (length[:, None] + length)
        across = np.abs(y[:, None] - y) < 0.5 * (width[:, None] + width)
        if np.count_nonzero(along & across) == len(x):  # each with itself only
            return frame
    return last


def _cut(log: Log, drive: Drive, first: int, last: int) -> Log:
    """Frames `first` to `last`, counted from 0 again, under the drive's own name.

    What became of slot 0 is left out: a drive has no ego of its own.
    """
    tracks = log.tracks[log.tracks["frame"].between(first, last)].copy()
    tracks["frame"] -= first
    tracks["t_s"] = tracks["frame"] * LOG_STEP_S
    tracks["episode_id"] = drive.episode_id
    kept = ["source", "site", "family", "seed"]
    episodes = log.episodes[kept].assign(episode_id=drive.episode_id, group=drive.group)
    return Log.of(episodes, tracks)
