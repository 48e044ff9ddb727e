"""Whom a driver overlooks, and when it thinks the others arrive."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.notice import NARROW, misjudgement, overlooks
from sim.world.kinds import Kind

FIRST_NARROW, LAST_NARROW = int(Kind.MOTORCYCLE), int(Kind.PEDESTRIAN)


@njit_inlined
def is_unnoticed(u: Any, v: Any, slot: int, t: float, factor: float) -> bool:
    """Whether a user overlooks another, `slot`: nobody that it follows or yields to already.

    `factor` is on the share that its driver overlooks.
    """
    return bool(u.overlook_share > 0.0 and _is_missed(u, v, slot, t, factor))


@njit_borrowing
def _is_missed(u: Any, v: Any, slot: int, t: float, factor: float) -> bool:
    if slot in (u.threat, u.waits_for, u.lead):
        return False
    share = u.overlook_share * factor
    if FIRST_NARROW <= v.kind <= LAST_NARROW:
        share *= NARROW
    return bool(overlooks(u.notice_key, np.uint64(slot), t, share))


@njit_inlined
def judged(u: Any, slot: int, time: float) -> float:
    """The time until another arrives as this user judges it [s]."""
    if u.judgement_sigma <= 0.0:
        return time
    return float(time * misjudgement(u.notice_key, np.uint64(slot), u.judgement_sigma))
