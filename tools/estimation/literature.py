"""Limit states from the reliability literature, by exact transforms to standard-normal space.

RP numbers are those of the TNO black-box reliability challenge (Rózsás and Slobbe 2019).
Answers are published ones, or were integrated here (`quadrature.py`).
"""

from __future__ import annotations

import numpy as np
from scipy import stats
from scipy.special import log_ndtr, ndtr

from tools.estimation.problems import Floats, Problem
from tools.estimation.quadrature import line, plane

PUBLISHED, INTEGRATED = "published", "integrated on a grid"


def four_branch(u: Floats) -> Floats:
    """Four ways to fail, two of them farther (Waarts 2000)."""
    x, y = u[:, 0], u[:, 1]
    bend, across, root = 3 + 0.1 * (x - y) ** 2, (x + y) / np.sqrt(2), 7 / np.sqrt(2)
    ways = [bend - across, bend + across, x - y + root, y - x + root]
    return np.asarray(np.min(ways, axis=0))


def _lognormal(u: Floats, mean: float, sd: float) -> Floats:
    s2 = np.log1p((sd / mean) ** 2)
    return np.asarray(np.exp(np.log(mean) - s2 / 2 + np.sqrt(s2) * u))


def rp8(u: Floats) -> Floats:
    x = [_lognormal(u[:, i], 120, 12) for i in range(4)]
    x += [_lognormal(u[:, 4], 50, 10), _lognormal(u[:, 5], 40, 8)]
    return np.asarray(x[0] + 2 * x[1] + 2 * x[2] + x[3] - 5 * x[4] - 5 * x[5])


def rp14(u: Floats) -> Floats:
    x1 = 70 + 10 * ndtr(u[:, 0])
    x2, x4, x5 = 39 + 0.1 * u[:, 1], 400 + 0.1 * u[:, 3], 250_000 + 35_000 * u[:, 4]
    x3 = 1342 - 272.9 * np.log(-log_ndtr(u[:, 2]))
    moment = np.sqrt(x3**2 * x4**2 / 16 + x5**2)
    return np.asarray(x1 - 32 / (np.pi * x2**3) * moment)


def rp22(u: Floats) -> Floats:
    x, y = u[:, 0], u[:, 1]
    return np.asarray(2.5 + 0.1 * (x - y) ** 2 - (x + y) / np.sqrt(2))


def rp24(u: Floats) -> Floats:
    x, y = 10 + 3 * u[:, 0], 10 + 3 * u[:, 1]
    return np.asarray(2.5 - 0.2357 * (x - y) + 0.00463 * (x + y - 20) ** 4)


def rp25(u: Floats) -> Floats:
    x, y = u[:, 0], u[:, 1]
    return np.asarray(np.maximum(x**2 - 8 * y + 16, -16 * x + y + 32))


def rp28(u: Floats) -> Floats:
    return np.asarray((78064.4 + 11709.7 * u[:, 0]) * (0.0104 + 0.00156 * u[:, 1]) - 146.14)


def rp31(u: Floats) -> Floats:
    return np.asarray(2 - u[:, 1] + (4 * u[:, 0]) ** 4)


def rp33(u: Floats) -> Floats:
    return np.asarray(np.minimum(3 * np.sqrt(3) - u.sum(axis=1), 3 - u[:, 2]))


def rp35(u: Floats) -> Floats:
    x, y = u[:, 0], u[:, 1]
    return np.asarray(np.minimum(2 - y + np.exp(-0.1 * x**2) + (0.2 * x) ** 4, 4.5 - x * y))


def rp38(u: Floats) -> Floats:
    means = np.array([350, 50.8, 3.81, 173, 9.38, 33.1, 0.036])
    x1, x2, x3, x4, x5, x6, x7 = (means * (1 + 0.1 * u)).T
    top = x4**2 - 4 * x5 * x6 * x7**2 + x4 * (x6 + 4 * x5 + 2 * x6 * x7)
    return np.asarray(
        15.59e4 - x1 * x2**3 / (2 * x3**3) * top / (x4 * x5 * (x4 + x6 + 2 * x6 * x7))
    )


