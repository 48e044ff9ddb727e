"""Movements at a junction: which there are, which meet, and who of them goes first."""

from __future__ import annotations

from sim.base.errors import expected, unknown
from sim.world.road.core import Rule

WEST, SOUTH, EAST, NORTH = range(4)
"""The arms; the main road goes from west to east, and NORTH is missing from a T."""
MOVEMENTS = ("straight", "left", "right")
_TURN = {"straight": 2, "left": 3, "right": 1}  # arms further, counter-clockwise
CONTROLS = ("yield", "stop", "signals", "right_before_left")
Movement = tuple[int, str]


def movements(arms: int) -> list[Movement]:
    """Arm and movement of each course of a junction, in the order of their numbers.

    >>> movements(3)
    [(0, 'straight'), (0, 'right'), (1, 'left'), (1, 'right'), (2, 'straight'), (2, 'left')]
    """
    if arms not in (3, 4):
        raise expected("arms", "3 or 4", arms, where="junction")
    every = [(arm, movement) for arm in range(arms) for movement in MOVEMENTS]
    return [m for m in every if exit_of(m) < arms]


def exit_of(movement: Movement) -> int:
    """The arm by which it leaves."""
    return (movement[0] + _TURN[movement[1]]) % 4


def junction_course(arm: int, movement: str, arms: int = 4) -> int:
    """Number of the course of those who come from an arm and go straight, left or right.

    Args:
        arm: 0 west, 1 south, 2 east, 3 north: where they come from.
        movement: `straight`, `left` or `right`.
        arms: Of the junction, 4 or 3.

    Raises:
        UserError: There is no such course.

    >>> junction_course(1, "left"), junction_course(1, "left", arms=3)
    (4, 2)
    """
    known = movements(arms)
    if (arm, movement) not in known:
        raise unknown("movement", f"{arm} {movement}", [f"{a} {m}" for a, m in known])
    return known.index((arm, movement))


def turn_lane(movement: Movement, count: int) -> int:
    """The lane in which a turner goes on; those who go straight have all of them."""
    return count - 1 if movement[1] == "left" else 0


def meet(
    first: Movement, lane: int, second: Movement, other: int, lanes: tuple[int, int, int, int]
) -> bool:
    """Whether lanes of two movements from different arms cross, merge or may come close.

    They cross when their ends alternate around the junction; opposite left turns touch where
    radii are small.

    Args:
        first: A movement.
        lane: A lane of it.
        second: From another arm.
        other: A lane of that.
        lanes: Of each arm, in either direction.
    """
    a, b = _ends(first, lane, lanes)
    c, d = _ends(second, other, lanes)
    if b == d:
        return True
    if first[1] == second[1] == "left" and (first[0] - second[0]) % 4 == 2:
        return True
    low, high = min(a, b), max(a, b)
    return (low < c < high) != (low < d < high)


def _ends(movement: Movement, lane: int, lanes: tuple[int, int, int, int]) -> tuple[int, int]:
    """Places around the junction, counter-clockwise: of an arm first the outer ways out."""
    arm, out = movement[0], exit_of(movement)
    leaves = exit_lane(movement, lane, lanes)
    return 10 * arm + 9 - lane, 10 * out + leaves


def exit_lane(movement: Movement, lane: int, lanes: tuple[int, int, int, int]) -> int:
    """The lane of the arm it leaves by in which a lane of a movement goes on."""
    return lane if movement[1] == "straight" else turn_lane(movement, lanes[exit_of(movement)])


def priority(first: Movement, second: Movement, control: str) -> tuple[Rule, Rule]:
    """Who of two movements from different arms goes first.

    Left turns yield to what comes from opposite. Else the main road goes first (`yield`,
    `stop`), or who comes from the right; signals keep the roads apart by themselves.

    Args:
        first: A movement.
        second: One that it meets.
        control: One of `CONTROLS`.
    """
    if (first[0] - second[0]) % 4 == 2:
        return _opposite(first, second)
    if control == "signals":
        return Rule.PRIORITY, Rule.PRIORITY
    if control == "right_before_left":
        second_right = (first[0] + 1) % 4 == second[0]
        return (Rule.YIELD, Rule.PRIORITY) if second_right else (Rule.PRIORITY, Rule.YIELD)
    waits = Rule.STOP if control == "stop" else Rule.YIELD
    return (waits, Rule.PRIORITY) if first[0] in (SOUTH, NORTH) else (Rule.PRIORITY, waits)


def _opposite(first: Movement, second: Movement) -> tuple[Rule, Rule]:
    left = first[1] == "left", second[1] == "left"
    if left[0] and not left[1]:
        return Rule.YIELD, Rule.PRIORITY
    if left[1] and not left[0]:
        return Rule.PRIORITY, Rule.YIELD
    # two lefts that touch: one must go first, and no rule of the road says who
    return (Rule.PRIORITY, Rule.YIELD) if first[0] < second[0] else (Rule.YIELD, Rule.PRIORITY)
