"""What the kernel works on: one record a user, an order, a road and a scenario.

The shell's struct of arrays is packed into records, so that everything about a user lies
within some 80 numbers side by side and 20 users stay in L1, and a law reads as it is written:
`idm(u.speed, gap, lead.speed, u.desired_speed, ...)`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, purpose
from sim.base.soa import Soa
from sim.world.drivers import INTEGER, Drivers
from sim.world.episode import Episode
from sim.world.road import Road
from sim.world.script import Script, Trigger
from sim.world.state import Users

Records = NDArray[Any]

ABSENT, WAITING, ALIVE, GONE = 0, 1, 2, 3
LOGGED = 6  # s, d, yaw, speed, accel, lane

_WHOLE = INTEGER | {"lane", "kind", "present", "actor", "other", "trigger", "action"}


def _columns(cls: type[Soa]) -> list[tuple[str, str]]:
    return [(f.name, "i8" if f.name in _WHOLE else "f8") for f in fields(cls)]


def _named(kind: str, names: str) -> list[tuple[str, str]]:
    return [(name, kind) for name in names.split()]


USER = np.dtype(
    _columns(Users)
    + _columns(Drivers)
    # pose now and at the beginning of the step, what was done in the last step
    + _named("f8", "y yaw accel old_s old_y old_yaw old_speed")
    + _named("i8", "status since target centre lowest highest")
    # neighbours by slot, -1 none: ahead, behind, and the same in the lanes beside
    + _named("i8", "lead back left_lead left_back right_lead right_back")
    # what the law asks for: knowing all at once, and as perceived
    + _named("f8", "gap informed_accel law_accel desired changed_s")
    + _named("i8", "stop_line")
    # orders: along the road `final` is reached at `order_accel` and held
    + _named("i8", "ordered changing due collided")
    + _named("f8", "order_accel final order_lateral")
    # attention
    + _named("i8", "lapse_count lapsed seen_lead")
    + _named("f8", "lapse_from lapse_to seen_at seen_rear seen_speed")
    + _named("f8", "speed_drift accel_drift sway")
    + _named("u8", "speed_key accel_key sway_key lapse_key")
    + _named("f8", "min_ttc max_drac contact_s delta_v")
    + _named("i8", "struck_by")
)

ORDER = np.dtype(_columns(Script) + _named("f8", "fire_at") + _named("i8", "state"))
IDLE, PENDING, DONE = 0, 1, 2

ROAD = np.dtype(_named("f8", "length speed_limit"))
LANE = np.dtype(_named("f8", "y width start end"))
ZONE = np.dtype(_named("f8", "start end limit"))
STOP = np.dtype(_named("f8", "s cycle green offset"))
RUN = np.dtype(_named("i8", "alive due next road") + _named("f8", "longest"))


def pack_users(episode: Episode) -> Records:
    """The users at the start, (B, N); nobody has entered yet."""
    users = np.zeros(episode.users.shape, USER)
    for name, column in (episode.users.columns() | episode.drivers.columns()).items():
        users[name] = column
    users["status"] = np.where(episode.users.present, WAITING, ABSENT)
    for name in ("min_ttc", "max_drac", "contact_s", "delta_v"):
        users[name] = np.nan
    users["struck_by"] = -1
    for name in ("speed", "accel", "sway", "lapse"):
        users[f"{name}_key"] = _keys(episode, name)
    return users.view(np.recarray)


def pack_orders(script: Script) -> Records:
    """The orders, (B, M), none given yet; those by time already know when."""
    orders = np.zeros(script.actor.shape, ORDER)
    for name, column in script.columns().items():
        orders[name] = column
    by_time = script.trigger == Trigger.TIME
    orders["fire_at"] = np.where(by_time, script.threshold + script.delay_s, np.inf)
    return orders.view(np.recarray)


def pack_road(road: Road) -> tuple[Records, Records, Records, Records]:
    """Roads (R,), lanes (R, L), zones (R, Z) and stop lines (R, K)."""
    return (
        _filled(ROAD, length=road.length, speed_limit=road.speed_limit),
        _filled(
            LANE, y=road.lane_y, width=road.lane_width, start=road.lane_start, end=road.lane_end
        ),
        _filled(ZONE, start=road.zone_start, end=road.zone_end, limit=road.zone_limit),
        _filled(
            STOP,
            s=road.stop_s,
            cycle=road.stop_cycle,
            green=road.stop_green,
            offset=road.stop_offset,
        ),
    )


def pack_runs(episode: Episode) -> Records:
    """One record a scenario, (B,), before its first step."""
    runs = np.zeros(len(episode), RUN)
    runs["road"] = episode.road_index
    return runs.view(np.recarray)


def _filled(dtype: np.dtype[Any], **columns: NDArray[np.float64]) -> Records:
    first = next(iter(columns.values()))
    records = np.zeros(first.shape, dtype)
    for name, column in columns.items():
        records[name] = column
    return records.view(np.recarray)


def _keys(episode: Episode, name: str) -> NDArray[np.uint64]:
    """Keys of one purpose's streams, (B, N): seed, purpose, episode, actor folded in turn."""
    keys = np.empty(episode.users.shape, np.uint64)
    seed, about = np.uint64(episode.seed % 2**64), np.uint64(purpose(name))
    _fold_keys(seed, about, episode.episode_id.astype(np.uint64), keys)
    return keys


@njit
def _fold_keys(
    seed: np.uint64, about: np.uint64, episode: NDArray[np.uint64], keys: NDArray[np.uint64]
) -> None:
    for b in range(keys.shape[0]):
        key = mix(mix(seed, about), episode[b])
        for i in range(keys.shape[1]):
            keys[b, i] = mix(key, np.uint64(i))
