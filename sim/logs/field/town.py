"""A town: junctions with and without signals, a roundabout, and streets that people cross.

Sizes, flows and shares are engineering, chosen for the sites to differ from one another in
speed, sight and traffic.

    crossroads_a   signals, two lanes each way, crosswalks, cycle lanes
    crossroads_b   the same of another shape, tighter and slower          (test only)
    tee_a          a T whose side road yields, houses at its corners
    tee_b          the same, skew and faster, no cycle lanes              (test only)
    quarter_a      right before left, narrow, cars parked, people everywhere
    quarter_b      stop signs and a skew crossing                         (test only)
    roundabout_a   one lane, cyclists on it
    street_a       zebra crossing, unmarked crossings, parked cars, buses that stop
    street_b       a school's street: children, signals for people        (test only)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.logs.field.layout import Layout, PlannedStop, Standing, Stream
from sim.logs.field.site import Conditions, Site
from sim.world.kinds import Kind
from sim.world.road import (
    Crossing,
    Road,
    junction,
    junction_course,
    movements,
    roundabout,
    roundabout_course,
    street,
    two_phases,
)
from sim.world.road.movements import turn_lane

DEPARTURE_M = 80.0
TURNS = {"straight": 0.62, "left": 0.16, "right": 0.22}
"""Shares of the movements at a junction."""
CYCLE_M = 1.8
EDGE_M = 0.75
"""From a lane's right edge to cyclists who ride beside cars in it [m]."""
TAKES_LANE_M = -0.4
"""Where they ride in a lane that is too narrow to be passed in."""
HOUSE_M = 16.0
GAP_M = 1.3
"""Half of the gap between parked cars where people cross without a mark [m]."""
CAR_M, PARKING_M = 4.5, 5.6
"""Length of a parked car, and of its place [m]."""


