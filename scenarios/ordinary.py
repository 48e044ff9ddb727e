"""Ordinary traffic."""

import numpy as np

from sim.base.dist import Dist, Normal, Truncated, Uniform
from sim.family import Draws, quantity, register
from sim.family.traffic import InTraffic, traffic
from sim.world.scene import Scene


@register("ordinary")
class Ordinary(InTraffic):
    """Ordinary traffic, in which nobody is told to do anything.

    The front car of each lane drifts to another speed, softly, and drivers change lanes when
    it pays. Nothing is dangerous but what they bring along: short headways, late reactions
    and glances away. The counterpart of the other families: what they are worth beyond being
    more data.

        lane 2     [5]         [6]        [7]
        lane 1   [4]   [ego]    [1]   [2]     [3]   -->
        lane 0        [8]     [9]        [10]
    """

    seconds = 15.0
    tags = ("nominal",)
    danger = (0.0, 0.05)

    change: Dist = quantity(
        Truncated(Normal(-0.05, 0.25), -1.0, 0.4),
        unit="share",
        source="log of the front car's new speed over its old one, in each lane",
        status="engineering",
        measured="change_log_ratio",
        each=3,
    )
    pull: Dist = quantity(
        Uniform(0.3, 2.0),
        unit="mps2",
        source="acceleration or braking to that speed",
        status="engineering",
        measured="change_accel",
        each=3,
    )
    start: Dist = quantity(
        Uniform(0.0, 10.0), unit="s", source="when it does so", status="engineering", each=3
    )

    def build(self, draws: Draws) -> Scene:
        road = traffic(draws, draws.speed, changes_lanes=1)
        paces = (draws.right_lane, np.ones(len(draws)), draws.left_lane)
        for lane, (front, pace) in enumerate(zip(road.fronts, paces)):
            target = draws.speed * pace * np.exp(draws.change[:, lane])
            drifts = road.scene.when(front, time_s=draws.start[:, lane])
            drifts.speed(target, accel=draws.pull[:, lane])
        return road.scene
