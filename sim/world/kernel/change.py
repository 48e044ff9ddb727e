"""Lane changes: because it pays (MOBIL), or because the lane ends."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.follow import FREE, WALK
from sim.laws.mobil import incentive, is_safe
from sim.world.kernel.drive import respond
from sim.world.kernel.notice import is_unnoticed
from sim.world.kernel.records import Way

SETTLED_M = 0.2  # nearer than this to the new lane's line: the change is over
MIRROR = 0.05  # overlooked before a change against at a junction: one looks twice (engineering)
ABORT_S = 1.5  # nearer in time than this, who comes from behind is let pass (engineering)
URGENCY = 1.0  # at the lane's very end twice the usual braking may be asked of others


@njit_inlined
def bumper_gap(ahead: Any, ahead_s: float, behind: Any, behind_s: float) -> float:
    """From the front of one to the rear of the other [m], with their places on one course."""
    return float(ahead_s - behind_s - 0.5 * (ahead.length + behind.length))


@njit_inlined
def may_decide(u: Any, t: float) -> bool:
    """Whether the driver is free to begin a change now."""
    return bool(
        u.changes_lanes == 1
        and u.law != FREE
        and u.law != WALK
        and u.ordered == 0
        and u.changing == 0
        and u.lapsed == 0
        and t - u.changed_s >= u.change_pause_s
    )


@njit_inlined
def lane_open(u: Any, lane: Any, remaining: float, must: bool) -> bool:
    """Whether the lane beside is there and leads on: further than this one if that ends."""
    if lane.start > u.s - 0.5 * u.length or lane.width <= 0.0:
        return False
    onward = lane.end - u.s
    return bool(onward > remaining if must else onward > u.merge_m)


@njit_inlined
def side_gain(
    users: Any,
    u: Any,
    lead: int,
    lead_s: float,
    back: int,
    back_s: float,
    old_loss: float,
    brake_safe: float,
) -> float:
    """MOBIL's gain from the lane with these neighbours [m/s²], -inf where it is not safe."""
    gap, lead_speed, lead_accel = math.inf, u.speed, 0.0
    if lead >= 0:
        ahead = users[lead]
        gap = bumper_gap(ahead, lead_s, u, u.s)
        lead_speed, lead_accel = ahead.speed, ahead.accel
    if gap <= 0.0:
        return -math.inf
    own_then = respond(u, gap, lead_speed, lead_accel)
    new_now, new_then = 0.0, 0.0
    if back >= 0:
        follower = users[back]
        room = bumper_gap(u, u.s, follower, back_s)
        if room <= 0.0:
            return -math.inf
        new_now = follower.informed_accel
        new_then = respond(follower, room, u.speed, u.accel)
    if not is_safe(new_then, own_then, brake_safe):
        return -math.inf
    own_now = u.informed_accel
    return incentive(own_now, own_then, new_now, new_then, old_loss, 0.0, u.politeness)


@njit_inlined
def old_follower_loss(users: Any, u: Any) -> float:
    """What the follower in the present lane suffers by this user, as `old_now - old_then`."""
    if u.back < 0 or u.politeness == 0.0:
        return 0.0
    follower = users[u.back]
    gap, lead_speed, lead_accel = math.inf, follower.speed, 0.0
    if u.lead >= 0:
        ahead = users[u.lead]
        gap = bumper_gap(ahead, u.lead_s, follower, u.back_s)
        lead_speed, lead_accel = ahead.speed, ahead.accel
    return float(follower.informed_accel - respond(follower, gap, lead_speed, lead_accel))


@njit_borrowing
def turns_back(users: Any, u: Any, way: Way, t: float) -> bool:
    """Whether a user notices late that the lane it makes for is taken, and gives up the change.

    Only while its box is still within the old lane, and only who may overlook others at all:
    all others have looked before.
    """
    if u.overlook_share <= 0.0 or u.changing == 0 or u.target == u.lane or u.order_lateral > 0.0:
        return False
    old = way.lanes[u.course, u.lane]
    shifted = abs(u.side - old.y) + 0.5 * u.width
    if shifted > 0.5 * old.width or old.end - u.s < u.merge_m:
        return False
    if u.back >= 0 and not is_unnoticed(u, users[u.back], u.back, t, 1.0):
        behind = users[u.back]
        room = bumper_gap(u, u.s, behind, u.back_s)
        if room <= (behind.speed - u.speed) * ABORT_S:
            return True
    return bool(u.lead >= 0 and bumper_gap(users[u.lead], u.lead_s, u, u.s) <= 0.0)


@njit_inlined
def decide(users: Any, i: int, way: Way, newest: Any, t: float) -> None:
    """Begin a lane change where MOBIL or the end of the lane asks for one.

    Args:
        users: Records of one scenario.
        i: The slot; called front to back.
        way: The road.
        newest: Scratch by lane: who last decided for it in this step. Everybody decides on
            the same picture, so two could take one gap from both sides.
        t: Now [s].
    """
    u = users[i]
    if turns_back(users, u, way, t):
        u.target = u.lane
        u.changed_s = t
        return
    if not may_decide(u, t):
        return
    lanes = way.lanes
    remaining = lanes[u.course, u.target].end - u.s
    must = remaining < u.merge_m
    if u.keeps_lane == 1 and not must:  # between lanes one would be in the way of both
        return
    brake_safe = u.brake_safe
    if must:
        brake_safe *= 1.0 + URGENCY * (1.0 - max(remaining, 0.0) / u.merge_m)
    loss = old_follower_loss(users, u)
    best, choice = -math.inf if must else u.change_threshold, -1
    for side in (-1, 1):
        number = u.target + side
        if number < 0 or number >= lanes.shape[1]:
            continue
        if not lane_open(u, lanes[u.course, number], remaining, must):
            continue
        lead, lead_s, back, back_s = u.right_lead, u.right_lead_s, u.right_back, u.right_back_s
        if side == 1:
            lead, lead_s, back, back_s = u.left_lead, u.left_lead_s, u.left_back, u.left_back_s
        rival = newest[number]
        if rival >= 0 and (lead < 0 or users[rival].s < lead_s):
            lead, lead_s = rival, users[rival].s
        beside = lead >= 0 and bumper_gap(users[lead], lead_s, u, u.s) <= 0.0
        if beside and is_unnoticed(u, users[lead], lead, t, MIRROR):
            lead = -1
        if back >= 0 and is_unnoticed(u, users[back], back, t, MIRROR):
            back = -1
        gain = side_gain(users, u, lead, lead_s, back, back_s, loss, brake_safe)
        gain -= side * u.keep_right
        if gain > best:
            best, choice = gain, number
    if choice >= 0:
        newest[choice] = i
        u.target = choice
        u.changing = 1
        u.changed_s = t


@njit_inlined
def settle(u: Any, way: Way) -> None:
    """End a lane change once the new lane's line is reached."""
    if u.changing == 1 and abs(u.side - way.lanes[u.course, u.target].y - u.d) < SETTLED_M:
        u.lane = u.target
        u.changing = 0
        u.order_lateral = 0.0
