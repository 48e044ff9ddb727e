"""The ways through a junction: lines in and out, turns between them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.geometry import wrap_angle
from sim.world.road.chain import Arcs, Path, arc, beside, chain, line, place, spiral
from sim.world.road.movements import Movement, exit_of, movements, turn_lane

Floats = NDArray[np.float64]
TURN_ARCS = 4


@dataclass(frozen=True)
class Layout:
    """What a junction is made of, (n,) each.

    Attributes:
        out: Of each arm, the direction in which it leaves the junction [rad].
        lanes: Of each arm, in either direction.
        width: Of a lane [m].
        radius: By movement, of the arc along which the turning lane goes [m].
        clothoid: Of each turn's two [m], at most half the turn.
        setback: Between the farthest turn's beginning and the stop line [m].
        approach: From a course's beginning to the stop line [m].
        departure: From the last turn's end to a course's end [m].
    """

    out: list[Floats]
    lanes: tuple[int, int, int, int]
    width: Floats
    radius: dict[str, Floats]
    clothoid: Floats
    setback: Floats
    approach: Floats
    departure: Floats


@dataclass(frozen=True)
class Way:
    """A way through a junction, (n,) each but the path.

    Attributes:
        path: (n, P), along the centre of the rightmost lane.
        turn: Where the turn begins, and ends, along it [m]; of a straight way the stop line
            and the far side.
        base: s less the distance from the junction's middle, once it leaves [m].
        merged: The distance at which it is in line with the arm it leaves by [m].
    """

    path: Path
    turn: tuple[Floats, Floats]
    base: Floats
    merged: Floats


@dataclass(frozen=True)
class _Turn:
    arcs: tuple[Arcs, ...]
    length: Floats
    begins: Floats  # before the middle, along the arm it comes from
    ends: Floats  # behind it, along the arm it leaves by


def ways(layout: Layout) -> tuple[list[Way], list[Floats]]:
    """The ways of a junction by number, and how far from its middle the arms' stop lines are.

    Raises:
        UserError: A turn is tighter than the road is wide.
    """
    arms = len(layout.out)
    every = movements(arms)
    turns = {m: _turn(m, layout) for m in every if m[1] != "straight"}
    nought = np.zeros(len(layout.width))
    edge = [nought] * arms
    for m, t in turns.items():  # who leaves by an arm may sweep its other side up to there
        edge[m[0]] = np.maximum(edge[m[0]], t.begins)
        edge[exit_of(m)] = np.maximum(edge[exit_of(m)], t.ends)
    stop = [e + layout.setback for e in edge]
    made = []
    for m in every:
        far = edge[exit_of(m)] + layout.departure
        if m[1] == "straight":
            made.append(_straight(m, layout, stop[m[0]], edge[exit_of(m)]))
        else:
            made.append(_turning(m, layout, turns[m], stop[m[0]], far))
    return made, stop


def _side(layout: Layout, movement: Movement, lane: int) -> Floats:
    """From the middle of an arm to the centre of a lane to its right."""
    return (layout.lanes[movement[0]] - lane - 0.5) * layout.width


def _start(layout: Layout, m: Movement, lane: int, before: Floats) -> tuple[Floats, ...]:
    """x, y and heading of a lane of an arm at a distance from the junction's middle."""
    out = layout.out[m[0]]
    heading, side = out + np.pi, _side(layout, m, lane)
    x = before * np.cos(out) + side * np.sin(heading)
    y = before * np.sin(out) - side * np.cos(heading)
    return x, y, heading


def _straight(m: Movement, layout: Layout, stop: Floats, clear: Floats) -> Way:
    x, y, heading = _start(layout, m, 0, stop + layout.approach)
    path = chain(line(layout.approach + stop + clear + layout.departure), x=x, y=y, heading=heading)
    middle = layout.approach + stop
    return Way(path, (layout.approach, middle + clear), middle, np.zeros(len(stop)))


def _turn(m: Movement, layout: Layout) -> _Turn:
    by = wrap_angle(layout.out[exit_of(m)] - layout.out[m[0]] - np.pi)
    radius = layout.radius[m[1]]
    k = np.sign(by) / radius
    eased = np.minimum(layout.clothoid, 0.5 * np.abs(by) * radius)
    elements = (
        spiral(eased, 0.0, k, TURN_ARCS),
        arc(np.abs(by) * radius - eased, k),
        spiral(eased, k, 0.0, TURN_ARCS),
    )
    alone = chain(*elements)
    tangent = place(alone, alone.length[:, None])[1][:, 0] / np.sin(by)
    before, behind = _crossing(m, layout)
    return _Turn(elements, alone.length, before + tangent, behind + tangent)


def _crossing(m: Movement, layout: Layout) -> tuple[Floats, Floats]:
    """How far out along either arm the lines of the lanes that a turn joins cross."""
    out, to = layout.out[m[0]], layout.out[exit_of(m)]
    leaves = (exit_of(m), m[1])
    side = _side(layout, m, turn_lane(m, layout.lanes[m[0]]))
    other = _side(layout, leaves, turn_lane(m, layout.lanes[exit_of(m)]))
    # t u + side n = t' u' - other n', with n and n' to the left of the ways out, u and u'
    sin, cos = np.sin(to - out), np.cos(to - out)
    return (other + side * cos) / sin, (side + other * cos) / sin


def _turning(m: Movement, layout: Layout, turn: _Turn, stop: Floats, far: Floats) -> Way:
    lane = turn_lane(m, layout.lanes[m[0]])
    x, y, heading = _start(layout, m, lane, stop + layout.approach)
    first = layout.approach + stop - turn.begins
    path = chain(line(first), *turn.arcs, line(far - turn.ends), x=x, y=y, heading=heading)
    if lane:
        path = beside(path, -lane * layout.width)
    _wide_enough(path, layout, m)
    length = path.length - first - (far - turn.ends)
    return Way(path, (first, first + length), first + length - turn.ends, turn.ends)


def _wide_enough(path: Path, layout: Layout, m: Movement) -> None:
    tightest = np.abs(path.curvature).max(axis=1)
    room = layout.lanes[m[0]] * layout.width
    inside = room - 0.5 * layout.width if m[1] == "left" else 0.5 * layout.width
    if (tightest * inside >= 1.0).any():
        road = int(np.argmax(tightest * inside))
        wanted = f"more than the {inside[road]:.3g} m that lanes reach towards the arc's centre"
        raise expected(f"{m[1]}_radius", wanted, float(1.0 / tightest[road]), where="junction")
