"""A proposal for failure in all directions: any direction, a radius that was learnt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from sim.sampling.estimate.em import Form, em
from sim.sampling.estimate.gaussians import LOG_2PI, Floats, log_sum

WAYS = Form(count=2, prior=1.0, floor=0.05)


@dataclass(frozen=True)
class Ring:
    """Directions uniform on the sphere, radii from a mixture of normals.

    Attributes:
        dim: d.
        share: (K,) weights that sum to 1.
        mean: (K,) radii.
        sd: (K,) of the radii.
    """

    dim: int
    share: Floats
    mean: Floats
    sd: Floats

    def joint(self, u: Floats) -> Floats:
        """(n, 1): log density at u (n, d); it is one way to fail."""
        return self.log_pdf(u)[:, None]

    def log_pdf(self, u: Floats) -> Floats:
        """Log density (n,) at u (n, d)."""
        r = np.sqrt((u**2).sum(axis=1))
        each = np.log(self.share) - 0.5 * ((r[:, None] - self.mean) / self.sd) ** 2
        radial = log_sum(each - np.log(self.sd) - 0.5 * LOG_2PI)
        return np.asarray(radial - _log_sphere(self.dim) - (self.dim - 1) * np.log(r))

    def sample(self, n: int, rng: np.random.Generator) -> Floats:
        """Points (n, d)."""
        which = rng.choice(len(self.share), size=n, p=self.share)
        r = self.mean[which] + self.sd[which] * rng.standard_normal(n)
        u = rng.standard_normal((n, self.dim))
        return np.asarray(u * (r / np.sqrt((u**2).sum(axis=1)))[:, None])

    def widened(self, by: float) -> Ring:
        """The same with the spread of the radii multiplied."""
        return Ring(self.dim, self.share, self.mean, self.sd * by)


def fit_ring(u: Floats, weight: Floats, effective: float, rng: np.random.Generator) -> Ring:
    """The radii of points u (n, d) with weights (n,) that sum to 1."""
    r = np.sqrt((u**2).sum(axis=1))[:, None]
    share, mean, cov = em(r, weight, effective, WAYS, rng)
    return Ring(u.shape[1], share, mean[:, 0], np.sqrt(cov[:, 0, 0]))


def _log_sphere(d: int) -> float:
    """Log area of the unit sphere in d dimensions; a radius below 0 counts as its opposite."""
    return float(np.log(2) + d / 2 * np.log(np.pi) - gammaln(d / 2))
