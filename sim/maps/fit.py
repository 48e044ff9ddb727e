"""Centre lines given as points, met by circular arcs that follow smoothly on each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.world.road.chain import Path, arc, chain, lengths, place
from sim.world.road.foot import foot

Floats = NDArray[np.float64]
STEP_M = 1.0
SHORTEST_M = 2.0
"""Arcs shorter than that follow the noise of the points."""
ROUNDS = 15
NUDGE = np.array([1e-3, 1e-4])  # to the left [m], heading [rad]
NUDGE_CURVATURE = 1e-5


def fit(points: Floats, tolerance: float) -> tuple[Path, float]:
    """A path along points, and how far the points' line is from it at most [m].

    Least squares of the distances over the beginning and all curvatures (Levenberg-Marquardt); then
    arcs that are farther than the tolerance from the line are halved and all is fitted again.

    Args:
        points: (K, 2), each once.
        tolerance: [m]; where arcs would be shorter than 2 m it is not kept.

    Returns:
        The path of one road, of the line's own length, and the largest distance.
    """
    s, line = _even(points)
    knots = np.array([0.0, s[-1]])
    while True:
        path = _path(_fitted(_guess(knots, s, line), knots, s, line)[None], knots, line)
        off = _distance(path, line)
        piece = np.clip(np.searchsorted(knots, s, side="right") - 1, 0, len(knots) - 2)
        worst = np.zeros(len(knots) - 1)
        np.maximum.at(worst, piece, off)
        halve = (worst > tolerance) & (np.diff(knots) > 2.0 * SHORTEST_M)
        if not halve.any():
            return path, float(off.max())
        middle = 0.5 * (knots[:-1] + knots[1:])[halve]
        knots = np.sort(np.concatenate([knots, middle]))


def _even(points: Floats) -> tuple[Floats, Floats]:
    """The line's points about a metre apart, and where along it they are."""
    ends = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    s = np.linspace(0.0, ends[-1], max(int(ends[-1] / STEP_M), 8) + 1)
    return s, np.stack([np.interp(s, ends, points[:, k]) for k in (0, 1)], axis=1)


def _path(values: Floats, knots: Floats, line: Floats) -> Path:
    """Paths by how far left of the line's first point they begin, heading there, curvatures.

    To begin ahead of it or behind would change no distance, so it is no unknown.
    """
    left, heading = values[:, 0], values[:, 1]
    step = line[1] - line[0]
    across = np.array([-step[1], step[0]]) / np.hypot(*step)
    arcs = [arc(length, values[:, 2 + k]) for k, length in enumerate(np.diff(knots))]
    x, y = line[0, 0] + left * across[0], line[0, 1] + left * across[1]
    return chain(*arcs, x=x, y=y, heading=heading)


def _distance(path: Path, line: Floats) -> Floats:
    which = np.zeros(len(line), dtype=np.int64)
    return np.abs(foot(path, which, line[:, 0], line[:, 1])[1])


def _guess(knots: Floats, s: Floats, line: Floats) -> Floats:
    """Offset, heading and curvatures of the line's own directions."""
    step = np.diff(line, axis=0)
    heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    at = np.interp(knots, 0.5 * (s[:-1] + s[1:]), heading)
    return np.concatenate([[0.0], at[:1], np.diff(at) / np.diff(knots)])


def _fitted(guess: Floats, knots: Floats, s: Floats, line: Floats) -> Floats:
    nudge = np.concatenate([NUDGE, np.full(len(guess) - 2, NUDGE_CURVATURE)])
    best, least, damping = guess, np.inf, 1e-3
    for _ in range(ROUNDS):
        # one row as it is, one for each value nudged: the residuals' slopes in one batch
        tried = guess + np.vstack([np.zeros(len(guess)), np.diag(nudge)])
        x, y, heading = place(_path(tried, knots, line), s[None])
        sin, cos = np.sin(heading[:1]), np.cos(heading[:1])
        left = (y - line[:, 1]) * cos - (x - line[:, 0]) * sin
        total = float((left[0] ** 2).sum())
        if total < least:
            done = total > least * (1.0 - 1e-4)
            best, least, damping = guess, total, 0.1 * damping
            slope = (left[1:] - left[0]).T / nudge
            scale = np.maximum(np.linalg.norm(slope, axis=0), 1e-12)
            slope, residual = slope / scale, left[0]
            if done:
                break
        else:
            damping *= 10.0
        normal = slope.T @ slope + damping * np.eye(len(best))
        guess = best - np.linalg.solve(normal, slope.T @ residual) / scale
    return best


def joined(paths: list[Path]) -> Path:
    """Paths of one road in a row as one; each piece keeps the place it has."""
    before = np.cumsum([0.0, *(float(p.length[0]) for p in paths)])
    return Path(
        s=np.concatenate([p.s + at for p, at in zip(paths, before)], axis=1),
        x=np.concatenate([p.x for p in paths], axis=1),
        y=np.concatenate([p.y for p in paths], axis=1),
        heading=np.concatenate([p.heading for p in paths], axis=1),
        curvature=np.concatenate([p.curvature for p in paths], axis=1),
        length=np.array([before[-1]]),
    )


def backwards(path: Path) -> Path:
    """The same path from its end to its beginning."""
    size = lengths(path)
    x, y, heading = place(path, path.s + size)
    turned = [v[:, ::-1] for v in (x, y, heading + np.pi, -path.curvature, size)]
    s = np.cumsum(turned[4], axis=1) - turned[4]
    return Path(s, turned[0], turned[1], turned[2], turned[3], path.length)