@dataclass(frozen=True, kw_only=True)
class Crossroads:
    """A junction of two roads.

    Attributes:
        arms: 4, or 3 for a T.
        control: As in `junction`.
        lanes: Of the main and of the minor road, either way.
        lane_m: Width of a lane [m].
        angle: Between the roads [rad].
        approach: Of each course before its stop line [m].
        cycle_s, green_s: Of the signals, and the main road's green in them [s].
        main_per_h, minor_per_h: Vehicles an hour on an arm of either road.
        walkers_per_h: Groups of people an hour, over each arm and way.
        cyclists_per_h: An hour, on each cycle lane or, where there is none, each way straight on.
        cycle_lanes: Whether there are any.
        houses_m: From the middle of the roads to houses at the corners [m]; 0: none.
    """

    arms: int = 4
    control: str
    lanes: tuple[int, int] = (1, 1)
    lane_m: float = 3.4
    angle: float = 0.5 * np.pi
    approach: float = 130.0
    cycle_s: float = 70.0
    green_s: float = 30.0
    main_per_h: float
    minor_per_h: float
    walkers_per_h: float
    cyclists_per_h: float
    cycle_lanes: bool = True
    houses_m: float = 0.0

    def __call__(
        self,
        site: Site,
        conditions: Conditions,
        seconds: float,
        hazard: float,
        rng: np.random.Generator,
    ) -> Layout:
        """The layout of one drive."""
        road = self._road(site, conditions, rng)
        streams = [*self._cars(), *self._cyclists(), *self._walkers()]
        return Layout(road, streams)

    def _road(self, site: Site, conditions: Conditions, rng: np.random.Generator) -> Road:
        late = rng.uniform(0.0, self.cycle_s)
        phases = two_phases(cycle=self.cycle_s, green=self.green_s, offset=late, arms=self.arms)
        return junction(
            arms=self.arms,
            main_lanes=self.lanes[0],
            minor_lanes=self.lanes[1],
            lane_width=self.lane_m,
            angle=self.angle,
            approach=self.approach,
            departure=DEPARTURE_M,
            control=self.control,
            signals=phases if self.control == "signals" else (),
            crosswalk_width=4.0,
            cycle_width=CYCLE_M if self.cycle_lanes else None,
            speed_limit=site.limit_mps,
            blocks=self._houses(),
            friction=conditions.friction,
        )

    def _houses(self) -> list[tuple[float, ...]]:
        """Houses in the corners that are no sharper than a right angle."""
        out = np.array([np.pi, self.angle + np.pi, 2.0 * np.pi, self.angle + 2.0 * np.pi])
        arms = out[: self.arms]
        houses: list[tuple[float, ...]] = []
        for one, two in zip(
            arms[:-1] if self.arms == 3 else arms, [*arms[1:], arms[0] + 2 * np.pi]
        ):
            half = 0.5 * (two - one)
            if self.houses_m <= 0.0 or half < 0.25 * np.pi - 1e-6:
                continue
            far = self.houses_m / np.sin(half) + 0.5 * np.sqrt(2.0) * HOUSE_M
            way = one + half
            place = (far * np.cos(way), far * np.sin(way))
            houses.append((*place, way - 0.25 * np.pi, HOUSE_M, HOUSE_M))
        return houses

    def _cars(self) -> list[Stream]:
        out = []
        for arm, movement in movements(self.arms):
            of_arm = [m for a, m in movements(self.arms) if a == arm]
            share = TURNS[movement] / sum(TURNS[m] for m in of_arm)
            count = self.lanes[arm % 2]
            straight = movement == "straight"
            out.append(
                Stream(
                    course=junction_course(arm, movement, self.arms),
                    lanes=tuple(range(count)) if straight else (turn_lane((arm, movement), count),),
                    flow_per_h=share * (self.minor_per_h if arm % 2 else self.main_per_h),
                )
            )
        return out

    def _cyclists(self) -> list[Stream]:
        straight = [arm for arm, movement in movements(self.arms) if movement == "straight"]
        cars, people = len(movements(self.arms)), 2 * self.arms
        if self.cycle_lanes:
            return [
                Stream(
                    who="cyclist",
                    course=cars + people + k,
                    flow_per_h=self.cyclists_per_h,
                    start_m=self.approach - 90.0,
                    spread_m=0.35,
                )
                for k in range(len(straight))
            ]
        return [
            Stream(
                who="cyclist",
                course=junction_course(arm, "straight", self.arms),
                flow_per_h=self.cyclists_per_h,
                start_m=self.approach - 60.0,
                aside_m=TAKES_LANE_M,
                spread_m=0.2,
            )
            for arm in straight
        ]

    def _walkers(self) -> list[Stream]:
        first = len(movements(self.arms))
        return [
            Stream(
                who="walker",
                course=first + k,
                flow_per_h=self.walkers_per_h,
                start_m=0.3,
                spread_m=1.2,
                size=1.5,
            )
            for k in range(2 * self.arms)
        ]


@dataclass(frozen=True, kw_only=True)
class Ring:
    """A roundabout of one lane, cyclists on it.

    Attributes:
        radius: [m].
        cars_per_h: Vehicles an hour on an arm.
        cyclists_per_h: Cyclists likewise.
    """

    radius: float
    cars_per_h: float
    cyclists_per_h: float

    def __call__(
        self,
        site: Site,
        conditions: Conditions,
        seconds: float,
        hazard: float,
        rng: np.random.Generator,
    ) -> Layout:
        """The layout of one drive."""
        road = roundabout(
            radius=self.radius,
            approach=110.0,
            departure=DEPARTURE_M,
            speed_limit=site.limit_mps,
            friction=conditions.friction,
        )
        streams = []
        for arm in range(4):
            for step, share in ((1, 0.3), (2, 0.45), (3, 0.25)):
                course = roundabout_course(arm, (arm + step) % 4)
                streams += [
                    Stream(course=course, flow_per_h=share * self.cars_per_h),
                    Stream(
                        who="cyclist",
                        course=course,
                        flow_per_h=share * self.cyclists_per_h,
                        start_m=60.0,
                        aside_m=TAKES_LANE_M,
                        spread_m=0.2,
                    ),
                ]
        return Layout(road, streams)


