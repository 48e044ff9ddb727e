"""Points that meet a family's constraints: those that do not are drawn anew, each by itself."""

from __future__ import annotations

import numpy as np

from sim.base.errors import UserError
from sim.base.rng import purpose
from sim.family import Family
from sim.sampling.designs.independent import Iid
from sim.sampling.sampler import Floats, Ints, Sampler

TRIED = 4096
"""Draws by which the share that meets all constraints is judged before any is drawn anew."""
LEAST = 0.005
"""Smallest such share; below it each scene would cost some 200 draws, and nobody wants that few."""
MEASURED = 2**15
"""Draws behind the correction of weights: it errs by 0.6 % where half of the draws are kept."""


def feasible_points(
    family: Family, sampler: Sampler, n: int, seed: int, start: int = 0
) -> tuple[Floats, Floats]:
    """As `traced_points`, without the proposals."""
    points, log_weight, _ = traced_points(family, sampler, n, seed, start)
    return points, log_weight


def traced_points(
    family: Family, sampler: Sampler, n: int, seed: int, start: int = 0
) -> tuple[Floats, Floats, Ints]:
    """Points number `start` to `start + n - 1` of a sampler, all of which meet the constraints.

    A point that does not is replaced by the one of the same number in the same design with
    another seed, until one does: so point i depends on the sampler, the seed and i alone.

    Returns:
        Points (n, d), their log weights (n,) as from `Sampler.ask`, and the proposals (n,)
        that they came from. The nominal density is the one given the constraints: where the
        sampler tilts, weights are corrected for the share of its own draws and of nominal
        draws that meet them.

    Raises:
        UserError: Less than `LEAST` of nominal draws meet the constraints.
    """
    points, log_weight = sampler.ask(n, family.space, seed, start)
    source = sampler.proposals(n, family.space, seed, start)
    left = np.flatnonzero(~family.feasible(points))
    if not family.conditions:
        return points, log_weight, source
    if len(left):
        check_share(family)
        points, log_weight, source = points.copy(), log_weight.copy(), source.copy()
    attempt = 0
    while len(left):
        attempt += 1
        first, last = int(left[0]), int(left[-1]) + 1
        anew = last - first, family.space, retry(seed, attempt), start + first
        fresh, weight = sampler.ask(*anew)
        met = family.feasible(fresh[left - first])
        at = left[met]
        points[at], log_weight[at] = fresh[at - first], weight[at - first]
        source[at] = sampler.proposals(*anew)[at - first]
        left = left[~met]
    return points, log_weight + _correction(family, sampler, seed), source


def retry(seed: int, attempt: int) -> int:
    """The seed of the design from which the points of an attempt come."""
    return purpose(f"retry {attempt} of {seed}")


def share(family: Family, sampler: Sampler | None = None, n: int = TRIED, seed: int = 0) -> float:
    """The share of a sampler's draws (nominal ones if none is given) that meet the constraints."""
    points, _ = (sampler or Iid()).ask(n, family.space, purpose(f"share {seed}"))
    return float(family.feasible(points).mean())


def check_share(family: Family) -> None:
    """Raise `UserError` where so few draws meet the constraints that drawing would not end."""
    met = share(family)
    if met >= LEAST:
        return
    points, _ = Iid().ask(TRIED, family.space, purpose("share 0"))
    draws = family.draw(points)
    alone = {c.text: float(np.mean(c.holds(draws.values))) for c in family.conditions}
    text, rarest = min(alone.items(), key=lambda item: item[1])
    raise UserError(
        f"{family.terms.name}: constraints: {met:.2%} of {TRIED:,} draws meet them, at least "
        f"{LEAST:.1%} must; {text!r} alone is met by {rarest:.2%}"
    )


def _correction(family: Family, sampler: Sampler, seed: int) -> float:
    """Log of the sampler's own share over the nominal one; 0 where it samples as nature would."""
    if sampler.conditional:
        return 0.0
    _, log_weight = sampler.ask(64, family.space, purpose(f"share {seed}"))
    if not log_weight.any():
        return 0.0
    own, nominal = share(family, sampler, MEASURED), share(family, None, MEASURED)
    return float(np.log(own / nominal))
