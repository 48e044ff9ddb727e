"""Where two boxes touch, on which sides, and what the contact does to their speeds."""

from __future__ import annotations

import math
from enum import IntEnum

from sim.base.jit import njit


class Side(IntEnum):
    """Sides of a box as hit; codes are in the arrays, append only."""

    FRONT = 0
    REAR = 1
    LEFT = 2
    RIGHT = 3


FRONT, REAR, LEFT, RIGHT = (int(side) for side in Side)
CORNERS = ((0.5, 0.5), (0.5, -0.5), (-0.5, 0.5), (-0.5, -0.5))
TOUCH_M = 0.02  # a corner this near to the other box is part of the contact


@njit
def contact_side(
    dx: float,
    dy: float,
    first_yaw: float,
    first_length: float,
    first_width: float,
    second_yaw: float,
    second_length: float,
    second_width: float,
) -> int:
    """The side of the first box at which the second touches it: code of `Side`.

    That whose normal parts the boxes best: of the four axes of the separating axis theorem the
    one with the largest gap, seen from the first box; between its own axes at a tie.

    Args:
        dx: Centre of the second minus centre of the first [m].
        dy: The same [m].
        first_yaw: [rad]; the others as in `separation`.
    """
    turn = second_yaw - first_yaw
    cos, sin = math.cos(turn), math.sin(turn)
    c1, s1 = math.cos(first_yaw), math.sin(first_yaw)
    ahead, left = dx * c1 + dy * s1, dy * c1 - dx * s1
    l1, w1 = 0.5 * first_length, 0.5 * first_width
    l2, w2 = 0.5 * second_length, 0.5 * second_width
    along = abs(ahead) - l1 - l2 * abs(cos) - w2 * abs(sin)
    across = abs(left) - w1 - l2 * abs(sin) - w2 * abs(cos)
    along2, across2 = ahead * cos + left * sin, left * cos - ahead * sin
    by_length = abs(along2) - l2 - l1 * abs(cos) - w1 * abs(sin)
    by_width = abs(across2) - w2 - l1 * abs(sin) - w1 * abs(cos)
    if max(along, across) >= max(by_length, by_width) - 1e-9:
        if along >= across:
            return FRONT if ahead > 0.0 else REAR
        return LEFT if left > 0.0 else RIGHT
    # the first box touches with a corner: the side that faces the second's normal more, and
    # not where the second's centre is: a truck's may be far ahead of the rear corner it hits
    if by_length >= by_width:
        way = math.copysign(1.0, along2)
        out_x, out_y = way * cos, way * sin
    else:
        way = math.copysign(1.0, across2)
        out_x, out_y = -way * sin, way * cos
    if abs(out_x) >= abs(out_y):
        return FRONT if out_x > 0.0 else REAR
    return LEFT if out_y > 0.0 else RIGHT


@njit
def contact_point(
    dx: float,
    dy: float,
    first_yaw: float,
    first_length: float,
    first_width: float,
    second_yaw: float,
    second_length: float,
    second_width: float,
) -> tuple[float, float]:
    """The middle of the corners of either box that lie on the other [m], from the first's centre.

    Between the centres where no corner does. Arguments as in `contact_side`.
    """
    x, y, count = 0.0, 0.0, 0
    for a, b in CORNERS:
        ahead, left = a * first_length, b * first_width
        cx = ahead * math.cos(first_yaw) - left * math.sin(first_yaw)
        cy = ahead * math.sin(first_yaw) + left * math.cos(first_yaw)
        if _holds(cx - dx, cy - dy, second_yaw, second_length, second_width):
            x, y, count = x + cx, y + cy, count + 1
        ahead, left = a * second_length, b * second_width
        cx = dx + ahead * math.cos(second_yaw) - left * math.sin(second_yaw)
        cy = dy + ahead * math.sin(second_yaw) + left * math.cos(second_yaw)
        if _holds(cx, cy, first_yaw, first_length, first_width):
            x, y, count = x + cx, y + cy, count + 1
    if count == 0:
        return 0.5 * dx, 0.5 * dy
    return x / count, y / count


@njit
def _holds(x: float, y: float, yaw: float, length: float, width: float) -> bool:
    ahead, left = x * math.cos(yaw) + y * math.sin(yaw), y * math.cos(yaw) - x * math.sin(yaw)
    return abs(ahead) <= 0.5 * length + TOUCH_M and abs(left) <= 0.5 * width + TOUCH_M


@njit
def common_velocity(
    mass: float, vx: float, vy: float, other_mass: float, other_vx: float, other_vy: float
) -> tuple[float, float]:
    """Velocity of both after a plastic contact [m/s]: the momentum over the mass.

        V = (m v + m' v') / (m + m'),  so that delta-v = m' / (m + m') |v - v'|

    Source: Brach and Brach, Vehicle Accident Analysis and Reconstruction Methods, 2nd ed.,
    section 6.2, with no restitution and a common velocity of the contact.
    """
    share = mass / (mass + other_mass)
    return share * vx + (1.0 - share) * other_vx, share * vy + (1.0 - share) * other_vy
