"""The scenes in the pictures of the pages: one of each kind of road."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from sim.world.road import (
    crosswalk,
    curved,
    junction,
    junction_course,
    lane_drop,
    on_ramp,
    roundabout,
    roundabout_course,
    straight,
    two_phases,
)
from sim.world.rollout import simulate
from sim.world.scene import Scene
from tools.docs.draw import Picture


def shot(scene: Scene, t_s: float) -> pd.DataFrame:
    """Everybody at a time."""
    tracks = simulate(scene.episode(seed=1), seconds=t_s).tracks
    now: pd.DataFrame = tracks[tracks["frame"] == tracks["frame"].max()]
    return now


def straight_road() -> Picture:
    """A queue at a signal and who comes to it."""
    road = straight(lanes=3, stops=[(130.0, 60.0, 20.0, 20.0)], amber=3.0)
    scene = Scene(1, road)
    scene.car(lane=1, s=22.0, speed=13.0, desired_speed=14.0, changes_lanes=0)
    scene.car(lane=1, s=100.0, speed=10.0, desired_speed=14.0, changes_lanes=0)
    scene.truck(lane=0, s=84.0, speed=10.0, desired_speed=12.0, changes_lanes=0)
    scene.car(lane=2, s=60.0, speed=14.0, desired_speed=14.0, changes_lanes=0)
    scene.motorcycle(lane=2, s=104.0, speed=10.0, desired_speed=14.0, changes_lanes=0)
    title = "straight(lanes=3, stops=[(130, 60, 20, 20)])"
    return Picture(road, shot(scene, 5.0), (20.0, -6.0, 160.0, 14.0), title, labels={0: "ego"})


def bend() -> Picture:
    """Four in a bend."""
    road = curved(lanes=2, curvature=0.014, angle=1.2, clothoid=40.0, approach=60.0, departure=80.0)
    scene = Scene(1, road)
    scene.car(lane=0, s=30.0, speed=15.0)
    scene.truck(lane=0, s=70.0, speed=15.0, desired_speed=15.0)
    scene.car(lane=1, s=50.0, speed=17.0, desired_speed=19.0)
    scene.motorcycle(lane=1, s=110.0, speed=17.0, desired_speed=19.0)
    title = "curved(lanes=2, curvature=0.014, angle=1.2, clothoid=40)"
    return Picture(road, shot(scene, 3.0), (40.0, -10.0, 170.0, 50.0), title, labels={0: "ego"})


def drop() -> Picture:
    """A lane ends on the right."""
    road = lane_drop(lanes=3, approach=200.0, departure=200.0, zone=25.0)
    scene = Scene(1, road)
    scene.car(lane=0, s=90.0, speed=24.0, desired_speed=25.0)
    scene.car(lane=1, s=120.0, speed=22.0, desired_speed=25.0)
    scene.car(lane=1, s=66.0, speed=23.0, desired_speed=25.0)
    scene.truck(lane=1, s=175.0, speed=21.0, desired_speed=22.0)
    scene.car(lane=2, s=100.0, speed=26.0, desired_speed=28.0)
    title = "lane_drop(lanes=3, approach=200)"
    return Picture(road, shot(scene, 2.4), (110.0, -6.0, 250.0, 14.0), title, labels={0: "ego"})


def ramp() -> Picture:
    """Somebody merges."""
    road = on_ramp(lanes=2, merge=150.0, acceleration=150.0, departure=150.0)
    scene = Scene(1, road)
    scene.car(course=1, lane=0, s=195.0, speed=20.0, desired_speed=28.0)
    scene.truck(course=0, lane=1, s=150.0, speed=22.0, desired_speed=23.0)
    scene.car(course=0, lane=1, s=105.0, speed=25.0, desired_speed=30.0)
    scene.car(course=0, lane=2, s=125.0, speed=29.0, desired_speed=32.0)
    scene.car(course=0, lane=1, s=215.0, speed=24.0, desired_speed=28.0)
    title = "on_ramp(lanes=2, merge=150, acceleration=150)"
    return Picture(road, shot(scene, 2.4), (80.0, -24.0, 260.0, 16.0), title, labels={0: "ego"})


def zebra() -> Picture:
    """Somebody steps out between parked cars."""
    road = crosswalk(lanes=1, opposite=1, at=100.0)
    scene = Scene(1, road)
    scene.car(s=62.0, speed=11.0, desired_speed=13.9)
    scene.parked(s=93.0, d=-2.9)
    scene.parked(s=87.0, d=-2.9)
    scene.car(course=1, s=44.0, speed=12.0, desired_speed=13.9)
    scene.pedestrian(course=2, s=2.6)
    scene.bicycle(s=40.0, d=-1.0, clearance_m=0.5)
    title = "crosswalk(lanes=1, opposite=1, rule='zebra')"
    labels = {0: "ego", 4: "on foot"}
    return Picture(road, shot(scene, 2.2), (50.0, -10.0, 150.0, 14.0), title, (2, 3), labels)


def t_junction() -> Picture:
    """Who comes from the minor road waits."""
    blocks = [(-15.0, -19.0, 0.0, 14.0, 14.0), (17.0, -19.0, 0.0, 16.0, 12.0)]
    road = junction(arms=3, control="yield", blocks=blocks)
    scene = Scene(1, road)
    scene.car(course=junction_course(1, "left", arms=3), s=118.0, speed=9.0, desired_speed=12.0)
    scene.car(course=junction_course(0, "straight", arms=3), s=108.0, speed=12.0)
    scene.car(course=junction_course(2, "straight", arms=3), s=116.0, speed=12.0)
    scene.truck(course=junction_course(2, "left", arms=3), s=92.0, speed=9.0, desired_speed=10.0)
    title = "junction(arms=3, control='yield', ...)"
    return Picture(road, shot(scene, 4.0), (-50.0, -32.0, 50.0, 12.0), title, labels={0: "ego"})


def crossing() -> Picture:
    """Two lanes, signals and crosswalks."""
    signals = two_phases(cycle=60.0, green=25.0, offset=-22.0)
    road = junction(
        main_lanes=2, control="signals", signals=signals, crosswalk_width=3.5, left_radius=16.0
    )
    scene = Scene(1, road)
    stay = {"changes_lanes": 0}
    scene.car(course=junction_course(0, "left"), lane=1, s=135.0, speed=8.0, **stay)
    scene.car(course=junction_course(0, "straight"), lane=0, s=145.0, speed=11.0, **stay)
    scene.car(course=junction_course(2, "straight"), lane=1, s=146.0, speed=12.0, **stay)
    scene.truck(course=junction_course(2, "straight"), lane=0, s=110.0, speed=11.0, **stay)
    scene.car(course=junction_course(1, "straight"), s=120.0, speed=9.0)
    scene.car(course=junction_course(1, "right"), s=105.0, speed=9.0)
    scene.car(course=junction_course(3, "left"), s=128.0, speed=9.0)
    scene.bicycle(course=junction_course(2, "right"), s=140.0)
    scene.pedestrian(course=12 + 2, s=5.0)
    scene.pedestrian(course=12 + 7, s=4.0)
    scene.pedestrian(course=12 + 1, s=4.0)
    title = "junction(main_lanes=2, control='signals', ...)"
    walks = tuple(range(12, 20))
    return Picture(road, shot(scene, 4.0), (-50.0, -34.0, 50.0, 34.0), title, walks, {0: "ego"})


def ring() -> Picture:
    """Who enters yields to the ring."""
    road = roundabout(arms=4)
    scene = Scene(1, road)
    scene.car(course=roundabout_course(0, 2), s=112.0, speed=9.0)
    scene.car(course=roundabout_course(3, 1), s=130.0, speed=7.0)
    scene.truck(course=roundabout_course(2, 0), s=100.0, speed=8.0)
    scene.car(course=roundabout_course(1, 3), s=105.0, speed=8.0)
    scene.motorcycle(course=roundabout_course(3, 2), s=108.0, speed=8.0)
    title = "roundabout(arms=4)"
    return Picture(road, shot(scene, 3.0), (-55.0, -36.0, 55.0, 36.0), title, labels={0: "ego"})


PICTURES: dict[str, Callable[[], Picture]] = {
    "road_straight": straight_road,
    "road_curved": bend,
    "road_lane_drop": drop,
    "road_on_ramp": ramp,
    "road_crosswalk": zebra,
    "road_t_junction": t_junction,
    "road_junction": crossing,
    "road_roundabout": ring,
}
"""By the picture's name in docs/."""
