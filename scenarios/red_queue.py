"""The queue at a red light."""

import numpy as np

from sim.base.dist import Choice, Dist, Uniform
from sim.family import Draws, quantity, register
from sim.family.drivers import standing_gap, standstill_gap
from sim.family.town import STEADY, TOWN, InTown, oncoming, stop_distance, two_way
from sim.family.traffic import traffic
from sim.world.scene import Scene

BESIDE_MPS2 = 2.0
"""Braking of the fronts of the lanes beside, whose queues are as far away (engineering)."""


@register("red_queue")
class RedQueue(InTown):
    """The ego rolls up to the queue at a red light, alone or behind others.

    Dangerous is how late people brake there: they come at 3 to 8 m/s, and at two seconds from
    the last bumper there is no time left for a look aside.

        lane 2     [5]    [6]    [7]  ->
        lane 1   [4] [ego]    [1]            [2][3]   (standing)
        lane 0     [8]    [9]    [10] ->
    """

    tags = (*TOWN, "queue", "signals")
    danger = (0.6, 0.95)
    crashes = "26 lead vehicle stopped (its share stands with queue_tail)"

    speed: Dist = quantity(
        Uniform(2.5, 12.0),
        unit="mps",
        source="of those who come, up to 43 km/h",
        status="engineering",
        measured="following_speed",
    )
    tail: Dist = quantity(
        Choice((1, 2, 3), (0.4, 0.4, 0.2)),
        unit="count",
        source="which of the leaders is last in the queue, 1 the nearest",
        status="engineering",
    )
    approach: Dist = quantity(
        Uniform(4.5, 11.0),
        unit="s",
        source="time to collision with the tail at the start, for the one that meets it",
        status="engineering",
    )
    green: Dist = quantity(
        Uniform(0.5, 12.0),
        unit="s",
        source="until the front of the queue sets off again",
        status="engineering",
    )

    def build(self, draws: Draws) -> Scene:
        gaps, speeds = {}, {}
        for k in (1, 2, 3):
            usual = standing_gap(draws, k - 1, draws.speed)
            far = draws.speed * draws.approach + standstill_gap(draws, k - 1)
            cases = [draws.tail > k, draws.tail == k]
            gaps[k] = np.select(cases, [usual, far], standstill_gap(draws, k - 1))
            speeds[k] = np.where(draws.tail > k, draws.speed, 0.0)
        road = traffic(
            draws, draws.speed, lead_gaps=gaps, lead_speeds=speeds, road=two_way(), **STEADY
        )
        stops = np.maximum(
            draws.approach - stop_distance(draws.speed, BESIDE_MPS2) / draws.speed, 0.5
        )
        for front in (road.left[0], road.right[0]):
            road.scene.when(front, time_s=stops).brake(BESIDE_MPS2, down_to=0.0)
        for front in road.fronts:
            road.scene.when(front, time_s=np.maximum(draws.green, stops + 0.5)).speed(
                draws.speed, accel=draws.accel_max[:, 3]
            )
        oncoming(road.scene, draws, road.ego)
        return road.scene
