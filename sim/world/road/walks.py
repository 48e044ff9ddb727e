"""Crosswalks on the arms of a junction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.world.road.areas import Conflict
from sim.world.road.assemble import Many, Track
from sim.world.road.core import Rule
from sim.world.road.crosswalk import KERB_M, STOP_M, footways
from sim.world.road.movements import Movement, exit_of
from sim.world.road.strips import Strip
from sim.world.road.turns import Layout, Way

Floats = NDArray[np.float64]
PAVEMENT_M = 5.0
SETBACK_M = 2.0
"""Room before and behind a crosswalk between the stop line and the turns [m]."""


def junction_walks(
    every: Sequence[Movement],
    made: Sequence[Way],
    tracks: Sequence[Track],
    layout: Layout,
    stop: Sequence[Floats],
    width: Floats,
    cycles: Floats,
) -> tuple[list[Track], list[Conflict]]:
    """People's courses across each arm, there and back, and where cars meet them.

    Where cars have signals, people have those of the road they walk along.

    Args:
        every: The cars' movements.
        made: Their ways.
        tracks: Their courses.
        layout: Of the junction.
        stop: From its middle to each arm's stop line [m].
        width: Of the crosswalks [m].
        cycles: Width of the cycle lanes between the cars' lanes and where people wait [m].
    """
    walkers: list[Track] = []
    conflicts: list[Conflict] = []
    n = len(width)
    kerb = PAVEMENT_M - KERB_M - cycles
    for arm, out in enumerate(layout.out):
        middle = stop[arm] - STOP_M - 0.5 * width
        x, y = middle * np.cos(out), middle * np.sin(out)
        across = 2.0 * layout.lanes[arm] * layout.width
        lights = _lights(tracks, every, arm, kerb)
        for way in footways(x, y, out + 0.5 * np.pi, across, np.full(n, PAVEMENT_M)):
            walk = Track(way, [(0.0, width, -np.inf, np.inf)], signals=lights)
            people = walk.strip(len(tracks) + len(walkers), 0, 0.0, way.length)
            walkers.append(walk)
            for c, (movement, car) in enumerate(zip(every, made)):
                places = _places(movement, car, arm, layout, middle, width)
                if places is not None:
                    line = layout.approach if movement[0] == arm else np.full(n, np.inf)
                    conflicts += _met(tracks[c], c, places, people, line, kerb)
    return walkers, conflicts


def ridden_walks(
    every: Sequence[Movement],
    made: Sequence[Way],
    rides: Sequence[Track],
    walkers: Sequence[Track],
    layout: Layout,
    stop: Sequence[Floats],
    width: Floats,
    first: int,
    cycles: Floats,
) -> list[Conflict]:
    """Cyclists yield to people where a cycle lane crosses the crosswalks of its arms.

    Args:
        every: The cars' movements.
        made: Their ways.
        rides: The cyclists' courses, those of the movements straight on.
        walkers: The people's, two an arm.
        layout: Of the junction.
        stop: From its middle to each arm's stop line [m].
        width: Of the crosswalks [m].
        first: Number of the people's first course.
        cycles: Width of the cycle lanes [m].
    """
    conflicts: list[Conflict] = []
    straight = [(m, way) for m, way in zip(every, made) if m[1] == "straight"]
    for k, ((movement, way), ride) in enumerate(zip(straight, rides)):
        for w, walk in enumerate(walkers):
            arm = w // 2
            middle = stop[arm] - STOP_M - 0.5 * width
            places = _places(movement, way, arm, layout, middle, width)
            if places is not None:
                people = walk.strip(first + w, 0, 0.0, walk.path.length)
                line = layout.approach if movement[0] == arm else np.full(len(width), np.inf)
                number = first + len(walkers) + k
                kerb = PAVEMENT_M - KERB_M - cycles
                conflicts += _met(ride, number, places, people, line, kerb)
    return conflicts


def _met(
    track: Track,
    course: int,
    places: tuple[Floats, Floats],
    people: Strip,
    line: Floats,
    kerb: Floats,
) -> list[Conflict]:
    """People against each lane of a course that goes on beyond the stop line."""
    lanes = [i for i, lane in enumerate(track.lanes) if np.isinf(lane[3]).all()]
    return [
        Conflict(
            track.strip(course, lane, *places),
            people,
            (Rule.YIELD, Rule.PRIORITY),
            (line, kerb),
            (STOP_M, 0.0),
        )
        for lane in lanes
    ]


def _places(
    movement: Movement, way: Way, arm: int, layout: Layout, middle: Floats, width: Floats
) -> tuple[Floats, Floats] | None:
    """Where along a car's course it may meet an arm's crosswalk."""
    if movement[0] == arm:
        return layout.approach, layout.approach + width + SETBACK_M
    if exit_of(movement) == arm:
        far = way.base + middle + width
        return np.minimum(way.turn[0], far - 3.0 * width), far
    return None


def _lights(
    tracks: Sequence[Track], every: Sequence[Movement], arm: int, kerb: Floats
) -> list[Many]:
    """Those of the road that people who cross an arm walk along."""
    along = 0 if arm % 2 else 1
    parallel = next(t for t, m in zip(tracks, every) if m[0] == along)
    return [(kerb, cycle, green, 0.0, offset) for _, cycle, green, _, offset in parallel.signals]
