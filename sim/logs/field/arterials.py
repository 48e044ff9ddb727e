"""Arterials: one-way roads of several lanes with signals in a row.

Numbers are engineering; Lankershim, a recorded arterial, stands for 55 % of the time.

    arterial_a   ------|-------|------|-->      arterial_b   --------. a lane ends
                 ------|-------|------|-->                   ----------|----------|-->
                     signals                                 ----------|----------|-->
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.logs.field.layout import Layout, PlannedStop, Stream
from sim.logs.field.lost_loads import lost_loads
from sim.logs.field.site import Conditions, Site
from sim.world.road import straight

BUSES_PER_H = 12.0
DROP_OFFS_PER_H = 25.0
"""Vehicles that stop at the kerb to let somebody out, and taxis (engineering)."""
AMBER_S = 3.0


@dataclass(frozen=True, kw_only=True)
class Arterial:
    """A one-way road with signals.

    Attributes:
        lanes: Number of lanes.
        length: [m].
        stops: Places of the stop lines, as shares of the length.
        cycle_s, green_s: The signals' cycle and the green in it [s].
        progression_mps: Speed for which the greens are offset [m/s].
        drop: Lane that ends and the place as a share of the length, or none.
        flow_per_h: Vehicles an hour and lane.
        density_per_km: Vehicles a kilometre and lane at the start.
    """

    lanes: int
    length: float
    stops: tuple[float, ...]
    cycle_s: float
    green_s: float
    progression_mps: float
    drop: tuple[int, float] | None = None
    flow_per_h: float
    density_per_km: float

    def __call__(
        self,
        site: Site,
        conditions: Conditions,
        seconds: float,
        hazard: float,
        rng: np.random.Generator,
    ) -> Layout:
        """The layout of one drive."""
        length = self.length * rng.uniform(0.9, 1.1)
        late = rng.uniform(0.0, self.cycle_s)
        places = [p * length for p in self.stops]
        road = straight(
            lanes=self.lanes,
            length=length,
            speed_limit=site.limit_mps,
            drops=[] if self.drop is None else [(self.drop[0], self.drop[1] * length)],
            stops=[
                (s, self.cycle_s, self.green_s, (late + s / self.progression_mps) % self.cycle_s)
                for s in places
            ],
            amber=AMBER_S,
            friction=conditions.friction,
        )
        streams = []
        for lane in range(self.lanes):
            ends = self.drop is not None and self.drop[0] == lane
            streams.append(
                Stream(
                    lanes=(lane,),
                    flow_per_h=self.flow_per_h * (0.6 if ends else 1.0),
                    standing_per_km=self.density_per_km,
                    standing_to_m=self.drop[1] * length - 40.0 if ends and self.drop else length,
                )
            )
        kerb = (PlannedStop(at_m=0.45 * length, aside_m=0.0), PlannedStop(at_m=0.75 * length))
        halt = (PlannedStop(at_m=places[0] + 60.0, lasts_s=12.0, bus=True),)
        streams.append(Stream(flow_per_h=DROP_OFFS_PER_H, stops=kerb, plain=True))
        streams.append(Stream(flow_per_h=BUSES_PER_H, stops=halt, plain=True))
        lying = lost_loads(0, range(1, self.lanes), length, seconds, hazard, rng)
        return Layout(road, streams, lying)


ARTERIALS = (
    Site(
        name="arterial_a",
        place="arterial",
        egos=40.0,
        limit_mps=15.5,
        trucks=0.03,
        build=Arterial(
            lanes=2,
            length=700.0,
            stops=(0.3, 0.6, 0.88),
            cycle_s=60.0,
            green_s=32.0,
            progression_mps=15.0,
            flow_per_h=600.0,
            density_per_km=15.0,
        ),
    ),
    Site(
        name="arterial_b",
        place="arterial",
        trained_on=False,
        egos=35.0,
        limit_mps=12.5,
        trucks=0.05,
        wet=0.3,
        build=Arterial(
            lanes=3,
            length=600.0,
            stops=(0.55, 0.9),
            cycle_s=76.0,
            green_s=34.0,
            progression_mps=25.0,
            drop=(2, 0.45),
            flow_per_h=400.0,
            density_per_km=13.0,
        ),
    ),
)
