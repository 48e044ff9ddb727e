"""Where failure lies: nominal draws, wide draws, and subset simulation in two halves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim.sampling.estimate.archive import Archive, effective
from sim.sampling.estimate.crude import Tally
from sim.sampling.estimate.gaussians import Blend, Floats, Gaussians, centred
from sim.sampling.estimate.meter import Meter
from sim.sampling.estimate.subset import Descent, descend
from sim.sampling.estimate.temper import Tempered, temper

WIDE_UP_TO = 12
"""Dimensions up to which wide draws find anything that has a weight."""

COMMON, COMMON_WIDE = 0.1, 0.03
"""From this failure probability on nominal draws are as good as any; in more dimensions than
`WIDE_UP_TO`, where a proposal costs more to learn, from the smaller one (a family of 87 with
p 0.084 and equal calls: 3.4 % against 4.0 %)."""

SEEN_WHOLE, ENOUGH = 3, 8
"""Dimensions in which wide draws and one half do, with so many effective failing ones. Without
any half, a small set near the origin that a slope leads to went unseen beside a large one far out
(outside a circle of 5, a spot with 98 % of the probability: 70 % of the intervals missed)."""

RAREST = 1e-9
"""The widest draws reach as far as a sphere with this probability outside it."""


@dataclass(frozen=True)
class Exploration:
    """What was seen on the way to failure.

    Attributes:
        nominal: Nominal points.
        archive: The independent draws.
        halves: Subset simulations that know nothing of one another.
        tempered: The way in from wide draws, where subset simulation found no way.
    """

    nominal: Tally
    archive: Archive
    halves: tuple[Descent, ...]
    tempered: Tempered | None

    @property
    def common(self) -> bool:
        """Whether failure is so frequent that nominal draws do."""
        return self.nominal.probability >= _common(self.archive.dim)

    @property
    def chained(self) -> tuple[Floats, NDArray[np.bool_]]:
        """Failing points (m, d) found by chains, and from which half (m,)."""
        points = [half.points if half.reached else half.points[:0] for half in self.halves]
        if self.tempered is not None and self.tempered.reached:
            points += list(np.array_split(self.tempered.points, 2))
        points = [np.empty((0, self.archive.dim)), *points]
        half = [np.full(len(u), i % 2 == 0) for i, u in enumerate(points)]
        return np.concatenate(points), np.concatenate(half)


def _common(d: int) -> float:
    """The failure probability from which on d dimensions need no proposal."""
    return COMMON if d <= WIDE_UP_TO else COMMON_WIDE


def explore(meter: Meter, n: int, rng: np.random.Generator) -> Exploration:
    """Look for failure with n points a level and about half of the budget."""
    d = meter.dim
    archive = Archive(d)
    u = rng.standard_normal((n, d))
    g = meter(u)
    archive.add(Blend((1.0,), (centred(d, np.ones(1)),)), n, u[g <= 0])
    nominal = Tally(n, int((g <= 0).sum()), u[g <= 0])
    if nominal.probability >= _common(d):
        return Exploration(nominal, archive, (), None)
    if d <= WIDE_UP_TO:
        _widely(meter, n, archive, rng)
    parts = [(0.36, slice(0, n // 2)), (0.5, slice(n // 2, None))]
    if d <= SEEN_WHOLE and effective(archive.log_weight) >= ENOUGH:
        parts = parts[:1]
    halves = tuple(
        descend(_Part(meter, share), n // 2, rng, (u[part], g[part]), n // 2)
        for share, part in parts
    )
    tempered = None
    if not any(half.reached for half in halves):
        tempered = temper(meter, n // 2, rng, int(0.6 * meter.left))
    return Exploration(nominal, archive, halves, tempered)


def wide(d: int) -> Gaussians:
    """Normals of six widths, from nature's own to where nothing but the rarest lies."""
    reach = float(np.sqrt(stats.chi2.isf(RAREST, d) / d))
    return centred(d, np.geomspace(1.0, max(reach, 1.5), 6)[1:])


def _widely(meter: Meter, n: int, archive: Archive, rng: np.random.Generator) -> None:
    blend = Blend((1.0,), (wide(meter.dim),))
    u = blend.sample(n, rng)
    archive.add(blend, n, u[meter(u) <= 0])


class _Part(Meter):
    """A meter that may use a share of what is left in another."""

    def __init__(self, whole: Meter, share: float) -> None:
        super().__init__(whole, whole.dim, int(share * whole.left))
        self._whole = whole

    def __call__(self, u: Floats) -> Floats:
        self.used += len(u)
        return self._whole(u)
