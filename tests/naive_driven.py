"""Slow twin of the engine's neighbours: everybody looks at everybody else."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.road import Road

TAIL_M = 2.0  # as said of who turns off


def seen_on(road: Road, users: Any, course: int) -> tuple[NDArray[Any], ...]:
    """Everybody on a course: number, s [m] and lane there; who is there twice stands twice."""
    number = np.arange(len(users))
    own = users["course"] == course
    found = [(number[own], users["s"][own], users["target"][own])]
    links = road.links
    for k in np.flatnonzero((links.onto[0] == course) & (links.course[0] >= 0)):
        on = users["course"] == links.course[0, k]
        on &= users["s"] + 0.5 * users["length"] >= links.start[0, k]
        on &= users["s"] - 0.5 * users["length"] - TAIL_M <= links.end[0, k]
        s = users["s"][on] + links.shift[0, k]
        found.append((number[on], s, users["target"][on] + links.lane_shift[0, k]))
    return tuple(np.concatenate(column) for column in zip(*found))


def neighbours(road: Road, users: Any, side: int, way: int) -> NDArray[np.float64]:
    """Distance of centres to the nearest ahead (`way` 1) or behind (-1) in the lane `side` from
    the own [m], infinite without one, of users who stay in the middle of their lanes.
    """
    out = np.full(len(users), math.inf)
    for course in range(road.course_count):
        number, s, lane = seen_on(road, users, course)
        for i in np.flatnonzero(users["course"] == course):
            wanted = users["target"][i] + side
            away = way * (s - users["s"][i])
            other = (number != i) & (lane == wanted) & (wanted >= 0) & (away >= 0.0)
            out[i] = away[other].min(initial=math.inf)
    return out
