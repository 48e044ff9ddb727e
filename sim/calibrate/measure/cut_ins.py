"""Cut-ins: somebody from the next lane becomes the lead."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.measurements import Found, measures
from sim.calibrate.stretches import slices, stretches
from sim.calibrate.view import View
from sim.calibrate.weave import own_drift
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HALF_LANE_M = 1.8
"""From an ego in mid-lane to the line: lanes of 3.5 to 3.66 m."""
ENTERED_M = 1.0
"""So near to the ego's path the other is in its lane [m]."""
BEGUN_M = 0.2
"""The other's near side has to be seen this far beyond the line first [m]."""
SOON_S = 6.0
"""From the line to the lane at most: slower, it is drift of either (engineering)."""
SLOPE = 5
"""Frames to either side over which the lateral speed is taken: 1.1 s."""
MOVES_MPS = 0.2
"""Under this lateral speed a lane change has not begun or is over (engineering)."""
EGO_MPS = 2.0
"""Slower egos stand in a queue, or nearly [m/s]."""
NEAR_S = 6.0
"""Beyond this time gap the ego is free, whoever comes in far ahead."""
MORE = 1.5
"""Times as much as the ego the other moves sideways, where lanes do not say who did."""


@measures(
    "a vehicle that comes from the next lane, its near side beyond a line 1.8 m beside the ego's "
    "path, and within 6 s is the ego's lead, at a time gap of 6 s at most; it is the one that "
    "changes lanes, not the ego",
    cut_in_gap=("m", "from bumper to bumper as its near side crosses the line"),
    cut_in_lateral_speed=("mps", "towards the ego's path, over 1.1 s about the crossing"),
    cut_in_relative_speed=("mps", "its speed less the ego's at the crossing"),
    cut_in_pace=("share", "its speed over the ego's at the crossing"),
    cut_in_time_gap=("s", "the gap at the crossing over the ego's speed"),
    cut_in_ttc=("s", "time to collision at the crossing, where it is slower"),
    cut_in_time=("s", "from the line to the ego's lane"),
    lane_change_time=("s", "in which it moves sideways at more than 0.2 m/s, begin and end seen"),
)
def cut_ins(view: View) -> Found:
    """Those who cut in, seen from whom they cut in before."""
    crossings = [c for part in _candidates(view) if (c := _crossing(view, part)) is not None]
    entry = np.array([c.entry for c in crossings], dtype=np.int64)
    at, share = view.ahead, np.array([c.share for c in crossings])

    def between(value: Floats) -> Floats:
        """A value per entry at the crossing itself, between two frames."""
        return np.asarray((1.0 - share) * value[entry] + share * value[entry + 1])

    gap = between(view.gap(np.arange(len(at)))) if len(entry) else np.empty(0)
    ego = between(view.speed[at.ego]) if len(entry) else np.empty(0)
    other = between(view.speed[at.other]) if len(entry) else np.empty(0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ttc = np.where((other < ego) & (gap > 0.0), gap / (ego - other), np.nan)
    return at.ego[entry], {
        "cut_in_gap": gap,
        "cut_in_lateral_speed": np.array([c.lateral for c in crossings]),
        "cut_in_relative_speed": other - ego,
        "cut_in_pace": other / ego,
        "cut_in_time_gap": gap / ego,
        "cut_in_ttc": ttc,
        "cut_in_time": np.array([c.takes for c in crossings]),
        "lane_change_time": np.array([c.moving for c in crossings]),
    }


@dataclass(frozen=True)
class _Crossing:
    """One cut-in: entry of `ahead` before the line, how far on to the next it crosses (0-1)."""

    entry: int
    share: float
    lateral: float
    takes: float
    moving: float


def _candidates(view: View) -> list[slice]:
    """Stretches of one pair in which the other is seen beyond the line and in the lane."""
    ahead = view.ahead
    begin, end = stretches(np.ones(len(ahead), np.bool_), ahead.joined, 2 * SLOPE)
    aside = np.abs(ahead.left) - 0.5 * view.rows.width[ahead.other]
    near = np.abs(ahead.left) < ENTERED_M
    return [
        part
        for part in slices(begin, end)
        if near[part].any() and (aside[part] > HALF_LANE_M + BEGUN_M).any()
    ]


def _crossing(view: View, part: slice) -> _Crossing | None:
    """The first cut-in of a pair's stretch, None where it holds none."""
    ahead = view.ahead
    left = ahead.left[part]
    side = np.abs(left) - 0.5 * view.rows.width[ahead.other[part]] - HALF_LANE_M
    begun = np.flatnonzero(side > BEGUN_M)
    entered = np.flatnonzero(np.abs(left) < ENTERED_M)
    entered = entered[entered > begun[0]]
    if len(entered) == 0:
        return None
    inside = int(entered[0])
    last = int(np.flatnonzero(side[:inside] > 0.0)[-1])
    takes = (inside - last) * LOG_STEP_S
    sign = np.sign(left[last])
    if takes > SOON_S or not _is_cut_in(view, part.start + last, part.start + inside):
        return None
    share = float(side[last] / (side[last] - side[last + 1]))
    towards = -sign * np.gradient(left, LOG_STEP_S)
    low, high = max(last - SLOPE, 0), min(last + SLOPE + 2, len(left))
    lateral = -sign * np.polyfit(np.arange(low, high) * LOG_STEP_S, left[low:high], 1)[0]
    return _Crossing(part.start + last, share, float(lateral), takes, _moving(towards, last))


def _is_cut_in(view: View, line: int, inside: int) -> bool:
    """Whether the other is the lead inside, was ahead at the line, and did the changing."""
    ahead, rows = view.ahead, view.rows
    ego, other = ahead.ego[inside], ahead.other[inside]
    speed = view.speed[ahead.ego[line]]
    near = ahead.along[line] > 0.0 and view.gap(np.array([line]))[0] <= NEAR_S * speed
    if view.lead[ego] != inside or not near or speed < EGO_MPS:
        return False
    lanes = rows.lane[[ahead.ego[line], ego, ahead.other[line], other]]
    if (lanes >= 0).all() and lanes[0] != lanes[2] and lanes[1] == lanes[3]:
        return bool(lanes[0] == lanes[1])
    drifts = [own_drift(view, row) for row in (ahead.other[line], ahead.ego[line])]
    return drifts[0] > MORE * drifts[1]


def _moving(towards: Floats, at: int) -> float:
    """How long [s] about a moment it moves sideways; NaN where the view ends within."""
    still = towards < MOVES_MPS
    before, after = np.flatnonzero(still[:at]), np.flatnonzero(still[at:])
    if still[at] or len(before) == 0 or len(after) == 0:
        return float("nan")
    return float((at + after[0] - before[-1] - 1) * LOG_STEP_S)
