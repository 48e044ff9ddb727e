"""Who crosses a street on foot or by bicycle: when to set out in order to meet the ego, or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.family.street import AT_M, CAR_M, KERB_M, LANE_M, Street
from sim.world.kinds import Kind
from sim.world.scene import Actor, Scene

Floats = NDArray[np.float64]

RIGHT, LEFT = 0.0, 1.0
"""Where one comes from, as seen by the ego: the near side and the far side."""

PARKED_EDGE_M, PARKED_GAP_M = 1.95, 1.0
"""From the middle of the lane to what stands at the kerb, and between cars parked there [m]."""

WAITS_M = 0.55
"""From the lane to the middle of somebody who waits at it [m]."""

BICYCLE_M = 1.8

CHILD = {"length": 0.35, "width": 0.35, "mass": 28.0}
"""[m, kg], about seven years old (engineering)."""

LEAST_S = 0.05
"""Shortest time of arrival that is waited for [s]; who sets out later does so that much later."""


@dataclass(frozen=True)
class Crossing:
    """Somebody's way across, in time against the ego's.

    Attributes:
        pace: (n,) speed once under way [m/s].
        late: (n,) in the middle of the ego's lane so long after its front would be there [s].
        course: (n,) number of the way.
        start: (n,) where one stands before, along the course [m].
        middle: (n,) where that crosses the middle of the ego's lane [m].
        before: (n,) so long before the ego's front would be there one sets out [s].
        seen: (n,) likewise, from when on one can be seen to come [s].
        pull: Acceleration up to the pace [m/s²].
    """

    pace: Floats
    late: Floats
    course: Floats
    start: Floats
    middle: Floats
    before: Floats
    seen: Floats
    pull: float

    def walk(self, street: Street, *, after: Floats | float = 0.0, **who: Any) -> Actor:
        """Put somebody there who stands and sets out in time, or so long `after` that [s].

        Size and mass as in `Scene.user`.
        """
        usual = {"kind": Kind.PEDESTRIAN, "changes_lanes": 0, "held": 1, "speed": 0.0}
        actor = street.scene.user(**(usual | {"course": self.course, "s": self.start} | who))
        lead = np.maximum(self.before, LEAST_S)
        order = street.scene.when(
            actor,
            of=street.ego,
            at_m=AT_M - 0.5 * CAR_M,
            before_s=lead,
            delay_s=lead - self.before + after,
        )
        order.speed(self.pace, accel=self.pull)
        return actor

    def ride(self, street: Street, **who: Any) -> Actor:
        """Put a cyclist there who comes along at its pace; as for `walk`."""
        s = self.middle - self.pace * (street.arrives + self.late)
        usual = {"course": self.course, "s": s, "speed": self.pace, "held": 1}
        return street.scene.bicycle(**(usual | who))


def crossing(
    pace: Floats,
    late: Floats,
    *,
    pavement: float,
    back: Floats | float,
    side: ArrayLike = RIGHT,
    lanes: int = 1,
    hidden: Floats | float = np.inf,
    pull: float = 2.5,
    length: float = 0.5,
) -> Crossing:
    """A way across that meets the ego's.

    Args:
        pace: (n,) speed [m/s].
        late: (n,) in the middle of the ego's lane so long after the ego's front would be [s].
        pavement: Of the road [m].
        back: How far behind the place where people wait one starts [m]; negative: beyond it.
        side: `RIGHT` or `LEFT`.
        lanes: Of the road, each way.
        hidden: Up to this distance from the middle of the ego's lane one is hidden [m].
        pull: Acceleration [m/s²].
        length: Of who crosses, along the way [m].
    """
    course = 2.0 + np.broadcast_to(np.asarray(side, np.float64), pace.shape)
    middle = np.where(course == 2.0 + LEFT, 2.0 * lanes - 0.5, 0.5) * LANE_M
    waiting = middle + KERB_M + 0.5 * length
    whole = waiting + back
    needed = _walked(whole, pace, pull)
    unseen = np.maximum(whole - np.minimum(waiting, hidden), 0.0)
    return Crossing(
        pace=pace,
        late=late,
        course=course,
        start=pavement + middle - whole,
        middle=pavement + middle,
        before=needed - late,
        seen=needed - late - _walked(unseen, pace, pull),
        pull=pull,
    )


def _walked(distance: Floats, pace: Floats, pull: float) -> Floats:
    """Time for a distance from a stand [s]: first at `pull`, then at `pace`."""
    gaining = 0.5 * pace * pace / pull
    soon = np.sqrt(2.0 * distance / pull)
    return np.where(distance < gaining, soon, 0.5 * pace / pull + distance / pace)


def parked_row(
    scene: Scene,
    at: float,
    edge: ArrayLike,
    *,
    before: int = 2,
    after: int = 1,
    present: ArrayLike = True,
) -> None:
    """Park cars at the right kerb, before a way across and after it.

    Args:
        scene: On a road whose course 0 is the ego's, 3.5 m wide.
        at: Where the way across is [m].
        edge: (n,) from there to the nearest bumper before, and after [m].
        before: How many.
        after: Likewise.
        present: Whether they are there at all.
    """
    first = np.asarray(edge, np.float64) + 0.5 * CAR_M
    ways = [-1.0] * before + [1.0] * after
    for way, place in zip(ways, [*range(before), *range(after)]):
        s = at + way * (first + place * (CAR_M + PARKED_GAP_M))
        scene.parked(s=s, d=-PARKED_EDGE_M - 0.9, present=present)
