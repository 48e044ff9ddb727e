"""From failing points to a density that draws more of them."""

from __future__ import annotations

import numpy as np
from scipy.linalg import cholesky

from sim.sampling.estimate.em import Form, Parts, em, log_density
from sim.sampling.estimate.gaussians import LOG_2PI, Floats, Gaussians
from sim.sampling.estimate.ring import Ring, fit_ring
from sim.sampling.estimate.slopes import slopes
from sim.sampling.estimate.subspace import Halves, Subspace, subspace, whole

FREE = tuple(Form(count, 4.0, 0.0) for count in (1, 2, 4))
"""Few components of any shape."""

PLAIN = tuple(Form(count, 1e6, 0.9) for count in (1, 2, 4, 6, 10, 16, 24))
"""Many components of one shape, about as wide as nature across their mean: too many of
them do no harm."""

FLAT = tuple(Form(count, 1.0, 0.0) for count in (1, 2, 4, 6, 9, 12))
"""In up to three dimensions a shape is soon known."""

PLAIN_VIEW, FULL = 3, 10
"""Up to the first number of dimensions all of them count, up to the second they may."""

MOST_POINTS = 400
"""Points that components are fitted to; more cost time and gain nothing."""

GUARD = 0.1
"""What the defences are taken to give where a mixture is judged."""


def fit(
    u: Floats,
    weight: Floats,
    rng: np.random.Generator,
    half: Halves | None = None,
    seen: tuple[Floats, Floats] | None = None,
) -> Gaussians | Ring:
    """A mixture fitted by weighted EM; its form is decided on points held out.

    Args:
        u: (n, d) failing points, at least 1.
        weight: (n,) at least 0, not all 0.
        rng: Where its randomness comes from.
        half: (n,) which of two halves, independent of one another, a point belongs to; every
            other point if left out. Neighbours of one chain in both would hide an overfit.
        seen: Points (m, d) and values (m,), failing or not; their slopes tell directions.
    """
    weight = weight / weight.sum()
    half = np.arange(len(u)) % 2 == 0 if half is None else half
    if len(u) > MOST_POINTS:
        u, weight, half = _thinned(u, weight, half, rng)
    effective = 1.0 / float((weight**2).sum())
    judged = min(half.sum(), (~half).sum()) >= 5 and 0.05 < weight[half].sum() < 0.95
    if not judged:
        half = np.arange(len(u)) % 2 == 0
        judged = len(u) >= 10
    if not judged:
        return _around(u, weight)
    found, form = _best(u, weight, half, effective, rng, seen)
    if u.shape[1] > 1 and _round(u, weight, half, found, effective, rng):
        return fit_ring(u, weight, effective, rng)
    return _mixture(em(u @ found.basis, weight, effective, form, rng), found)


def _best(
    u: Floats,
    weight: Floats,
    half: Halves,
    effective: float,
    rng: np.random.Generator,
    seen: tuple[Floats, Floats] | None,
) -> tuple[Subspace, Form]:
    """The subspace and the form in it that do best on points held out."""
    d, best, most = u.shape[1], (whole(u.shape[1]), PLAIN[0]), -np.inf
    for space in _spaces(u, weight, half, seen, rng):
        if space.basis.shape[1] == 0:
            return (space, PLAIN[0]) if d > FULL else best
        z = u @ space.basis
        form, gain = _form(z, weight, half, effective, rng)
        beyond = float(weight @ ((u**2).sum(axis=1) - (z**2).sum(axis=1)))
        k = d - z.shape[1]
        gain -= 0.5 * beyond / space.rest**2 + k * (np.log(space.rest) + 0.5 * LOG_2PI)
        if gain > most:
            best, most = (space, form), gain
    return best


def _spaces(
    u: Floats,
    weight: Floats,
    half: Halves,
    seen: tuple[Floats, Floats] | None,
    rng: np.random.Generator,
) -> list[Subspace]:
    """Where a proposal may differ from nature: everywhere, or in the directions that tell."""
    d = u.shape[1]
    if d > FULL and seen is not None:
        told = slopes(seen, u, weight, half, rng)
        if told is not None:
            return [told]
    spaces = [whole(d)] if d <= FULL else []
    return [*spaces, subspace(u, weight, half)] if d > PLAIN_VIEW else spaces


