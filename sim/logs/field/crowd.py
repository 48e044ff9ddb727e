"""The road users of a drive: bodies, places and traits of those who come along its streams."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.logs.field.demand import Demand
from sim.logs.field.failures import Failures
from sim.logs.field.layout import Stream
from sim.logs.field.people import Population
from sim.logs.field.site import Conditions, Site
from sim.logs.field.walkers import on_bicycle, on_foot
from sim.world.drivers import law_id
from sim.world.kinds import Kind
from sim.world.road import Road
from sim.world.state import MASSES_KG, SIZES_M

Columns = dict[str, NDArray[Any]]
Part = tuple[Columns, Mapping[str, Any]]
"""Columns of `Users` of some road users, and the traits of theirs that are not the default."""

MERGE_LAST_M = 50.0  # where the latest mergers begin to leave an ending lane
MERGE_SPAN_M = 300.0  # how much earlier the others do, at most
TRUCK_DESIRE, TRUCK_ACCEL = 0.85, 0.5  # trucks against cars
TRUCK_M = {"town": 8.0, "arterial": 10.0, "motorway": 12.0}  # length of trucks, by place
BUS_M = (12.0, 2.5, 13000.0)  # length, width [m], mass [kg]
NIGHT_REACTION = 1.2  # reactions at night against those by day (engineering)
AEB_SHARE = 0.5  # of cars and trucks that brake by themselves at the last (engineering)
LEAST_STOP_S = 5.0
IMPATIENCE_S = 45.0  # waiting at a line that halves the gap that will do (engineering)
BRAKE_SAFE_MAX = 2.4  # hardest braking that a lane change may ask of others [m/s²] (engineering)
SIDE_GAP_M = 0.3  # room with which a driver passes a cyclist in its lane, at least


@dataclass(frozen=True)
class Crowd:
    """Draws the road users of the streams of one drive.

    Attributes:
        site: Where.
        conditions: Light and road.
        drivers: Whom drivers are drawn from.
        failures: How often they fail.
        road: Of the drive.
        rng: The drive's own stream of random numbers.
    """

    site: Site
    conditions: Conditions
    drivers: Population
    failures: Failures
    road: Road
    rng: np.random.Generator

    def road_users(self, stream: Stream, come: Demand, mine: NDArray[np.bool_]) -> Part:
        """Columns of the users of one stream, and their traits."""
        n = int(mine.sum())
        make = {"vehicle": self._vehicles, "cyclist": self._cyclists, "walker": self._walkers}
        own, traits = make[stream.who](stream, n)
        there = come.enter_s[mine] == 0.0
        wish = np.asarray(traits["desired_speed"])
        aside = stream.aside_m + self.rng.uniform(-1.0, 1.0, n) * stream.spread_m
        if there.any():
            spacing = 1000.0 / stream.standing_per_km
            held = np.maximum(spacing - own["length"] - traits["min_gap"], 0.0)
            speed = np.where(there, np.minimum(wish, held / (1.3 * traits["headway"])), 0.9 * wish)
        else:
            speed = 0.9 * wish if stream.who != "walker" else wish
        users = own | {
            "enter_s": come.enter_s[mine],
            "leave_s": np.full(n, np.inf),
            "course": np.full(n, stream.course),
            "lane": come.lane[mine],
            "s": come.s[mine],
            "d": aside,
            "speed": speed,
        }
        return users, traits

    def _vehicles(self, stream: Stream, n: int) -> Part:
        kind = self._kinds(stream, n)
        trait = self.drivers.draw(n, self.rng)
        truck = kind == Kind.TRUCK
        krauss = self.rng.random(n) < self.drivers.krauss_share
        limit = float(self.road.courses.speed_limit[0, stream.course])
        limit = limit if np.isfinite(limit) else self.site.limit_mps
        desire = trait["desire"] * np.where(truck, TRUCK_DESIRE, 1.0) * stream.slow
        reaction = trait["reaction_s"] * (NIGHT_REACTION if self.conditions.night else 1.0)
        hasty = self.rng.random(n) < self.failures.hasty
        traits: dict[str, Any] = {
            "law": np.where(krauss, law_id("krauss"), law_id(self.drivers.law)),
            "desired_speed": desire * limit,
            "limit_factor": desire,
            "headway": trait["headway_s"],
            "min_gap": trait["min_gap_m"],
            "accel_max": trait["accel_mps2"] * np.where(truck, TRUCK_ACCEL, 1.0),
            "brake_comfort": trait["brake_mps2"],
            "brake_max": trait["brake_max_mps2"],
            "reaction_s": np.minimum(reaction, 0.9 * trait["headway_s"]),
            "changes_lanes": np.full(n, int(not stream.plain)),
            "politeness": 0.5 * (1.0 - trait["lateness"]),
            # doubled at a lane's end it must stay under what anybody dares, or all would be safe
            "brake_safe": np.minimum(1.5 * trait["brake_mps2"], BRAKE_SAFE_MAX),
            "lateral_speed": np.where(truck, 0.5, 0.75),
            "overlook_share": np.full(n, self.failures.overlook),
            "judgement_sigma": trait["judgement"],
            "impatience_s": np.full(n, IMPATIENCE_S),
            "merge_m": MERGE_LAST_M + MERGE_SPAN_M * (1.0 - trait["lateness"]),
            "lapse_rate_per_s": self.failures.lapses * trait["lapses_per_s"],
            "lapse_median_s": trait["lapse_s"],
            "critical_gap_s": np.where(hasty, self.rng.uniform(2.0, 3.5, n), trait["gap_s"]),
            "clearance_m": np.full(n, SIDE_GAP_M if self.site.place == "town" else 0.0),
            "aeb": (self.rng.random(n) < AEB_SHARE) & (kind != Kind.MOTORCYCLE),
            "speed_noise": 0.05,
            "accel_noise": 0.2,
            "sway_m": 0.12,
        }
        traits |= self._stops(stream, n)
        return self._bodies(kind, stream), traits

    def _kinds(self, stream: Stream, n: int) -> NDArray[np.int64]:
        if stream.plain:
            bus = any(stop.bus for stop in stream.stops)
            return np.full(n, int(Kind.TRUCK if bus else Kind.CAR))
        u = self.rng.random(n)
        kind = np.where(u < self.site.trucks, int(Kind.TRUCK), int(Kind.CAR))
        return np.where(u > 1.0 - self.site.motorcycles, int(Kind.MOTORCYCLE), kind)

    def _stops(self, stream: Stream, n: int) -> Columns:
        if not stream.stops:
            return {}
        which = self.rng.integers(0, len(stream.stops), n)
        at = np.array([stop.at_m for stop in stream.stops])[which]
        mean = np.array([stop.lasts_s for stop in stream.stops])[which]
        aside = np.array([stop.aside_m for stop in stream.stops])[which]
        at = at + self.rng.uniform(-5.0, 5.0, n)
        lasts = LEAST_STOP_S + self.rng.exponential(mean)
        return {"stop_m": at, "stop_for_s": lasts, "stop_aside_m": aside}

    def _cyclists(self, stream: Stream, n: int) -> Part:
        who = on_bicycle(n, self.failures, self.rng)
        traits: dict[str, Any] = {
            "desired_speed": who.speed,
            "accel_max": np.full(n, 0.8),
            "brake_comfort": np.full(n, 1.5),
            "brake_max": np.full(n, 5.0),
            "min_gap": np.full(n, 1.0),
            "headway": who.headway,
            "reaction_s": np.full(n, 0.4),
            "critical_gap_s": who.critical_gap,
            "overlook_share": np.full(n, self.failures.overlook),
            "judgement_sigma": np.full(n, 0.15),
            "impatience_s": np.full(n, IMPATIENCE_S),
            "clearance_m": np.full(n, 0.35),
            "changes_lanes": np.zeros(n),
            "lapse_rate_per_s": np.full(n, 0.01 * self.failures.lapses),
            "sway_m": who.sway,
            "lateral_speed": np.full(n, 0.6),
            "speed_noise": 0.05,
        }
        return self._bodies(np.full(n, int(Kind.BICYCLE)), stream), traits

    def _walkers(self, stream: Stream, n: int) -> Part:
        who = on_foot(n, self.failures, self.rng)
        traits: dict[str, Any] = {
            "law": np.full(n, law_id("walk")),
            "desired_speed": who.pace,
            "critical_gap_s": who.critical_gap,
            "margin_s": who.margin,
            "overlook_share": np.full(n, self.failures.overlook),
            "judgement_sigma": np.full(n, 0.2),
            "impatience_s": np.full(n, IMPATIENCE_S),
            "run_factor": who.run_factor,
            "changes_lanes": np.zeros(n),
            "min_gap": np.full(n, 0.5),
        }
        own = self._bodies(np.full(n, int(Kind.PEDESTRIAN)), stream)
        own |= {"length": who.size, "width": who.size, "mass": who.mass}
        return own, traits

    def _bodies(self, kind: NDArray[np.int64], stream: Stream) -> Columns:
        n = len(kind)
        sizes = np.array([SIZES_M[Kind(k)] for k in kind]).reshape(n, 2)
        mass = np.array([MASSES_KG[Kind(k)] for k in kind])
        length, width = sizes[:, 0], sizes[:, 1]
        truck = kind == Kind.TRUCK
        length = np.where(truck, TRUCK_M[self.site.place], length)
        if any(stop.bus for stop in stream.stops):
            length, width, mass = (np.full(n, value) for value in BUS_M)
        vehicle = (kind == Kind.CAR) | truck
        stretch = 1.0 + 0.08 * np.clip(self.rng.standard_normal(n), -2.5, 2.5) * vehicle
        return {
            "present": np.ones(n, dtype=bool),
            "length": length * stretch,
            "width": width,
            "mass": mass,
            "kind": kind.astype(np.int64),
        }
