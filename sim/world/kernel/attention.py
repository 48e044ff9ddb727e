"""What a driver knows of its leader: a delay line with holes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.lapse import lapse_length, lapse_wait


@njit_inlined
def remember(u: Any, users: Any, line: Any, step: int) -> None:
    """Enter the leader as it is now into the delay line, (H, 4).

    Who, where its rear is along the follower's course, its speed and acceleration.
    """
    slot = step % len(line)
    line[slot, 0] = u.lead
    if u.lead >= 0:
        lead = users[u.lead]
        line[slot, 1] = u.lead_s - 0.5 * lead.length
        line[slot, 2] = lead.speed
        line[slot, 3] = lead.accel


@njit_inlined
def look(u: Any, line: Any, at: float, step: int, dt: float) -> None:
    """Take the leader as it was at time `at`, between the two samples around it."""
    # (k * 0.1) / 0.1 is below k for k = 43, 81, 86...: there a look would be a step too old
    before = min(max(math.floor(at / dt + 1e-9), u.since), step)
    after = min(before + 1, step)
    a, b = before % len(line), after % len(line)
    u.seen_lead = int(line[a, 0])
    u.seen_at = at
    if u.seen_lead < 0:
        return
    passed = at - before * dt
    u.seen_accel = line[a, 3]
    if line[b, 0] == line[a, 0] and after > before:
        share = passed / dt
        u.seen_rear = line[a, 1] + share * (line[b, 1] - line[a, 1])
        u.seen_speed = line[a, 2] + share * (line[b, 2] - line[a, 2])
        u.seen_accel = line[a, 3] + share * (line[b, 3] - line[a, 3])
    else:
        u.seen_rear = line[a, 1] + passed * line[a, 2]
        u.seen_speed = line[a, 2]


@njit_borrowing
def advance_lapses(u: Any, at: float) -> None:
    """Draw lapses until the present one ends after time `at`."""
    while at >= u.lapse_to:
        count = np.uint64(u.lapse_count)
        u.lapse_from = u.lapse_to + lapse_wait(u.lapse_key, count, u.lapse_rate_per_s)
        length = lapse_length(u.lapse_key, count, u.lapse_median_s, u.lapse_sigma)
        u.lapse_to = u.lapse_from + length
        u.lapse_count += 1


@njit_inlined
def attend(u: Any, line: Any, step: int, dt: float) -> None:
    """Bring what is seen up to date: as it was `reaction_s` before the middle of the step.

    The acceleration is held over a step, so a look from the middle of it makes the mean delay
    the driver's own; from its beginning half a step would be added. In a lapse the last look
    before it stays.
    """
    at = min(step * dt, (step + 0.5) * dt - u.reaction_s)
    u.lapsed = 0
    if u.lapse_rate_per_s > 0.0:
        advance_lapses(u, at)
        if at >= u.lapse_from:
            u.lapsed = 1
            if u.seen_at < u.lapse_from:
                look(u, line, u.lapse_from, step, dt)
            return
    look(u, line, at, step, dt)


@njit_inlined
def attends_at_once(u: Any) -> bool:
    """Whether the driver sees all as it is, so that there is nothing to remember."""
    return bool(u.reaction_s == 0.0 and u.lapse_rate_per_s == 0.0)
