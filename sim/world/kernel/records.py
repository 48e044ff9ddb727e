"""What the kernel works on: one record a user, an order, a part of a road and a scenario.

The shell's struct of arrays is packed into records, so that everything about a user lies
within some 80 numbers side by side and 20 users stay in L1, and a law reads as it is written:
`idm(u.speed, gap, lead.speed, u.desired_speed, ...)`.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, purpose
from sim.base.soa import Soa
from sim.laws.friction import GRAVITY
from sim.world.drivers import INTEGER, Drivers
from sim.world.episode import Episode
from sim.world.road import Areas, Blocks, Courses, Lanes, Links, Pieces, Road, Signals, Zones
from sim.world.script import Script, Trigger
from sim.world.state import Users

Records = NDArray[Any]

ABSENT, WAITING, ALIVE, GONE = 0, 1, 2, 3
LOGGED = 6  # x, y, yaw, speed, accel, lane

CONTACT = ("contact_s", "contact_x", "contact_y", "delta_v", "impact_speed")
CLOSENESS = ("min_ttc", "max_drac", "min_pet")

_WHOLE = INTEGER | {
    *("course", "lane", "kind", "present"),  # of users
    *("actor", "other", "trigger", "action"),  # of orders
    *("onto", "lane_shift", "rule", "rival", "rival_lane"),  # of roads
}


def _columns(cls: type[Soa]) -> list[tuple[str, str]]:
    return [(f.name, "i8" if f.name in _WHOLE else "f8") for f in fields(cls)]


def _named(kind: str, names: str) -> list[tuple[str, str]]:
    return [(name, kind) for name in names.split()]


USER = np.dtype(
    _columns(Users)
    + _columns(Drivers)
    # pose in the plane now and at the beginning of the step; speed along the heading
    + _named("f8", "x y yaw accel old_x old_y old_yaw old_speed old_s")
    # the same seen from the course: left of its line, heading against it, on which piece
    + _named("f8", "side slant across_speed yaw_rate")
    + _named("i8", "piece status since target centre lowest highest")
    # neighbours by slot, -1 none: ahead, behind, and the same in the lanes beside; and where
    # their centres are along this user's own course
    + _named("i8", "lead back left_lead left_back right_lead right_back")
    + _named("f8", "lead_s back_s left_lead_s left_back_s right_lead_s right_back_s")
    # what the law asks for: knowing all at once, and as perceived
    # who changes lanes also has a leader in the lane that it is still in
    + _named("i8", "old_lead")
    + _named("f8", "old_gap")
    + _named("f8", "gap informed_accel law_accel desired changed_s")
    # lines to stop at: red signals by number, conflict areas by distance; who is in the way
    + _named("i8", "stop_line holding threat hurries keeps_lane")
    + _named(
        "f8", "hold_gap threat_gap threat_s accepted_s stopped_s stopped_m stop_until aeb_decel"
    )
    # orders: along the road `final` is reached at `order_accel` and held
    + _named("i8", "ordered changing due collided")
    + _named("f8", "order_accel final order_lateral slide_x slide_y")
    # attention
    + _named("i8", "lapse_count lapsed seen_lead")
    + _named("f8", "lapse_from lapse_to seen_at seen_rear seen_speed seen_accel")
    + _named("f8", "speed_drift accel_drift sway")
    + _named("u8", "speed_key accel_key sway_key lapse_key")
    + _named("u8", "notice_key")
    + _named("i8", "waits_for")
    + _named("f8", "moved_s moved_m threat_at")  # last set out from a stand; area of the threat
    # how close it came; when, and with whom by slot, -1 nobody
    + _named("f8", "min_ttc max_drac min_pet")
    + _named("f8", "min_ttc_at max_drac_at min_pet_at")
    + _named("i8", "min_ttc_with max_drac_with min_pet_with")
    + _named("f8", "contact_s contact_x contact_y delta_v impact_speed")
    + _named("i8", "contact_side struck_by")
)

ORDER = np.dtype(_columns(Script) + _named("f8", "fire_at") + _named("i8", "state"))
IDLE, PENDING, DONE = 0, 1, 2

ROAD = np.dtype(_named("f8", "grip") + _named("i8", "plain"))
COURSE = np.dtype(_columns(Courses))
PIECE = np.dtype(_columns(Pieces))
LANE = np.dtype(_columns(Lanes))
ZONE = np.dtype(_columns(Zones))
SIGNAL = np.dtype(_columns(Signals))
LINK = np.dtype(_columns(Links))
AREA = np.dtype(_columns(Areas) + _named("i8", "twin"))
BLOCK = np.dtype(_columns(Blocks))
RUN = np.dtype(_named("i8", "alive due next road") + _named("f8", "longest"))
SEAT = np.dtype(_named("i8", "slot shift") + _named("f8", "s"))


class Way(NamedTuple):
    """The road of one scenario as records, or those of all with one more axis in front.

    Attributes:
        road: `ROAD`; `plain` when it has one straight course along x: s is x, and d is y.
        courses: (C,) `COURSE`.
        pieces: (C, P) `PIECE`.
        lanes: (C, L) `LANE`.
        zones: (C, Z) `ZONE`.
        signals: (C, K) `SIGNAL`.
        links: (J,) `LINK`.
        areas: (A,) `AREA`, by course, then along it.
        blocks: (Q,) `BLOCK`.
    """

    road: Any
    courses: Records
    pieces: Records
    lanes: Records
    zones: Records
    signals: Records
    links: Records
    areas: Records
    blocks: Records


class Cast(NamedTuple):
    """Everything of one scenario that changes in a run, or those of all scenarios.

    Attributes:
        users: (N,) `USER`.
        run: `RUN`.
        order: (N,) slots of those alive by x, the furthest first.
        along: (N,) the same by s, whatever the course.
        queue: (N,) slots of those to come, by time, then -1.
        orders: (M,) `ORDER`.
        line: (N, H, 4) delay lines.
        scratch: (2 + C, L) by lane, and from row 2 on by course and lane.
        seats: (C, N) `SEAT`: who is on a course, be it by a link, front to back.
        seated: (C,) how many.
    """

    users: Records
    run: Any
    order: NDArray[np.int64]
    along: NDArray[np.int64]
    queue: NDArray[np.int64]
    orders: Records
    line: NDArray[np.float64]
    scratch: NDArray[np.int64]
    seats: Records
    seated: NDArray[np.int64]


def pack_users(episode: Episode) -> Records:
    """The users at the start, (B, N); nobody has entered yet."""
    users = np.zeros(episode.users.shape, USER)
    for name, column in (episode.users.columns() | episode.drivers.columns()).items():
        users[name] = column
    users["status"] = np.where(episode.users.present, WAITING, ABSENT)
    for name in CLOSENESS:
        users[name], users[f"{name}_at"], users[f"{name}_with"] = np.nan, np.nan, -1
    for name in CONTACT:
        users[name] = np.nan
    users["struck_by"] = -1
    users["waits_for"] = -1
    for name in ("speed", "accel", "sway", "lapse", "notice"):
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


def pack_road(road: Road) -> Way:
    """Every road, (R, ...)."""
    roads = np.zeros(len(road), ROAD)
    roads["grip"] = GRAVITY * road.friction
    roads["plain"] = _is_plain(road)
    return Way(
        road=roads.view(np.recarray),
        courses=_filled(COURSE, road.courses),
        pieces=_filled(PIECE, road.pieces),
        lanes=_filled(LANE, road.lanes),
        zones=_filled(ZONE, road.zones),
        signals=_filled(SIGNAL, road.signals),
        links=_filled(LINK, road.links),
        areas=_sorted_areas(_filled(AREA, road.areas)),
        blocks=_filled(BLOCK, road.blocks),
    )


def _is_plain(road: Road) -> NDArray[np.bool_]:
    pieces = road.pieces
    if pieces.s.shape[1:] != (1, 1):
        return np.zeros(len(road), np.bool_)
    parts = [pieces.s, pieces.x, pieces.y, pieces.heading, pieces.curvature]
    plain: NDArray[np.bool_] = np.all([part[:, 0, 0] == 0.0 for part in parts], axis=0)
    return plain


def _sorted_areas(areas: Records) -> Records:
    """By course, then along it, each with the place of the same area's other side."""
    if not areas.size:
        return areas
    order = np.lexsort((areas["start"], areas["course"]), axis=-1)
    areas = np.take_along_axis(areas, order, axis=1)
    mine, other = areas[:, :, None], areas[:, None, :]
    same = np.ones(mine.shape[:2] + other.shape[2:], np.bool_)
    for one, two in _SIDES:
        same &= (mine[one] == other[two]) & (mine[two] == other[one])
    areas["twin"] = np.where(same.any(axis=2), same.argmax(axis=2), -1)
    return areas.view(np.recarray)


_SIDES = (
    ("course", "rival"),
    ("lane", "rival_lane"),
    ("start", "rival_start"),
    ("end", "rival_end"),
)


def pack_runs(episode: Episode) -> Records:
    """One record a scenario, (B,), before its first step."""
    runs = np.zeros(len(episode), RUN)
    runs["road"] = episode.road_index
    return runs.view(np.recarray)


def _filled(dtype: np.dtype[Any], columns: Soa) -> Records:
    parts = columns.columns()
    records = np.zeros(next(iter(parts.values())).shape, dtype)
    for name, column in parts.items():
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
