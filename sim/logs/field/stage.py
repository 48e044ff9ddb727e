"""A drive as the engine takes it: a road, users and drivers, and no script."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.base.rng import stream
from sim.logs.field.demand import Demand, demand
from sim.logs.field.people import POPULATIONS
from sim.logs.field.plan import Drive, number_of
from sim.logs.field.settings import FieldSettings
from sim.logs.field.sites import Site, site_named
from sim.world.drivers import Drivers, law_id
from sim.world.episode import Episode
from sim.world.kinds import Kind
from sim.world.road import Road, straight
from sim.world.script import Script
from sim.world.state import MASSES_KG, SIZES_M, Users

MERGE_LAST_M = 50.0  # where the latest mergers begin to leave an ending lane
MERGE_SPAN_M = 300.0  # how much earlier the others do, at most
TRUCK_DESIRE, TRUCK_ACCEL = 0.85, 0.5  # trucks against cars


def episode(drive: Drive, settings: FieldSettings, seconds: float) -> Episode:
    """The drive as the engine takes it, with traffic arriving for `seconds`."""
    site = site_named(drive.site, "field")
    rng = stream(settings.seed, number_of(drive), "field drive")
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
        leave_s=np.full((1, n), np.inf),
        course=np.zeros((1, n), dtype=np.int64),
        lane=crowd.lane[None],
        s=crowd.s[None],
        d=np.zeros((1, n)),
        speed=np.where(there, np.minimum(free, held), 0.9 * free)[None],
        length=length[None],
        width=sizes[:, 1][None],
        mass=np.array([[MASSES_KG[Kind(k)] for k in kind]]),
        kind=kind[None].astype(np.int64),
    )


def _no_script() -> Script:
    whole, real = np.empty((1, 0), dtype=np.int64), np.empty((1, 0))
    return Script(
        actor=whole,
        other=whole,
        trigger=whole,
        threshold=real,
        lead_s=real,
        delay_s=real,
        action=whole,
        value=real,
        extra=real,
    )
