"""The object lists of all sensors of an outfit, each of the world as old as its report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.sensing.around import room_for
from sim.sensing.bind import camera_of, cloud_of, radar_of
from sim.sensing.camera import camera_lists
from sim.sensing.cloud import cloud_lists, room_to_turn
from sim.sensing.confusion import naming
from sim.sensing.lists import Detections, Lists, with_late
from sim.sensing.radar import object_lists
from sim.sensing.settings import SensorSettings
from sim.sensing.static import Static
from sim.sensing.sweep import beams_of
from sim.sensing.traffic import Traffic, delayed, traffic_of
from sim.world.rows import Rows

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


class World(NamedTuple):
    """What there is to be sensed.

    Attributes:
        now: All rows as they are.
        past: The same by latency [s], as far as some sensor has it.
        static: What stands beside the road.
        most: Road users in the fullest frame.
    """

    now: Traffic
    past: Mapping[float, Traffic]
    static: Static
    most: int


class Egos(NamedTuple):
    """Rows that look (E,), the random key of each one's ego, and that of ego and frame."""

    row: Ints
    key: Keys
    row_key: Keys


def world_of(
    rows: Rows, speed: NDArray[np.float64], settings: SensorSettings, static: Static
) -> World:
    """The rows with filtered speeds (R,) [m/s], at all ages that an outfit needs."""
    now = traffic_of(rows, speed)
    ages = {settings.latency_s, settings.lidar_latency_s}
    ages |= {part.latency_s for part in (settings.camera, settings.cloud) if part.on}
    past = {age: delayed(now, rows.before, age) for age in ages}
    return World(now, past, static, int(np.diff(rows.start).max(initial=1)))


def by_radar(world: World, egos: Egos, settings: SensorSettings, keep_missed: bool) -> Lists:
    """The radar's lists; their values have no width."""
    then, around = world.past[settings.latency_s], room_for(world.most)
    radar = radar_of(settings)
    lists = object_lists(*egos, then, world.static, around, radar, keep_missed)
    return _with_late(world, egos, then, lists, radar.range_max, keep_missed)


def by_camera(
    world: World, egos: Egos, settings: SensorSettings, keep_missed: bool
) -> Detections | None:
    """The camera's lists, None without one."""
    own = settings.camera
    if not own.on:
        return None
    then, around = world.past[own.latency_s], room_for(world.most)
    camera, names = camera_of(settings), naming(own.confusion)
    lists = camera_lists(*egos, then, world.static, around, camera, names, keep_missed)
    return Detections.of(_with_late(world, egos, then, lists, camera.range_max, keep_missed))


def by_cloud(
    world: World, egos: Egos, settings: SensorSettings, keep_missed: bool
) -> Detections | None:
    """The lidar's lists, None without one."""
    own = settings.cloud
    if not own.on:
        return None
    then, around = world.past[own.latency_s], room_for(world.most)
    cloud = cloud_of(settings)
    middle = (2.0 * np.arange(own.beams) + 1.0) / own.beams - 1.0
    beams, _ = beams_of(cloud.half_view * middle)
    turn = room_to_turn(own.beams, around, world.static)
    lists = cloud_lists(*egos, then, world.static, around, cloud, beams, turn, keep_missed)
    return Detections.of(_with_late(world, egos, then, lists, cloud.range_max, keep_missed))


def _with_late(
    world: World, egos: Egos, then: Traffic, lists: Lists, reach: float, keep_missed: bool
) -> Lists:
    if not keep_missed or then is world.now:
        return lists
    return with_late(lists, egos.row, then, world.now, room_for(world.most), reach)
