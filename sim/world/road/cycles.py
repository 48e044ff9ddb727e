"""Cycle lanes through a junction, to the right of the lanes for cars."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sim.world.road.areas import Conflict
from sim.world.road.assemble import Track
from sim.world.road.chain import beside
from sim.world.road.core import Rule
from sim.world.road.movements import EAST, WEST, Movement, exit_of, priority, turn_lane
from sim.world.road.turns import Layout, Way

Floats = NDArray[np.float64]
SLACK_M = 0.2
"""Strip of an edge that nobody needs [m], as in `junction`."""
SHORT_M = 0.5
"""From where one waits within the junction to the ground that is shared [m] (engineering)."""


def cycle_lanes(
    every: Sequence[Movement],
    made: Sequence[Way],
    tracks: Sequence[Track],
    layout: Layout,
    control: str,
    width: Floats,
    first: int,
) -> tuple[list[Track], list[Conflict]]:
    """Cyclists' courses straight through, one for each arm that has a way straight on.

    Who turns right yields to the cyclists beside it, who turns left to those who come from
    opposite; else cyclists have the rights of the cars that go straight on from their arm.

    Args:
        every: The cars' movements.
        made: Their ways.
        tracks: Their courses.
        layout: Of the junction.
        control: Of the junction.
        width: (n,) of the cycle lanes [m].
        first: Number of the first of these courses.
    """
    rides: list[Track] = []
    conflicts: list[Conflict] = []
    for movement, way, track in zip(every, made, tracks):
        if movement[1] != "straight":
            continue
        path = beside(way.path, -0.5 * (layout.width + width))
        ride = Track(path, [(0.0, width, -np.inf, np.inf)], track.speed_limit, (), track.signals)
        number = first + len(rides)
        rides.append(ride)
        for c, car in enumerate(every):
            if car[0] == movement[0] and car[1] != "right":
                continue
            conflicts += _crossed(ride, number, movement, way, tracks[c], c, car, layout, control)
    return rides, conflicts + _crossing_rides(every, made, rides, layout, control, first)


def _crossing_rides(
    every: Sequence[Movement],
    made: Sequence[Way],
    rides: Sequence[Track],
    layout: Layout,
    control: str,
    first: int,
) -> list[Conflict]:
    """Cycle lanes against each other."""
    straight = [(m, way) for m, way in zip(every, made) if m[1] == "straight"]
    stop = (layout.approach, layout.approach)
    found = []
    for (i, (a, one)), (j, (b, two)) in combinations(enumerate(straight), 2):
        ends = (one.path.length - layout.departure, two.path.length - layout.departure)
        first_strip = rides[i].strip(first + i, 0, layout.approach, ends[0], SLACK_M)
        second = rides[j].strip(first + j, 0, layout.approach, ends[1], SLACK_M)
        rules = priority(a, b, control)
        found.append(Conflict(first_strip, second, rules, stop, (SHORT_M, SHORT_M)))
    return found


def _crossed(
    ride: Track,
    number: int,
    movement: Movement,
    way: Way,
    track: Track,
    course: int,
    car: Movement,
    layout: Layout,
    control: str,
) -> list[Conflict]:
    """A cycle lane against each lane of a car's course."""
    stop, far = layout.approach, np.full(len(layout.width), np.inf)
    inside = car[0] == movement[0] or exit_of(movement) == car[0]
    rules = (
        (Rule.PRIORITY, Rule.YIELD) if car[0] == movement[0] else priority(movement, car, control)
    )
    lines = (stop, far if inside and car[1] != "straight" else stop)
    if exit_of(movement) == car[0] and car[1] == "left" and not _waits_inside(car, control):
        lines = (stop, stop)
    lane_numbers = (
        range(layout.lanes[car[0]])
        if car[1] == "straight"
        else (turn_lane(car, layout.lanes[car[0]]),)
    )
    mine = ride.strip(number, 0, stop, way.path.length - layout.departure, SLACK_M)
    return [
        Conflict(
            mine,
            track.strip(course, lane, stop, track.path.length - layout.departure, SLACK_M),
            rules,
            lines,
            (SHORT_M, SHORT_M),
        )
        for lane in lane_numbers
    ]


def _waits_inside(car: Movement, control: str) -> bool:
    """Whether who turns left waits within the junction for those from opposite."""
    return control == "signals" or car[0] in (WEST, EAST)
