"""Where the field drives take place: stretches of road that differ in all but the drivers.

All numbers are engineering, chosen for the sites to differ in speed, density, flow and shape
as recorded sites do: US-101 runs at 13 m/s with 26 vehicles a kilometre and lane, Lankershim
stands for 55 % of the time, OpenACC's single file runs at 12 m/s.

    freeway_a   -------------------->       arterial_a   ------|-------|------|-->
                -------------------->                    ------|-------|------|-->
                -------------/ a lane ends                     signals
    freeway_b   -----------. a lane ends    arterial_b   --------. a lane ends
                ------[ slow zone ]->                    ----------|----------|-->
                ------[           ]->                    ----------|----------|-->
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sim.base.errors import unknown


@dataclass(frozen=True, kw_only=True)
class Site:
    """A stretch of one-way road; places on it are fractions of its length.

    Attributes:
        name: What logs call it.
        lanes: Number of lanes.
        limit_mps: Speed limit [m/s].
        density_per_km: Road users a kilometre and lane that it is laid out for: a drive's
            length follows from it and the number of users the drive aims at.
        flow_per_h: Vehicles an hour and lane that want to enter, fewer in a lane that ends.
        surge: Relative size of the swings in that demand.
        trucks: Share of trucks.
        drop: Lane (0 rightmost) and place where it ends, or none.
        zone: Places between which another limit holds, and that limit [m/s], or none.
        stops: Places of the stop lines.
        cycle_s, green_s: The signals' cycle and the green in it [s].
        progression_mps: Speed for which the greens are offset [m/s].
    """

    name: str
    lanes: int
    limit_mps: float
    density_per_km: float
    flow_per_h: float
    surge: float
    trucks: float
    drop: tuple[int, float] | None = None
    zone: tuple[float, float, float] | None = None
    stops: tuple[float, ...] = ()
    cycle_s: float = 60.0
    green_s: float = 30.0
    progression_mps: float = 14.0


_SITES = (
    Site(
        name="freeway_a",
        lanes=3,
        limit_mps=26.0,
        density_per_km=15.0,
        flow_per_h=960.0,
        surge=0.4,
        trucks=0.08,
        drop=(0, 0.75),
    ),
    Site(
        name="freeway_b",
        lanes=3,
        limit_mps=32.0,
        density_per_km=25.0,
        flow_per_h=1150.0,
        surge=0.3,
        trucks=0.15,
        drop=(2, 0.6),
        zone=(0.45, 0.9, 19.0),
    ),
    Site(
        name="arterial_a",
        lanes=2,
        limit_mps=15.5,
        density_per_km=15.0,
        flow_per_h=600.0,
        surge=0.3,
        trucks=0.03,
        stops=(0.3, 0.6, 0.88),
        cycle_s=60.0,
        green_s=32.0,
        progression_mps=15.0,
    ),
    Site(
        name="arterial_b",
        lanes=3,
        limit_mps=12.5,
        density_per_km=13.0,
        flow_per_h=400.0,
        surge=0.5,
        trucks=0.05,
        drop=(2, 0.45),
        stops=(0.55, 0.9),
        cycle_s=76.0,
        green_s=34.0,
        progression_mps=25.0,
    ),
)

SITES: Mapping[str, Site] = MappingProxyType({site.name: site for site in _SITES})


def site_named(name: str, key: str) -> Site:
    """The site called `name`; raises `UserError` naming the setting `key`."""
    if name not in SITES:
        raise unknown("site", name, SITES, where=key)
    return SITES[name]