def _around(u: Floats, weight: Floats) -> Gaussians:
    """For a handful of points: one component of nature's own spread around their mean."""
    mean = weight @ u
    basis = (mean / max(float(np.linalg.norm(mean)), 1e-12))[:, None]
    share, factor = np.ones(1), np.ones((1, 1, 1))
    return Gaussians(share, basis, (mean @ basis)[None], factor, np.ones(1))


def _mixture(parts: Parts, found: Subspace) -> Gaussians:
    share, mean, cov = parts[0], parts[1].copy(), parts[2].copy()
    mean *= found.shrink
    cov += np.diag(1.0 - found.shrink**2)
    factor = np.array([cholesky(c, lower=True) for c in cov])
    return Gaussians(share, found.basis, mean, factor, np.full(len(share), found.rest))


def _thinned(
    u: Floats, w: Floats, half: Halves, rng: np.random.Generator
) -> tuple[Floats, Floats, Halves]:
    at = (np.arange(MOST_POINTS) + rng.random()) / MOST_POINTS
    picked = np.searchsorted(np.cumsum(w), at * (1 - 1e-12))
    which, times = np.unique(np.minimum(picked, len(u) - 1), return_counts=True)
    return u[which], times / times.sum(), half[which]


def _form(
    z: Floats, w: Floats, half: Halves, effective: float, rng: np.random.Generator
) -> tuple[Form, float]:
    """The form that does best on the half it was not fitted to, and how well that is."""
    if z.shape[1] <= PLAIN_VIEW:
        forms = [_richest(z, w, effective, FLAT, rng)]
    else:
        forms = [*FREE, _richest(z, w, effective, PLAIN, rng)]
    gains = [_held_out(z, w, half, effective, form, rng) for form in forms]
    return forms[int(np.argmax(gains))], max(gains)


def _richest(
    z: Floats, w: Floats, effective: float, forms: tuple[Form, ...], rng: np.random.Generator
) -> Form:
    """The form with the least of Akaike's criterion, corrected for few points."""
    best, least, worse, k = forms[0], np.inf, 0, z.shape[1]
    for form in forms:
        parts = em(z, w, effective, form, rng)
        free = len(parts[0]) * (k + 3.0 if form.prior > k else 1 + k + k * (k + 1) / 2)
        spare = effective - free - 1
        if spare <= 0:
            break
        criterion = 2 * free * effective / spare - 2 * effective * float(w @ log_density(z, parts))
        if criterion >= least:
            worse += 1
            if worse == 2:
                break
            continue
        best, least, worse = form, criterion, 0
    return best


def _held_out(
    z: Floats, w: Floats, half: Halves, effective: float, form: Form, rng: np.random.Generator
) -> float:
    """Mean log density on each half of what was fitted to the other, the guard included."""
    spread = float(np.sqrt(w @ (z**2).sum(axis=1) / z.shape[1])) * 1.2
    total = 0.0
    for part in (half, ~half):
        parts = em(z[part], w[part] / w[part].sum(), effective / 2, form, rng)
        total += _judged(log_density(z[~part], parts), z[~part], w[~part], spread)
    return total / 2


def _judged(log_q: Floats, z: Floats, w: Floats, spread: float) -> float:
    k = z.shape[1]
    guard = -0.5 * (z**2).sum(axis=1) / spread**2 - k * np.log(spread * np.sqrt(2 * np.pi))
    return float(w @ np.logaddexp(np.log1p(-GUARD) + log_q, np.log(GUARD) + guard) / w.sum())


def _round(
    u: Floats,
    w: Floats,
    half: Halves,
    found: Subspace,
    effective: float,
    rng: np.random.Generator,
) -> bool:
    """Whether failure is alike in all directions: a ring does better than normals."""
    if found.basis.shape[1] == 0:
        return True
    if found.basis.shape[1] < u.shape[1]:
        return False
    spread = float(np.sqrt(w @ (u**2).sum(axis=1) / u.shape[1]))
    ring = plain = 0.0
    for part in (half, ~half):
        mine, other = w[part] / w[part].sum(), (u[~part], w[~part], 1.2 * spread)
        ring += _judged(fit_ring(u[part], mine, effective / 2, rng).log_pdf(u[~part]), *other)
        forms = (FLAT if u.shape[1] <= PLAIN_VIEW else FREE)[:2] + PLAIN[3:5]
        parts = [em(u[part], mine, effective / 2, form, rng) for form in forms]
        plain += max(_judged(log_density(u[~part], p), *other) for p in parts)
    return ring > plain
