"""Failing draws parted into ways to fail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.sampling.estimate.gaussians import Floats, Gaussians, Part
from sim.sampling.estimate.meter import Meter
from sim.sampling.estimate.result import Mode

APART = 0.75
"""Cosine of the angle, 41 degrees, from which on two failing points may be two ways."""

MOST = 16

BETWEEN = (0.25, 0.5, 0.75)
"""Where two ways are joined by failing points all along, they are one."""

LEAST_SHARE = 0.005
"""Of the probability; what is less is not told from chance."""


def modes(u: Floats, weight: Floats, mixture: Part, meter: Meter) -> tuple[Mode, ...]:
    """Ways to fail, the most probable first.

    Args:
        u: (m, d) failing points.
        weight: (m,) their weights.
        mixture: In whose subspace directions are compared; a ring is one way.
        meter: For the few calls that tell whether two directions are one way.
    """
    z = u @ mixture.basis if isinstance(mixture, Gaussians) else np.ones((len(u), 1))
    leaders = _leaders(z, weight)
    label = _label(z, z[leaders])
    share = np.bincount(label, weight, len(leaders)) / weight.sum()
    kept = [i for i in range(len(leaders)) if share[i] >= LEAST_SHARE]
    if not kept:
        return ()
    label = _label(z, z[leaders[kept]])
    found = [_mode(u[label == i], weight[label == i], weight) for i in range(len(kept))]
    group = _joined(found, meter)[label]
    out = [_mode(u[group == g], weight[group == g], weight) for g in np.unique(group)]
    return tuple(sorted(out, key=lambda mode: -mode.share))


def _leaders(z: Floats, weight: Floats) -> NDArray[np.intp]:
    """Points nearest to the origin, each in a direction of its own."""
    unit = z / np.maximum(np.linalg.norm(z, axis=1), 1e-12)[:, None]
    free = weight > 1e-6 * weight.max()
    order = np.argsort((z**2).sum(axis=1))
    out = list[int]()
    while free.any() and len(out) < MOST:
        first = int(order[free[order]][0])
        out.append(first)
        free &= unit @ unit[first] < APART
    return np.array(out, dtype=np.intp)


def _label(z: Floats, leaders: Floats) -> NDArray[np.intp]:
    """(m,) which leader's direction is the closest."""
    unit = leaders / np.maximum(np.linalg.norm(leaders, axis=1), 1e-12)[:, None]
    return np.asarray((z @ unit.T).argmax(axis=1))


def _mode(u: Floats, weight: Floats, all_weights: Floats) -> Mode:
    distance = np.sqrt((u**2).sum(axis=1))
    nearest = int(distance.argmin())
    share = float(weight.sum() / all_weights.sum())
    mean = weight @ u / weight.sum()
    return Mode(share, np.asarray(mean), u[nearest], float(distance[nearest]))


def _joined(found: list[Mode], meter: Meter) -> NDArray[np.intp]:
    """(K,) a number for each mode, the same where a straight failing line joins them."""
    group = np.arange(len(found))
    for i in range(len(found)):
        for j in range(i):
            if group[i] != group[j] and len(BETWEEN) <= meter.left:
                a, b = found[i].nearest, found[j].nearest
                line = np.array([a + t * (b - a) for t in BETWEEN])
                if (meter(line) <= 0).all():
                    group[group == group[i]] = group[j]
    return group
