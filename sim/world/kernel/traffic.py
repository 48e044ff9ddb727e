"""Who is where among the others: order along the road, lanes covered, neighbours, entering."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit
from sim.world.kernel.records import GONE

NOTICE_M = 0.1  # a box that is this far into a lane is in it for those who drive there
WRECK_S = 60.0  # who has stood this long after a contact is towed away


@njit
def drop_gone(users: Any, order: Any, alive: int, length: float, t: float) -> int:
    """Take out of the order who passed the road's end or was towed; how many are left."""
    kept = 0
    for k in range(alive):
        u = users[order[k]]
        towed = u.collided == 1 and u.speed == 0.0 and t - u.contact_s > WRECK_S
        if u.s > length or towed:
            u.status = GONE
        else:
            order[kept] = order[k]
            kept += 1
    return kept


@njit
def sort_order(users: Any, order: Any, alive: int) -> None:
    """Keep the order front to back; by insertion, since it hardly changes in a step."""
    for k in range(1, alive):
        i = order[k]
        s = users[i].s
        j = k - 1
        while j >= 0 and users[order[j]].s < s:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = i


@njit
def cover(u: Any, lanes: Any) -> None:
    """Which lanes the centre and the box are in."""
    u.centre = u.target
    u.lowest = u.target
    u.highest = u.target
    lane = lanes[u.target]
    half = 0.5 * u.width + 0.5 * u.length * min(abs(u.yaw), 1.0)
    if abs(u.y - lane.y) + half <= 0.5 * lane.width + NOTICE_M:
        return
    nearest = math.inf
    u.lowest = len(lanes)
    u.highest = -1
    for number in range(len(lanes)):
        lane = lanes[number]
        away = abs(u.y - lane.y)
        if away < nearest:
            nearest = away
            u.centre = number
        if away < 0.5 * lane.width + half - NOTICE_M:
            u.lowest = min(u.lowest, number)
            u.highest = max(u.highest, number)
    if u.highest < 0:
        u.lowest = u.centre
        u.highest = u.centre


@njit
def nearer(users: Any, first: int, second: int) -> int:
    """Of two users ahead (-1 none), the one further back."""
    if first < 0 or (second >= 0 and users[second].s < users[first].s):
        return second
    return first


@njit
def find_neighbours(users: Any, order: Any, alive: int, lanes: Any, last: Any, claim: Any) -> None:
    """Leaders front to back, then followers back to front: two passes, no pairs.

    Ahead counts whose box is in a lane that the own box is in or makes for, and who signals
    that it makes for it. In the lanes beside counts all who make for them.

    Args:
        users: Records of one scenario.
        order: Slots, front to back.
        alive: How many of them.
        lanes: Records of the road.
        last: Scratch, the last box passed in each lane.
        claim: Scratch, the same with those who make for the lane.
    """
    count = len(lanes)
    last[:] = -1
    claim[:] = -1
    for k in range(alive):
        i = order[k]
        u = users[i]
        cover(u, lanes)
        lead = last[u.target]
        for number in range(u.lowest, u.highest + 1):
            lead = nearer(users, lead, last[number])
        u.lead = lead
        u.gap = math.inf
        if lead >= 0:
            ahead = users[lead]
            u.gap = ahead.s - u.s - 0.5 * (ahead.length + u.length)
        u.left_lead = claim[u.target + 1] if u.target + 1 < count else -1
        u.right_lead = claim[u.target - 1] if u.target > 0 else -1
        for number in range(u.lowest, u.highest + 1):
            last[number] = i
            claim[number] = i
        claim[u.target] = i
        if u.signals == 1 and u.order_lateral == 0.0:
            last[u.target] = i
    claim[:] = -1
    for k in range(alive - 1, -1, -1):
        i = order[k]
        u = users[i]
        u.back = claim[u.target]
        u.left_back = claim[u.target + 1] if u.target + 1 < count else -1
        u.right_back = claim[u.target - 1] if u.target > 0 else -1
        for number in range(u.lowest, u.highest + 1):
            claim[number] = i
        claim[u.target] = i
