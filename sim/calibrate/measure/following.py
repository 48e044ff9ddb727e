"""Steady following: who keeps a distance to a lead, and which."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.measurements import Found, measures
from sim.calibrate.stretches import longest, slices, stretches
from sim.calibrate.view import View
from sim.family.drivers import MIN_GAP_M

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SLOWEST_MPS = 3.0
"""Below it a gap is one of creeping in a queue, and a time gap means nothing [m/s]."""
CLOSING_MPS = 1.5
PULLING_MPS2 = 1.0
"""Largest difference of speed, and acceleration of both, in steady following (engineering).
At 0.5 m/s² NGSIM's noise leaves 4 of 100 pairs."""
LONGEST_GAP_S = 6.0
"""Beyond it drivers are free: the share of those who react to the lead ends at 5 to 6 s
(Highway Capacity Manual 2000 counts followers below 3 s, Vogel 2002 below 6 s)."""
LASTS = 20
"""Frames: 2 s."""


@measures(
    "a vehicle behind the same lead for 2 s or more, at 3 m/s or more, the difference of speeds "
    "within 1.5 m/s, both accelerations within 1 m/s² and the time gap within 6 s; one value a "
    "pair, the median over its longest such stretch",
    following_speed=("mps", "speed of the follower", SLOWEST_MPS),
    following_gap=("m", "from bumper to bumper"),
    following_time_gap=("s", "the gap over the follower's speed"),
    following_headway=("s", "the headway with which the families' drivers keep that gap"),
)
def following(view: View) -> Found:
    """Pairs in steady following."""
    ahead, rows = view.ahead, view.rows
    gap = view.gap(np.arange(len(ahead)))
    speed, closing = view.speed[ahead.ego], view.speed[ahead.ego] - view.speed[ahead.other]
    leads = view.lead[ahead.ego] == np.arange(len(ahead))
    with np.errstate(invalid="ignore"):
        calm = (np.abs(rows.accel[ahead.ego]) <= PULLING_MPS2) & (
            np.abs(rows.accel[ahead.other]) <= PULLING_MPS2
        )
    near = (gap > 0.0) & (gap <= LONGEST_GAP_S * speed) & (np.abs(closing) <= CLOSING_MPS)
    begin, end = stretches(leads & calm & near & (speed >= SLOWEST_MPS), ahead.joined, LASTS)
    best = longest(begin, end, _pair(view, begin))
    begin, end = begin[best], end[best]
    v, g = (_medians(value, begin, end) for value in (speed, gap))
    time_gap = _medians(gap / np.maximum(speed, SLOWEST_MPS), begin, end)
    headway = usual_headway(g, v)
    found = {"speed": v, "gap": g, "time_gap": time_gap, "headway": headway}
    return ahead.ego[begin], {f"following_{name}": value for name, value in found.items()}


def usual_headway(gap: Floats, speed: Floats) -> Floats:
    """The headway [s] with which a middling driver of the families keeps a gap [m].

    The inverse of `sim.family.drivers.standing_gap` for an eagerness of a half, so that a
    family with this headway shows the gaps that were measured. The gap over the speed would
    not do: it holds the distance of standing cars too, and what is left of the wish to go
    faster. Less than 0 where the gap is below that of standing cars.
    """
    free = (speed / (1.3 * speed + 1.0)) ** 4
    return np.asarray((gap * np.sqrt(1.0 - free) - MIN_GAP_M) / speed)


def _pair(view: View, entry: Ints) -> Ints:
    """A number for the pair of each entry of `ahead`; entries are sorted by pair."""
    path = view.paths.path_of
    ego, other = path[view.ahead.ego[entry]], path[view.ahead.other[entry]]
    return np.asarray(ego * (int(path.max(initial=0)) + 1) + other)


def _medians(value: Floats, begin: Ints, end: Ints) -> Floats:
    return np.array([np.median(value[part]) for part in slices(begin, end)])
