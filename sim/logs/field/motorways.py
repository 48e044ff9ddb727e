r"""Motorways: lanes that end, ramps, slow zones, slow and broken-down vehicles, lost loads.

Sizes, flows and densities are engineering, chosen for the sites to differ as recorded ones do:
US-101 runs at 13 m/s with 26 vehicles a kilometre and lane, OpenACC's single file at 12 m/s.

    motorway_a   ------------------>      motorway_b   ------------------>
                 ------------------>                   ------------------>
                 -----------/ ends                     ____ramp__/ ends

    motorway_c   ----------\ ends         motorway_d   ------------------>
                 ------[slow zone]->                   ------------------>
                 ------[         ]->                   ------------------>
                                                       ____ramp______/ ends
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.logs.field.layout import Layout, PlannedStop, Stream
from sim.logs.field.lost_loads import lost_loads
from sim.logs.field.site import Conditions, Site
from sim.world.road import on_ramp, straight

LANE_M = 3.6
BREAKDOWNS_PER_H = 0.5
"""Vehicles that stop partly on the road, an hour and site, at hazard 1 (engineering)."""
SHOULDER_M = 1.9
"""How far to the right of the right lane's line who breaks down comes to stand (engineering)."""
SLOW_SHARE = 0.01
"""Share of vehicles that drive at half the usual speed (engineering)."""


@dataclass(frozen=True, kw_only=True)
class LaneEnds:
    """A straight motorway on which a lane ends.

    Attributes:
        lanes: Number of lanes.
        length: [m].
        drop: Lane that ends, 0 the rightmost, and the place as a share of the length.
        zone: Places between which another limit holds, as shares, and that limit [m/s].
        flow_per_h: Vehicles an hour and lane; 60 % of it in the lane that ends.
        density_per_km: Vehicles a kilometre and lane at the start.
    """

    lanes: int
    length: float
    drop: tuple[int, float]
    zone: tuple[float, float, float] | None = None
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
        ends, place = self.drop
        zones = []
        if self.zone is not None:
            zones = [(self.zone[0] * length, self.zone[1] * length, self.zone[2])]
        road = straight(
            lanes=self.lanes,
            length=length,
            speed_limit=site.limit_mps,
            drops=[(ends, place * length)],
            zones=zones,
            friction=conditions.friction,
        )
        streams = [
            Stream(
                lanes=(lane,),
                flow_per_h=self.flow_per_h * (0.6 if lane == ends else 1.0),
                standing_per_km=self.density_per_km,
                standing_to_m=length * place - 40.0 if lane == ends else length,
            )
            for lane in range(self.lanes)
        ]
        right = 0 if ends else 1
        return Layout(
            road,
            [*streams, *_troubled(0, right, length, self.flow_per_h, hazard)],
            lost_loads(0, range(right, self.lanes), length * place, seconds, hazard, rng),
        )


@dataclass(frozen=True, kw_only=True)
class Ramp:
    """A motorway that a ramp joins.

    Attributes:
        lanes: Of the motorway.
        merge: Where the acceleration lane begins [m],
        acceleration: its length [m],
        departure: and the motorway after it [m].
        flow_per_h: Vehicles an hour and lane of the motorway.
        ramp_per_h: Vehicles an hour on the ramp.
        density_per_km: Vehicles a kilometre and lane of the motorway at the start.
    """

    lanes: int = 2
    merge: float
    acceleration: float
    departure: float
    flow_per_h: float
    ramp_per_h: float
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
        road = on_ramp(
            lanes=self.lanes,
            lane_width=LANE_M,
            merge=self.merge,
            acceleration=self.acceleration,
            departure=self.departure,
            speed_limit=site.limit_mps,
            ramp_limit=0.65 * site.limit_mps,
            friction=conditions.friction,
        )
        length = self.merge + self.acceleration + self.departure
        lanes = range(1, self.lanes + 1)  # lane 0 is the acceleration lane
        streams = [
            Stream(
                lanes=(lane,),
                flow_per_h=self.flow_per_h,
                standing_per_km=self.density_per_km,
                standing_to_m=length,
            )
            for lane in lanes
        ]
        streams.append(Stream(course=1, flow_per_h=self.ramp_per_h))
        return Layout(
            road,
            [*streams, *_troubled(0, 1, length, self.flow_per_h, hazard)],
            lost_loads(0, lanes, length, seconds, hazard, rng),
        )


def _troubled(
    course: int, lane: int, length: float, flow_per_h: float, hazard: float
) -> list[Stream]:
    """Who drives slowly, and who breaks down, both on the right."""
    stop = PlannedStop(at_m=0.6 * length, lasts_s=45.0, aside_m=SHOULDER_M)
    return [
        Stream(course=course, lanes=(lane,), flow_per_h=SLOW_SHARE * flow_per_h, slow=0.5),
        Stream(
            course=course,
            lanes=(lane,),
            flow_per_h=BREAKDOWNS_PER_H * hazard,
            slow=0.8,
            stops=(stop,),
            plain=True,
        ),
    ]


MOTORWAYS = (
    Site(
        name="motorway_a",
        place="motorway",
        egos=38.0,
        limit_mps=26.0,
        trucks=0.08,
        night=0.2,
        build=LaneEnds(
            lanes=3, length=550.0, drop=(0, 0.75), flow_per_h=850.0, density_per_km=15.0
        ),
    ),
    Site(
        name="motorway_b",
        place="motorway",
        egos=39.0,
        limit_mps=28.0,
        trucks=0.12,
        build=Ramp(
            merge=250.0,
            acceleration=200.0,
            departure=200.0,
            flow_per_h=1050.0,
            ramp_per_h=260.0,
            density_per_km=14.0,
        ),
    ),
    Site(
        name="motorway_c",
        place="motorway",
        trained_on=False,
        egos=30.0,
        limit_mps=32.0,
        trucks=0.15,
        wet=0.4,
        build=LaneEnds(
            lanes=3,
            length=450.0,
            drop=(2, 0.6),
            zone=(0.45, 0.9, 19.0),
            flow_per_h=1000.0,
            density_per_km=25.0,
        ),
    ),
    Site(
        name="motorway_d",
        place="motorway",
        trained_on=False,
        egos=55.0,
        limit_mps=23.0,
        trucks=0.06,
        night=0.4,
        build=Ramp(
            lanes=3,
            merge=250.0,
            acceleration=180.0,
            departure=150.0,
            flow_per_h=1050.0,
            ramp_per_h=320.0,
            density_per_km=20.0,
        ),
    ),
)
