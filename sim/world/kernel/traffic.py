"""Who is where among the others: order along the road, lanes covered, neighbours."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined
from sim.world.kernel.locate import shares
from sim.world.kernel.records import GONE, Cast, Way

NOTICE_M = 0.1  # a box that is this far into a lane is in it for those who drive there
WRECK_S = 60.0  # who has stood this long after a contact is towed away


@njit_inlined
def drop_gone(cast: Cast, way: Way, t: float) -> None:
    """Take out of the orders who left: past the road's end, by the clock, or towed."""
    users, run = cast.users, cast.run
    kept = 0
    for k in range(run.alive):
        i = cast.order[k]
        u = users[i]
        towed = u.collided == 1 and u.speed == 0.0 and t - u.contact_s > WRECK_S
        if u.s > way.courses[u.course].length or towed or t >= u.leave_s:
            u.status = GONE
        else:
            cast.order[kept] = i
            kept += 1
    if kept < run.alive and way.road.plain == 0:
        still = 0
        for k in range(run.alive):
            i = cast.along[k]
            if users[i].status != GONE:
                cast.along[still] = i
                still += 1
    run.alive = kept


@njit_inlined
def sort_users(cast: Cast, way: Way) -> None:
    """Keep both orders; by insertion, since they hardly change in a step."""
    users, order = cast.users, cast.order
    for k in range(1, cast.run.alive):
        i = order[k]
        x = users[i].x
        j = k - 1
        while j >= 0 and users[order[j]].x < x:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = i
    if way.road.plain == 1:
        return
    order = cast.along
    for k in range(1, cast.run.alive):
        i = order[k]
        s = users[i].s
        j = k - 1
        while j >= 0 and users[order[j]].s < s:
            order[j + 1] = order[j]
            j -= 1
        order[j + 1] = i


@njit_inlined
def cover(u: Any, way: Way) -> None:
    """Which lanes the centre and the box are in; none when it is beside the road."""
    lanes = way.lanes
    u.centre = u.target
    u.lowest = u.target
    u.highest = u.target
    lane = lanes[u.course, u.target]
    half = 0.5 * u.width + 0.5 * u.length * min(abs(u.slant), 1.0)
    if abs(u.side - lane.y) + half <= 0.5 * lane.width + NOTICE_M:
        return
    nearest = math.inf
    u.lowest = lanes.shape[1]
    u.highest = -1
    for number in range(lanes.shape[1]):
        lane = lanes[u.course, number]
        away = abs(u.side - lane.y)
        if lane.width > 0.0 and away < nearest:
            nearest = away
            u.centre = number
        if away < 0.5 * lane.width + half - NOTICE_M:
            u.lowest = min(u.lowest, number)
            u.highest = max(u.highest, number)


@njit_inlined
def makes_for_its_lane(u: Any) -> bool:
    """Whether the lane that is meant is, or will be, driven in: not so for the parked."""
    return bool(u.highest >= 0 or u.changing == 1)


@njit_inlined
def take_seat(cast: Cast, course: int, slot: int, s: float, shift: int) -> None:
    """Seat a user on a course, behind all who are further."""
    seats = cast.seats
    k = cast.seated[course]
    while k > 0 and seats[course, k - 1].s < s:
        behind = seats[course, k - 1]
        seats[course, k].slot = behind.slot
        seats[course, k].s = behind.s
        seats[course, k].shift = behind.shift
        k -= 1
    seats[course, k].slot = slot
    seats[course, k].s = s
    seats[course, k].shift = shift
    cast.seated[course] += 1


@njit_inlined
def seat_users(cast: Cast, way: Way) -> None:
    """Fill every course's seats, front to back, with its own users and those of its links."""
    users = cast.users
    plain = way.road.plain == 1
    cast.seated[:] = 0
    for k in range(cast.run.alive):
        i = cast.order[k] if plain else cast.along[k]
        u = users[i]
        take_seat(cast, u.course, i, u.s, 0)
        for j in range(len(way.links)):
            link = way.links[j]
            if shares(link, u):
                take_seat(cast, link.onto, i, u.s + link.shift, link.lane_shift)


