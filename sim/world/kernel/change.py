"""Lane changes: because it pays (MOBIL), or because the lane ends."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit
from sim.laws.follow import FREE
from sim.laws.mobil import incentive, is_safe
from sim.world.kernel.drive import respond

SETTLED_M = 0.2  # nearer than this to the new lane's line: the change is over
URGENCY = 1.0  # at the lane's very end twice the usual braking may be asked of others


@njit
def bumper_gap(ahead: Any, behind: Any) -> float:
    """From the front of one to the rear of the other [m]."""
    return float(ahead.s - behind.s - 0.5 * (ahead.length + behind.length))


@njit
def may_decide(u: Any, t: float) -> bool:
    """Whether the driver is free to begin a change now."""
    return bool(
        u.changes_lanes == 1
        and u.law != FREE
        and u.ordered == 0
        and u.changing == 0
        and u.lapsed == 0
        and t - u.changed_s >= u.change_pause_s
    )


@njit
def lane_open(u: Any, lane: Any, remaining: float, must: bool) -> bool:
    """Whether the lane beside is there and leads on: further than this one if that ends."""
    if lane.start > u.s - 0.5 * u.length or lane.width <= 0.0:
        return False
    onward = lane.end - u.s
    return bool(onward > remaining if must else onward > u.merge_m)


@njit
def side_gain(
    users: Any, u: Any, lead: int, back: int, old_loss: float, brake_safe: float
) -> float:
    """MOBIL's gain from the lane with these neighbours [m/s²], -inf where it is not safe."""
    gap, lead_speed = math.inf, u.speed
    if lead >= 0:
        gap, lead_speed = bumper_gap(users[lead], u), users[lead].speed
    if gap <= 0.0:
        return -math.inf
    own_then = respond(u, gap, lead_speed)
    new_now, new_then = 0.0, 0.0
    if back >= 0:
        follower = users[back]
        room = bumper_gap(u, follower)
        if room <= 0.0:
            return -math.inf
        new_now, new_then = follower.informed_accel, respond(follower, room, u.speed)
    if not is_safe(new_then, own_then, brake_safe):
        return -math.inf
    own_now = u.informed_accel
    return incentive(own_now, own_then, new_now, new_then, old_loss, 0.0, u.politeness)


@njit
def old_follower_loss(users: Any, u: Any) -> float:
    """What the follower in the present lane suffers by this user, as `old_now - old_then`."""
    if u.back < 0 or u.politeness == 0.0:
        return 0.0
    follower = users[u.back]
    gap, lead_speed = math.inf, follower.speed
    if u.lead >= 0:
        gap, lead_speed = bumper_gap(users[u.lead], follower), users[u.lead].speed
    return float(follower.informed_accel - respond(follower, gap, lead_speed))


@njit
def decide(users: Any, i: int, lanes: Any, newest: Any, t: float) -> None:
    """Begin a lane change where MOBIL or the end of the lane asks for one.

    Args:
        users: Records of one scenario.
        i: The slot; called front to back.
        lanes: Records of the road.
        newest: Scratch by lane: who last decided for it in this step. Everybody decides on
            the same picture, so two could take one gap from both sides.
        t: Now [s].
    """
    u = users[i]
    if not may_decide(u, t):
        return
    remaining = lanes[u.target].end - u.s
    must = remaining < u.merge_m
    brake_safe = u.brake_safe
    if must:
        brake_safe *= 1.0 + URGENCY * (1.0 - max(remaining, 0.0) / u.merge_m)
    loss = old_follower_loss(users, u)
    best, choice = -math.inf if must else u.change_threshold, -1
    for side in (-1, 1):
        lane = u.target + side
        if lane < 0 or lane >= len(lanes) or not lane_open(u, lanes[lane], remaining, must):
            continue
        lead, back = u.right_lead, u.right_back
        if side == 1:
            lead, back = u.left_lead, u.left_back
        rival = newest[lane]
        if rival >= 0 and (lead < 0 or users[rival].s < users[lead].s):
            lead = rival
        gain = side_gain(users, u, lead, back, loss, brake_safe)
        gain -= side * u.keep_right
        if gain > best:
            best, choice = gain, lane
    if choice >= 0:
        newest[choice] = i
        u.target = choice
        u.changing = 1
        u.changed_s = t


@njit
def settle(u: Any, lanes: Any) -> None:
    """End a lane change once the new lane's line is reached."""
    if u.changing == 1 and abs(u.y - lanes[u.target].y - u.d) < SETTLED_M:
        u.lane = u.target
        u.changing = 0
        u.order_lateral = 0.0