@dataclass(frozen=True, kw_only=True)
class Street:
    """A street that people cross at several places, cars parked along it.

    Attributes:
        lanes: Either way.
        lane_m: Width of a lane [m].
        length: [m].
        crossings: Where people cross.
        cars_per_h: Vehicles an hour, either way.
        walkers_per_h: Groups of people an hour and way, at each crossing.
        cyclists_per_h: An hour and way.
        parked: Share of the places at the kerb that are taken.
        searching: Share of the vehicles that look for a space, and then stop there.
        buses_per_h: An hour and way.
    """

    lanes: int = 1
    lane_m: float = 3.75
    length: float = 320.0
    crossings: tuple[Crossing, ...]
    cars_per_h: float
    walkers_per_h: float
    cyclists_per_h: float
    parked: float
    searching: float = 0.04
    buses_per_h: float = 15.0

    def __call__(
        self,
        site: Site,
        conditions: Conditions,
        seconds: float,
        hazard: float,
        rng: np.random.Generator,
    ) -> Layout:
        """The layout of one drive."""
        road = street(
            self.crossings,
            lanes=self.lanes,
            opposite=self.lanes,
            lane_width=self.lane_m,
            length=self.length,
            speed_limit=site.limit_mps,
            friction=conditions.friction,
        )
        streams = [*self._walkers()]
        for way in (0, 1):
            streams += self._traffic(way, rng)
        return Layout(road, streams, [*self._parked(0, rng), *self._parked(1, rng)])

    def _traffic(self, way: int, rng: np.random.Generator) -> list[Stream]:
        lanes = tuple(range(self.lanes))
        left = 0.45 if self.lanes == 1 else 0.0  # beside cyclists who ride at the edge
        place = self._space(way, rng)
        halt = self.length - self.crossings[0].at if way else self.crossings[0].at
        common: dict[str, Any] = {"course": way, "aside_m": left}
        return [
            Stream(lanes=lanes, flow_per_h=self.cars_per_h, **common),
            Stream(
                flow_per_h=self.searching * self.cars_per_h,
                slow=0.4,
                stops=(PlannedStop(at_m=place, lasts_s=12.0),),
                plain=True,
                **common,
            ),
            Stream(
                flow_per_h=self.buses_per_h,
                stops=(PlannedStop(at_m=halt - 9.0, lasts_s=10.0, bus=True),),
                plain=True,
                **common,
            ),
            Stream(
                who="cyclist",
                course=way,
                flow_per_h=self.cyclists_per_h,
                start_m=5.0,
                aside_m=EDGE_M - 0.5 * self.lane_m,
                spread_m=0.15,
            ),
        ]

    def _space(self, way: int, rng: np.random.Generator) -> float:
        """A free place at the kerb, away from the crossings [m]."""
        crossed = [self.length - c.at if way else c.at for c in self.crossings]
        places = np.arange(80.0, self.length - 40.0, 1.0)
        free = np.min(np.abs(places[:, None] - np.array(crossed)), axis=1) > 14.0
        return float(rng.choice(places[free]))

    def _walkers(self) -> list[Stream]:
        return [
            Stream(
                who="walker",
                course=2 + k,
                flow_per_h=self.walkers_per_h,
                start_m=0.3,
                spread_m=GAP_M - 0.5,
                size=1.4,
            )
            for k in range(2 * len(self.crossings))
        ]

    def _parked(self, way: int, rng: np.random.Generator) -> list[Standing]:
        """Cars at the kerb, but not for 7 m before a marked crossing nor where people walk."""
        out = []
        for place in np.arange(40.0, self.length - 25.0, PARKING_M):
            clear = True
            for c in self.crossings:
                past = place - (self.length - c.at if way else c.at)
                marked = c.rule == "zebra" or c.lights is not None
                before, after = (9.0, 5.0) if marked else (2 * (0.5 * CAR_M + GAP_M + 0.2,))
                clear &= not -before < past < after
            if clear and rng.random() < self.parked:
                out.append(
                    Standing(
                        kind=Kind.CAR,
                        course=way,
                        s_m=float(place + rng.uniform(-0.2, 0.2)),
                        d_m=-(0.5 * self.lane_m + 1.2 + rng.uniform(-0.1, 0.1)),
                        length_m=CAR_M,
                    )
                )
        return out


