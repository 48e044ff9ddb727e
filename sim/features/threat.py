"""What is most likely to come into the ego's way from anywhere, from the sensed object list."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.features.estimate import STEP_S, gap_now, mean, now, slope
from sim.features.schema import THREAT_FEATURES
from sim.features.targets import COAST, MOST
from sim.laws.closest import closest_time
from sim.laws.ttc_2d import overlap_span
from sim.sensing.observe import Observation
from sim.world.kinds import Kind
from sim.world.state import SIZES_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]

PAST = 5
"""Frames over which an object's motion is taken: 0.5 s, as for the lead."""
EGO_LENGTH_M, EGO_WIDTH_M = SIZES_M[Kind.CAR]
"""What the ego takes itself for."""
CROSSES_MPS = 0.5
"""Who moves slower than this towards the ego's axis does not cross it: bearings of 4 mrad noise
give 0.3 m/s at 30 m."""
LONGEST_S = 10.0
"""Times beyond this are told as this."""
SHORTEST_S = 0.1

_WIDTH = len(THREAT_FEATURES)
_SIZES = np.array([SIZES_M[kind] for kind in Kind], dtype=np.float64)
_LIGHT = np.array([kind in (Kind.PEDESTRIAN, Kind.BICYCLE, Kind.MOTORCYCLE) for kind in Kind])


class Seen(NamedTuple):
    """The part of an `Observation` that is read here."""

    speed: Floats
    yaw_rate: Floats
    start: Ints
    track: Ints
    kind: Ints
    reach: Floats
    rate: Floats
    bearing: Floats


class Course(NamedTuple):
    """How one object moves, in the ego's axes: x ahead of the bumper, y to the left.

    Attributes:
        reach, rate, bearing, turn: Range [m], range rate [m/s], bearing [rad] and its rate, the
            ego's own turning taken out [rad/s].
        x, y, wx, wy: Where it is and how fast it nears, of the middle of its near face.
        ux, uy: Velocity over ground.
        touch: Time until it touches the ego at these velocities [s]; inf if never.
        cross: Time until it crosses the ego's axis [s]; inf if it does not.
        gap: Time between its crossing and the ego's front being there [s]; inf likewise.
    """

    reach: float
    rate: float
    bearing: float
    turn: float
    x: float
    y: float
    wx: float
    wy: float
    ux: float
    uy: float
    touch: float
    cross: float
    gap: float


def threats(seen: Observation, at: Ints, past: Ints) -> Matrix:
    """Features `THREAT_FEATURES` (n, d) of observation rows, each from its last `past` frames.

    Of all objects in the list it is the one that would soonest touch the ego or cross its way
    with the least time between, at constant velocity; the nearest one where none would. An
    object is judged when it has been seen three times in the last 0.5 s. The first feature is of
    whoever would touch soonest, as another may cross sooner.

    Args:
        seen: Detections only.
        at: (n,) rows of it.
        past: (n,) frames before each that may be read.
    """
    senses = Seen(
        seen.speed,
        seen.yaw_rate,
        seen.start,
        seen.track,
        seen.kind,
        seen.range,
        seen.range_rate,
        seen.bearing,
    )
    return _threats(senses, at, np.minimum(past, seen.past[at]))


@njit
def _threats(s: Seen, at: Ints, past: Ints) -> Matrix:
    out = np.full((len(at), _WIDTH), np.nan, np.float32)
    who, kind = np.empty(MOST, np.int64), np.empty(MOST, np.int64)
    seen = np.empty((3, PAST + 1))
    work = np.empty(PAST + 1)
    for i in range(len(at)):
        e, p = at[i], min(past[i], PAST)
        for k in range(p + 1):
            work[k] = s.yaw_rate[e - k]
        turning = mean(work, p)
        out[i, _WIDTH - 1] = 1.0
        least, nearest, touch = np.inf, np.inf, np.inf
        for m in range(_listed(s, e, p, who, kind)):
            if not _history(s, e, p, who[m], seen):
                continue
            course = course_of(seen, p, s.speed[e], turning, kind[m], work)
            soon = min(course.touch, course.cross + course.gap)
            touch = min(touch, course.touch)
            if soon < least or (least == np.inf and course.reach < nearest):
                least, nearest = min(soon, least), course.reach
                _tell(course, soon, kind[m], out[i])
        if nearest < np.inf:
            out[i, 0] = 1.0 / max(touch, SHORTEST_S)
    return out


