"""Failing draws parted into ways to fail."""

from __future__ import annotations

import numpy as np

from sim.sampling.estimate.gaussians import Floats, Part
from sim.sampling.estimate.meter import Meter
from sim.sampling.estimate.result import Mode

BETWEEN = (0.25, 0.5, 0.75)
"""Where two ways are joined by failing points all along, they are one."""

LEAST_SHARE = 0.002
"""Of the probability; what is less is not told from chance."""


def modes(u: Floats, weight: Floats, mixture: Part, meter: Meter) -> tuple[Mode, ...]:
    """Ways to fail, the most probable first.

    Args:
        u: (m, d) failing points.
        weight: (m,) their weights.
        mixture: Whose components are the first guess at the ways.
        meter: For the few calls that tell whether two components are one way.
    """
    if len(u) == 0:
        return ()
    label = mixture.joint(u).argmax(axis=1)
    found = {int(k): _mode(u[label == k], weight[label == k], weight) for k in np.unique(label)}
    found = {k: mode for k, mode in found.items() if mode.share >= LEAST_SHARE}
    joined = _joined(list(found.values()), meter)
    out = []
    for group in joined:
        keys = [list(found)[i] for i in group]
        mine = np.isin(label, keys)
        out.append(_mode(u[mine], weight[mine], weight))
    return tuple(sorted(out, key=lambda mode: -mode.share))


def _mode(u: Floats, weight: Floats, all_weights: Floats) -> Mode:
    distance = np.sqrt((u**2).sum(axis=1))
    nearest = int(distance.argmin())
    share = float(weight.sum() / all_weights.sum())
    mean = weight @ u / weight.sum()
    return Mode(share, np.asarray(mean), u[nearest], float(distance[nearest]))


def _joined(found: list[Mode], meter: Meter) -> list[list[int]]:
    """Groups of modes whose nearest points are joined by straight failing lines."""
    group = list(range(len(found)))
    for i in range(len(found)):
        for j in range(i):
            if group[i] != group[j] and len(BETWEEN) <= meter.left:
                a, b = found[i].nearest, found[j].nearest
                line = np.array([a + t * (b - a) for t in BETWEEN])
                if (meter(line) <= 0).all():
                    group = [group[j] if k == group[i] else k for k in group]
    return [[i for i, k in enumerate(group) if k == name] for name in dict.fromkeys(group)]