def rp53(u: Floats) -> Floats:
    x, y = 1.5 + u[:, 0], 2.5 + u[:, 1]
    return np.asarray(np.sin(2.5 * x) + 2 - (x**2 + 4) * (y - 1) / 20)


def rp57(u: Floats) -> Floats:
    x, y = u[:, 0], u[:, 1]
    corner = np.maximum(-(x**2) + y**3 + 3, 2 - x - 8 * y)
    return np.asarray(np.minimum(corner, (x + 3) ** 2 + (y + 3) ** 2 - 4))


def rp63(u: Floats) -> Floats:
    return np.asarray(0.1 * (u[:, 1:] ** 2).sum(axis=1) - u[:, 0] - 4.5)


def rp75(u: Floats) -> Floats:
    return np.asarray(3 - u[:, 0] * u[:, 1])


def rp110(u: Floats) -> Floats:
    """What falls fastest leads away from where it fails (Breitung 2019)."""
    x, y = u[:, 0], u[:, 1]
    first = np.where(x > 3.5, 4 - x, 0.85 - 0.1 * x)
    second = np.where(y > 2, 0.5 - 0.1 * y, 2.3 - y)
    return np.asarray(np.minimum(first, second))


def metaballs(u: Floats) -> Floats:
    """Two hollows, the shallower one nearer (Breitung 2019)."""
    x, y = u[:, 0], u[:, 1]
    first = 30 / ((4 * (x + 2) ** 2 / 9 + y**2 / 25) ** 2 + 1)
    second = 20 / (((x - 2.5) ** 2 / 4 + (y - 0.5) ** 2 / 25) ** 2 + 1)
    return np.asarray(first + second - 5)


def wave(u: Floats) -> Floats:
    """An edge that oscillates."""
    return np.asarray(3.5 + 0.5 * np.sin(5 * u[:, 1]) - u[:, 0])


def literature() -> list[Problem]:
    """All of them with their answers; `integrals` finds those that are not published."""
    return [
        Problem("four-branch", 2, four_branch, 2.2227950662e-3, PUBLISHED),
        Problem("RP8", 6, rp8, 7.898e-4, PUBLISHED),
        Problem("RP14", 5, rp14, 7.7285e-4, PUBLISHED),
        Problem("RP22", 2, rp22, 4.2073e-3, PUBLISHED),
        Problem("RP25", 2, rp25, 4.1486e-5, PUBLISHED),
        Problem("RP53", 2, rp53, 3.1321e-2, INTEGRATED),
        Problem("RP24", 2, rp24, 2.860158e-3, INTEGRATED),
        Problem("RP28", 2, rp28, 1.452614e-7, INTEGRATED),
        Problem("RP31", 2, rp31, 3.226676e-3, INTEGRATED),
        Problem("RP33", 3, rp33, 2.575723e-3, INTEGRATED),
        Problem("RP35", 2, rp35, 3.478961e-3, INTEGRATED),
        Problem("RP38", 7, rp38, 8.066e-3, "30 million nominal draws, relative error 0.2 %"),
        Problem("RP57", 2, rp57, 2.823092e-2, INTEGRATED),
        Problem("RP63", 100, rp63, 3.769436e-4, INTEGRATED),
        Problem("RP75", 2, rp75, 9.819348e-3, INTEGRATED),
        Problem("RP110", 2, rp110, float(1 - (1 - ndtr(-4.0)) * (1 - ndtr(-5.0))), "closed form"),
        Problem("metaballs", 2, metaballs, 1.127983e-5, INTEGRATED),
        Problem("wave", 2, wave, 4.519900e-4, INTEGRATED),
    ]


def integrals() -> dict[str, float]:
    """The answers that stand above as integrated, found anew; takes some seconds."""
    planes = [p for p in literature() if p.source == INTEGRATED and p.dim == 2]
    out = {p.name: plane(p.limit_state) for p in planes if p.name != "wave"}
    near = 3 * np.sqrt(3)
    out["RP33"] = line(lambda z: np.where(z >= 3, 1.0, ndtr(-(near - z) / np.sqrt(2))))
    out["RP63"] = line(lambda x: stats.chi2.cdf(10 * (x + 4.5), 99))
    out["wave"] = line(lambda z: ndtr(-3.5 - 0.5 * np.sin(5 * z)))
    return out
