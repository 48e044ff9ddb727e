"""Between the plane and a course: where a user is along it, and where it goes."""

from __future__ import annotations

import math
from typing import Any

from sim.base.jit import njit_borrowing, njit_inlined
from sim.laws.arc import arc_place, arc_point
from sim.world.kernel.records import Way

TAIL_M = 2.0  # who turns off sweeps more than its width: it is in the way a little longer


@njit_inlined
def locate(u: Any, way: Way) -> None:
    """From the pose in the plane to s, side, slant and the piece; the pieces are walked along."""
    if way.road.plain == 1:
        u.s, u.side, u.slant = u.x, u.y, u.yaw
        return
    last = way.pieces.shape[1] - 1
    turns = 0
    while True:
        piece = way.pieces[u.course, u.piece]
        s, u.side = arc_place(piece.x, piece.y, piece.heading, piece.curvature, u.x, u.y)
        ahead = u.piece < last and piece.s + s > way.pieces[u.course, u.piece + 1].s
        back = u.piece > 0 and s < 0.0
        turns += 1
        if turns > last + 2 or not (ahead or back):  # beside a bend outward both could hold
            break
        u.piece += 1 if ahead else -1
    u.s = piece.s + s
    turn = u.yaw - piece.heading - piece.curvature * s
    u.slant = turn - 2.0 * math.pi * math.floor(turn / (2.0 * math.pi) + 0.5)


@njit_borrowing
def place(u: Any, way: Way) -> None:
    """From s, side and slant to the pose in the plane."""
    if way.road.plain == 1:
        u.x, u.y, u.yaw = u.s, u.side, u.slant
        return
    pieces = way.pieces
    last = pieces.shape[1] - 1
    while u.piece < last and u.s > pieces[u.course, u.piece + 1].s:
        u.piece += 1
    piece = pieces[u.course, u.piece]
    u.x, u.y, heading = arc_point(
        piece.x, piece.y, piece.heading, piece.curvature, u.s - piece.s, u.side
    )
    u.yaw = heading + u.slant


@njit_borrowing
def bend_at(u: Any, way: Way, ahead: float, side: float) -> float:
    """Curvature of the line at `side` of the course, `ahead` of the user [1/m]."""
    pieces = way.pieces
    last = pieces.shape[1] - 1
    k = u.piece
    while k < last and u.s + ahead > pieces[u.course, k + 1].s:
        k += 1
    curvature = pieces[u.course, k].curvature
    return float(curvature / max(1.0 - curvature * side, 0.1))


@njit_inlined
def shares(link: Any, u: Any) -> bool:
    """Whether any part of a user is on the stretch that its course shares by a link."""
    half = 0.5 * u.length
    front, rear = u.s + half, u.s - half - TAIL_M
    return bool(link.course == u.course and link.start <= front and rear <= link.end)


@njit_borrowing
def seen_from(u: Any, v: Any, way: Way) -> float:
    """Where along the course of `u` the centre of `v` is [m]; NaN where it is on another."""
    if v.course == u.course:
        return float(v.s)
    for k in range(len(way.links)):
        link = way.links[k]
        if link.onto == u.course and shares(link, v):
            return float(v.s + link.shift)
    return math.nan
