"""Paths of lines, arcs and clothoids, one after the other; clothoids become circular arcs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import expected
from sim.base.jit import njit
from sim.base.soa import Soa
from sim.laws.arc import arc_point
from sim.world.road.sizes import batch, row

Floats = NDArray[np.float64]
Arcs = tuple[tuple[ArrayLike, ArrayLike], ...]
"""Lengths [m] and curvatures [1/m] of arcs in a row, each a number or one a road."""
SPIRAL_ARCS = 8


@dataclass(frozen=True)
class Path(Soa):
    """n chains of P arcs, (n, P) each but `length`; a course without its lanes.

    Attributes:
        s: Where each arc begins along the path [m].
        x: There [m].
        y: There [m].
        heading: There [rad].
        curvature: [1/m], left positive.
        length: (n,) of the whole path [m].
    """

    s: Floats
    x: Floats
    y: Floats
    heading: Floats
    curvature: Floats
    length: Floats


def line(length: ArrayLike) -> Arcs:
    """A straight element.

    Args:
        length: [m].
    """
    return ((length, 0.0),)


def arc(length: ArrayLike, curvature: ArrayLike, parts: int = 1) -> Arcs:
    """A circular element.

    Args:
        length: [m].
        curvature: [1/m], left positive.
        parts: Arcs it is divided into: feet on an arc are unique over less than half a circle.
    """
    return ((np.asarray(length, np.float64) / parts, curvature),) * parts


def spiral(length: ArrayLike, start: ArrayLike, end: ArrayLike, arcs: int = SPIRAL_ARCS) -> Arcs:
    """A clothoid, its curvature linear along it, as circular arcs.

    Arcs of length h with the clothoid's curvature at their middle, but the two at the ends of
    length a = h/√2 with that at a third of it: then the error of the heading is 0 at both
    ends and has no mean over any arc, so places do not drift. The arcs leave the clothoid by at
    most

        0.0088 (|end - start| / length) h³,    h = length / (arcs - 2 + √2)

    0.7 mm with 8 arcs for 60 m to a radius of 110 m or 25 m to one of 18 m.

    Args:
        length: [m].
        start: Curvature at its beginning [1/m], left positive.
        end: Curvature at its end [1/m].
        arcs: How many, at least 2.

    Raises:
        UserError: Fewer than 2 arcs.
    """
    if arcs < 2:
        raise expected("arcs", "at least 2 arcs", arcs, where="spiral")
    length, start, end = (np.asarray(v, np.float64) for v in (length, start, end))
    share = np.full(arcs, 1.0 / (arcs - 2 + math.sqrt(2.0)))
    share[[0, -1]] /= math.sqrt(2.0)
    at = np.cumsum(share) - 0.5 * share
    at[0], at[-1] = share[0] / 3.0, 1.0 - share[0] / 3.0
    return tuple((length * part, start + (end - start) * k) for part, k in zip(share, at))


def chain(
    *elements: Arcs, x: ArrayLike = 0.0, y: ArrayLike = 0.0, heading: ArrayLike = 0.0
) -> Path:
    """Elements laid one after the other, each from where the last ends, as many as n.

    Args:
        elements: Of `line`, `arc` and `spiral`.
        x: Beginning of the first [m].
        y: The same [m].
        heading: There [rad].

    Raises:
        UserError: A length is negative, or a number not finite.
    """
    arcs = [pair for element in elements for pair in element]
    n = batch(x, y, heading, *(v for pair in arcs for v in pair), where="chain")
    length = np.stack([row(pair[0], n) for pair in arcs], axis=1)
    curvature = np.stack([row(pair[1], n) for pair in arcs], axis=1)
    if not (np.isfinite(length).all() and (length >= 0.0).all()):
        bad = float(length[~(np.isfinite(length) & (length >= 0.0))][0])
        raise expected("length", "finite lengths of at least 0", bad, where="chain")
    start = [row(v, n) for v in (x, y, heading)]
    for name, array in zip(("curvature", "x", "y", "heading"), (curvature, *start)):
        if not np.isfinite(array).all():
            bad = float(array[~np.isfinite(array)][0])
            raise expected(name, "finite numbers", bad, where="chain")
    return _laid(length, curvature, *start)


def _laid(length: Floats, curvature: Floats, x: Floats, y: Floats, heading: Floats) -> Path:
    ends = np.cumsum(length, axis=1)
    s = np.concatenate([np.zeros((len(ends), 1)), ends[:, :-1]], axis=1)
    px, py, ph = _lay(length, curvature, x, y, heading)
    return Path(s, px, py, ph, curvature, ends[:, -1])


@njit
def _lay(
    length: Floats, curvature: Floats, x: Floats, y: Floats, heading: Floats
) -> tuple[Floats, Floats, Floats]:
    px, py, ph = np.empty_like(length), np.empty_like(length), np.empty_like(length)
    for k in range(length.shape[0]):
        here = (x[k], y[k], heading[k])
        for p in range(length.shape[1]):
            px[k, p], py[k, p], ph[k, p] = here
            here = arc_point(here[0], here[1], here[2], curvature[k, p], length[k, p], 0.0)
    return px, py, ph


def lengths(path: Path) -> Floats:
    """(n, P) length of each arc [m]."""
    return np.diff(path.s, axis=1, append=path.length[:, None])


def moved(path: Path, x: ArrayLike, y: ArrayLike, heading: ArrayLike, s: ArrayLike) -> Path:
    """The path as a whole moved and turned so that it passes a pose at `s` along it [m, rad]."""
    n = len(path.length)
    here = place(path, row(s, n)[:, None])
    turn = row(heading, n) - here[2][:, 0]
    cos, sin = np.cos(turn), np.sin(turn)
    dx, dy = path.x[:, 0] - here[0][:, 0], path.y[:, 0] - here[1][:, 0]
    first = (row(x, n) + cos * dx - sin * dy, row(y, n) + sin * dx + cos * dy)
    return _laid(lengths(path), path.curvature, *first, path.heading[:, 0] + turn)


def beside(path: Path, d: ArrayLike) -> Path:
    """The path parallel to one, `d` to its left [m]; arcs stay arcs, so it is exact.

    Raises:
        UserError: An arc's centre is nearer than that.
    """
    d = row(d, len(path.length))
    rest = 1.0 - path.curvature * d[:, None]
    if not (rest > 0.0).all():
        road = int(np.argmin(rest.min(axis=1)))
        tightest = 1.0 / np.abs(path.curvature[road]).max()
        raise expected(
            "radius", f"more than {abs(d[road]):.3g} m to the side", float(tightest), where="road"
        )
    x, y, heading = place(path, np.zeros((len(d), 1)), d[:, None])
    return _laid(lengths(path) * rest, path.curvature / rest, x[:, 0], y[:, 0], heading[:, 0])


def place(path: Path, s: ArrayLike, d: ArrayLike = 0.0) -> tuple[Floats, Floats, Floats]:
    """Places along and beside paths: x [m], y [m], heading [rad], each (n, K).

    Args:
        path: (n, P).
        s: (n, K) along it [m]; beyond its ends it goes on as it is.
        d: To its left [m], broadcasts with `s`.
    """
    pair = np.asarray(s, np.float64), np.asarray(d, np.float64)
    shape = (len(path.length), np.broadcast_shapes(pair[0].shape, pair[1].shape)[-1])
    s, d = (np.array(np.broadcast_to(v, shape)) for v in pair)
    columns = (path.s, path.x, path.y, path.heading, path.curvature)
    return _place(*columns, s, d)


@njit
def _place(
    start: Floats,
    x: Floats,
    y: Floats,
    heading: Floats,
    curvature: Floats,
    s: Floats,
    d: Floats,
) -> tuple[Floats, Floats, Floats]:
    out_x, out_y, out_h = np.empty(s.shape), np.empty(s.shape), np.empty(s.shape)
    for k in range(s.shape[0]):
        for i in range(s.shape[1]):
            p = max(np.searchsorted(start[k], s[k, i], side="right") - 1, 0)
            out_x[k, i], out_y[k, i], out_h[k, i] = arc_point(
                x[k, p], y[k, p], heading[k, p], curvature[k, p], s[k, i] - start[k, p], d[k, i]
            )
    return out_x, out_y, out_h
