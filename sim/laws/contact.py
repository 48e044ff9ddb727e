"""When do two moving oriented boxes first touch between two steps?"""

from __future__ import annotations

import math

from sim.base.jit import njit
from sim.laws.overlap import separation
from sim.laws.ttc_2d import ttc_2d

FREE_LOOKS = 64  # boxes that meet need 2 to 10; those that graze could need thousands
LEAST_ADVANCE = 1.0 / 1024.0  # so from then on at least this share of the step, 0.1 ms at 0.1 s
TOUCH_M = 1e-6


@njit
def first_contact(
    dx: float,
    dy: float,
    move_x: float,
    move_y: float,
    first_yaw: float,
    first_turn: float,
    first_length: float,
    first_width: float,
    second_yaw: float,
    second_turn: float,
    second_length: float,
    second_width: float,
) -> float:
    """Fraction of the step at first contact, or NaN without one.

    Positions and headings change linearly over the step. Conservative advancement: no point
    of one box nears the other by more than the bound per step, so the separation may be used
    up before the next look. Boxes that do not turn meet at `ttc_2d`.

    Args:
        dx: Second centre minus first at the start [m].
        dy: The same, northward [m].
        move_x: Change of `dx` over the step [m].
        move_y: Change of `dy` over the step [m].
        first_yaw: At the start [rad].
        first_turn: Change over the step [rad].
        first_length: [m].
        first_width: [m].
        second_yaw: As the first.
        second_turn: As the first.
        second_length: As the first.
        second_width: As the first.

    Source: Mirtich, Impulse-based dynamic simulation, thesis, Berkeley 1996, section 2.3.
    """
    if first_turn == 0.0 and second_turn == 0.0:  # then there is a closed form
        at = ttc_2d(
            dx,
            dy,
            move_x,
            move_y,
            first_yaw,
            first_length,
            first_width,
            second_yaw,
            second_length,
            second_width,
        )
        return at if at <= 1.0 else math.nan
    bound = math.hypot(move_x, move_y)
    bound += 0.5 * abs(first_turn) * math.hypot(first_length, first_width)
    bound += 0.5 * abs(second_turn) * math.hypot(second_length, second_width)
    at, looks = 0.0, 0
    while at <= 1.0:
        apart = separation(
            dx + at * move_x,
            dy + at * move_y,
            first_yaw + at * first_turn,
            first_length,
            first_width,
            second_yaw + at * second_turn,
            second_length,
            second_width,
        )
        if apart <= TOUCH_M:
            return at
        if apart > bound * (1.0 - at):
            return math.nan
        looks += 1
        at += max(apart / bound, LEAST_ADVANCE if looks > FREE_LOOKS else 0.0)
    return math.nan