def _every(places: Sequence[float], rule: str = "unmarked") -> tuple[Crossing, ...]:
    return tuple(Crossing(at, 4.0, rule) for at in places)


TOWN = (
    Site(
        name="crossroads_a",
        place="town",
        egos=52.0,
        limit_mps=13.9,
        build=Crossroads(
            control="signals",
            lanes=(2, 1),
            main_per_h=750.0,
            minor_per_h=320.0,
            walkers_per_h=35.0,
            cyclists_per_h=60.0,
        ),
    ),
    Site(
        name="tee_a",
        place="town",
        egos=13.0,
        limit_mps=13.9,
        build=Crossroads(
            arms=3,
            control="yield",
            main_per_h=420.0,
            minor_per_h=160.0,
            walkers_per_h=45.0,
            cyclists_per_h=50.0,
            houses_m=18.0,
        ),
    ),
    Site(
        name="quarter_a",
        place="town",
        egos=7.0,
        limit_mps=8.3,
        trucks=0.01,
        build=Crossroads(
            control="right_before_left",
            lane_m=3.0,
            approach=90.0,
            main_per_h=150.0,
            minor_per_h=120.0,
            walkers_per_h=50.0,
            cyclists_per_h=40.0,
            cycle_lanes=False,
            houses_m=12.0,
        ),
    ),
    Site(
        name="roundabout_a",
        place="town",
        egos=19.0,
        limit_mps=13.9,
        build=Ring(radius=16.0, cars_per_h=320.0, cyclists_per_h=30.0),
    ),
    Site(
        name="street_a",
        place="town",
        egos=14.0,
        limit_mps=13.9,
        build=Street(
            crossings=(
                Crossing(110.0, 4.0, "zebra"),
                Crossing(180.0, 4.0, "unmarked"),
                Crossing(240.0, 4.0, "unmarked"),
            ),
            cars_per_h=420.0,
            walkers_per_h=70.0,
            cyclists_per_h=50.0,
            parked=0.6,
        ),
    ),
    Site(
        name="crossroads_b",
        place="town",
        trained_on=False,
        egos=49.0,
        limit_mps=11.1,
        wet=0.35,
        build=Crossroads(
            control="signals",
            lanes=(1, 1),
            angle=1.2,
            cycle_s=60.0,
            green_s=24.0,
            main_per_h=480.0,
            minor_per_h=300.0,
            walkers_per_h=60.0,
            cyclists_per_h=90.0,
        ),
    ),
    Site(
        name="tee_b",
        place="town",
        trained_on=False,
        egos=13.0,
        limit_mps=16.7,
        build=Crossroads(
            arms=3,
            control="yield",
            angle=1.25,
            main_per_h=380.0,
            minor_per_h=180.0,
            walkers_per_h=20.0,
            cyclists_per_h=30.0,
            cycle_lanes=False,
            houses_m=20.0,
        ),
    ),
    Site(
        name="quarter_b",
        place="town",
        trained_on=False,
        egos=21.0,
        limit_mps=12.5,
        build=Crossroads(
            control="stop",
            angle=1.75,
            main_per_h=380.0,
            minor_per_h=240.0,
            walkers_per_h=20.0,
            cyclists_per_h=40.0,
            cycle_lanes=False,
            houses_m=14.0,
        ),
    ),
    Site(
        name="street_b",
        place="town",
        trained_on=False,
        egos=19.0,
        limit_mps=11.1,
        night=0.1,
        build=Street(
            lanes=2,
            lane_m=3.3,
            length=280.0,
            crossings=(
                *_every((90.0,)),
                Crossing(150.0, 4.0, "zebra", (60.0, 30.0, 3.0, 0.0)),
                *_every((210.0,)),
            ),
            cars_per_h=520.0,
            walkers_per_h=50.0,
            cyclists_per_h=50.0,
            parked=0.4,
        ),
    ),
)
