"""highway-env, its simulation alone.

What it does: its own IDM vehicles with MOBIL, which each of them considers once a second (ours
consider it at every step), kinematic bicycles under a steering controller, collisions of boxes
for all pairs. What it is spared: observation, reward, gymnasium's step, rendering and history.
"""

from __future__ import annotations

import numpy as np
from highway_env.road.road import Road, RoadNetwork
from highway_env.vehicle.behavior import IDMVehicle

from tools.bench.traffic import DT_S, LANES, ROAD_M, STEPS, cars
from tools.bench.worker import Clock, Job, serve


def make_road(vehicles: int, seed: int) -> Road:
    """The traffic on a straight road; lane 0 is the left one here, which changes nothing."""
    network = RoadNetwork.straight_road_network(LANES, length=ROAD_M, speed_limit=60.0)
    road = Road(network, np_random=np.random.RandomState(seed), record_history=False)
    for car in cars(vehicles, seed):
        at = network.get_lane(("0", "1", car.lane)).position(car.s, 0.0)
        road.vehicles.append(IDMVehicle(road, at, speed=car.speed, target_speed=car.desired_speed))
    return road


def plain(vehicles: int) -> Job:
    """Agent-steps of one run of 20 s."""

    def job(clock: Clock) -> float:
        road = make_road(vehicles, seed=0)
        with clock:
            for _ in range(STEPS):
                road.act()
                road.step(DT_S)
        if any(v.position[0] > ROAD_M for v in road.vehicles):
            raise RuntimeError("vehicles have left the road")
        return STEPS * len(road.vehicles)

    return job


if __name__ == "__main__":
    serve({"plain 20": lambda: plain(20)})