@njit
def _listed(s: Seen, e: int, past: int, who: Ints, kind: Ints) -> int:
    """Fill in the objects listed now or up to `COAST` frames ago, without clutter; how many."""
    n = 0
    for k in range(min(past, COAST) + 1):
        for d in range(s.start[e - k], s.start[e - k + 1]):
            m = 0
            while m < n and who[m] != s.track[d]:
                m += 1
            if m == n and n < MOST and s.track[d] >= 0:
                who[n], kind[n] = s.track[d], s.kind[d]
                n += 1
    return n


@njit
def _history(s: Seen, e: int, past: int, who: int, seen: Floats) -> bool:
    """Fill in range, range rate and bearing, newest first; whether it was seen three times."""
    seen[:] = np.nan
    n = 0
    for k in range(past + 1):
        for d in range(s.start[e - k], s.start[e - k + 1]):
            if s.track[d] == who:
                seen[0, k], seen[1, k], seen[2, k] = s.reach[d], s.rate[d], s.bearing[d]
                n += 1
                break
    return n >= 3


@njit
def course_of(
    seen: Floats, past: int, speed: float, turning: float, kind: int, work: Floats
) -> Course:
    """How an object moves and what comes of it.

    The near face's middle is what a radar lists; behind it the box of its kind is taken to lie,
    along the axes, as its course turns it.

    Args:
        seen: (3, ...) range, range rate, bearing, newest first.
        past: Frames of these.
        speed: Of the ego [m/s].
        turning: Yaw rate of the ego [rad/s].
        kind: As listed.
        work: Room for as many numbers as frames.
    """
    rate, bearing = now(seen[1], past), now(seen[2], past)
    reach = max(gap_now(seen[0], -rate, min(past, 2)), 0.0)
    for k in range(past + 1):  # across the line of sight, where a straight way has one slope
        work[k] = seen[0, k] * math.sin(seen[2, k] - bearing - turning * STEP_S * k)
    aside = slope(work, past)
    c, sn = math.cos(bearing), math.sin(bearing)
    x, y = reach * c, reach * sn
    wx, wy = rate * c - aside * sn, rate * sn + aside * c
    ux, uy = wx + speed, wy
    depth, breadth = shadow_of(kind, ux, uy)
    along, across = 0.5 * (depth + EGO_LENGTH_M), 0.5 * (breadth + EGO_WIDTH_M)
    enter, leave = overlap_span(x + along, wx, along, 0.0, math.inf)
    enter, leave = overlap_span(y, wy, across, enter, leave)
    cross, gap = math.inf, math.inf
    if -math.copysign(uy, y * uy) > CROSSES_MPS:
        cross = abs(y / uy)
        gap = abs(x + wx * cross) / max(speed, 1.0)
    touch = enter if enter <= leave else math.inf
    return Course(
        reach, rate, bearing, aside / max(reach, 1.0), x, y, wx, wy, ux, uy, touch, cross, gap
    )


@njit
def shadow_of(kind: int, ux: float, uy: float) -> tuple[float, float]:
    """Size of a box of this kind along the ego's axis and across it [m]."""
    length, width = _SIZES[kind]
    pace = math.hypot(ux, uy)
    if pace < CROSSES_MPS:
        return length, width
    c, s = abs(ux) / pace, abs(uy) / pace
    return length * c + width * s, length * s + width * c


@njit
def _tell(o: Course, soon: float, kind: int, out: Matrix) -> None:
    inward = -math.copysign(1.0, o.y)
    depth, breadth = shadow_of(kind, o.ux, o.uy)
    along, across = 0.5 * (depth + EGO_LENGTH_M), 0.5 * (breadth + EGO_WIDTH_M)
    near = closest_time(o.x + along, o.y, o.wx, o.wy)
    beside = max(abs(o.x + along + near * o.wx) - along, 0.0)
    aside = max(abs(o.y + near * o.wy) - across, 0.0)
    out[1] = 1.0 / max(soon, SHORTEST_S)
    out[2] = min(near, LONGEST_S)
    out[3] = math.hypot(beside, aside)
    out[4] = min(o.gap, LONGEST_S)
    out[5] = o.reach
    out[6] = abs(o.bearing)
    out[7] = -inward * o.turn
    out[8] = -o.rate
    out[9] = math.hypot(o.ux, o.uy)
    out[10] = inward * o.uy
    out[11] = 1.0 if _LIGHT[kind] else 0.0
    out[12] = 0.0