@njit_inlined
def find_leaders(cast: Cast, way: Way, course: int) -> None:
    """Leaders of a course's own users and those in the lanes beside, front to back."""
    users, seats = cast.users, cast.seats
    # by lane, numbers of seats: the last box passed, and the last who makes for the lane
    last, claim = cast.scratch[0], cast.scratch[1]
    count = way.lanes.shape[1]
    last[:] = -1
    claim[:] = -1
    for k in range(cast.seated[course]):
        seat = seats[course, k]
        u = users[seat.slot]
        low, high = max(u.lowest + seat.shift, 0), min(u.highest + seat.shift, count - 1)
        target = u.target + seat.shift
        if u.course == course:
            lead = last[u.target]
            for number in range(low, high + 1):
                if last[number] > lead:  # the later seat is the nearer
                    lead = last[number]
            if u.clearance_m > 0.0:
                lead = nearest_in_path(cast, way, course, k)
            u.gap, u.lead, u.old_gap, u.old_lead = math.inf, -1, math.inf, -1
            own_will = u.changing == 1 and u.order_lateral == 0.0  # an order is obeyed as it is
            if own_will and low <= u.lane <= high and -1 < last[u.lane] < lead:
                ahead = seats[course, last[u.lane]]
                u.old_lead = ahead.slot
                u.old_gap = ahead.s - u.s - 0.5 * (users[ahead.slot].length + u.length)
            if lead >= 0:
                ahead = seats[course, lead]
                u.lead, u.lead_s = ahead.slot, ahead.s
                u.gap = ahead.s - u.s - 0.5 * (users[ahead.slot].length + u.length)
            u.left_lead, u.right_lead = -1, -1
            if u.target + 1 < count and claim[u.target + 1] >= 0:
                beside = seats[course, claim[u.target + 1]]
                u.left_lead, u.left_lead_s = beside.slot, beside.s
            if u.target > 0 and claim[u.target - 1] >= 0:
                beside = seats[course, claim[u.target - 1]]
                u.right_lead, u.right_lead_s = beside.slot, beside.s
        for number in range(low, high + 1):
            last[number] = k
            claim[number] = k
        if 0 <= target < count and makes_for_its_lane(u):
            claim[target] = k
            if u.signals == 1 and u.order_lateral == 0.0:
                last[target] = k


@njit_borrowing
def nearest_in_path(cast: Cast, way: Way, course: int, k: int) -> int:
    """The nearest seat ahead that a user cannot pass within its clearance, -1 none.

    Whose box is nearer than that, or who signals that it makes for the user's lane; not whom
    the user is beside already and passes: to brake then is to wait for what it is clear of.
    """
    users, seats = cast.users, cast.seats
    u = users[seats[course, k].slot]
    for j in range(k - 1, -1, -1):
        other = users[seats[course, j].slot]
        gap = seats[course, j].s - u.s - 0.5 * (other.length + u.length)
        if gap < 0.0 and u.speed > other.speed:
            continue
        side = other.side
        if other.course != course:  # sides are from each course's own line
            shift = seats[course, j].shift
            first = max(-shift, 0)
            side += way.lanes[course, first + shift].y - way.lanes[other.course, first].y
        reach = 0.5 * (other.width + u.width + other.length * min(abs(other.slant), 1.0))
        if abs(side - u.side) < reach + u.clearance_m:
            return j
        comes = other.changing == 1 and other.signals == 1 and other.order_lateral == 0.0
        if comes and other.target + seats[course, j].shift == u.target:
            return j
    return -1


@njit_inlined
def find_followers(cast: Cast, way: Way, course: int) -> None:
    """Followers of a course's own users in their lane and those beside, back to front."""
    users, seats = cast.users, cast.seats
    claim = cast.scratch[1]
    count = way.lanes.shape[1]
    claim[:] = -1
    for k in range(cast.seated[course] - 1, -1, -1):
        seat = seats[course, k]
        u = users[seat.slot]
        if u.course == course:
            u.back, u.left_back, u.right_back = -1, -1, -1
            if claim[u.target] >= 0:
                behind = seats[course, claim[u.target]]
                u.back, u.back_s = behind.slot, behind.s
            if u.target + 1 < count and claim[u.target + 1] >= 0:
                behind = seats[course, claim[u.target + 1]]
                u.left_back, u.left_back_s = behind.slot, behind.s
            if u.target > 0 and claim[u.target - 1] >= 0:
                behind = seats[course, claim[u.target - 1]]
                u.right_back, u.right_back_s = behind.slot, behind.s
        low, high = max(u.lowest + seat.shift, 0), min(u.highest + seat.shift, count - 1)
        for number in range(low, high + 1):
            claim[number] = k
        if 0 <= u.target + seat.shift < count and makes_for_its_lane(u):
            claim[u.target + seat.shift] = k


@njit_inlined
def find_neighbours(cast: Cast, way: Way) -> None:
    """Leaders and followers of everybody: two passes along each course, no pairs.

    Ahead counts whose box is in a lane that the own box is in or makes for, and who signals
    that it makes for it; for those who pass within the lane (`clearance_m`), whose box they
    would touch. In the lanes beside counts all who make for them.
    """
    for k in range(cast.run.alive):
        cover(cast.users[cast.order[k]], way)
    seat_users(cast, way)
    for course in range(way.courses.shape[0]):
        if cast.seated[course] > 0:
            find_leaders(cast, way, course)
            find_followers(cast, way, course)
