"""Who drives in the field: traits that go together, with tails as long as the gap asks for.

A population is a Gaussian copula: correlated standard normals, each sent through the
quantile function of its trait's own distribution. Medians are near those of the scenario
families; what the gap changes is the spread, the tails and the ties between traits.

Status of the numbers. Headway: the spread of `strong` leans on US-101, where the log of
the followers' time headway has a standard deviation of .66 (derived from its trajectories;
OpenACC .50); without a gap it is the families' own distribution, as are the rate of lapses
and the hardest braking. Everything else is engineering, the ties above all: their signs are
what one expects of hasty and calm drivers, their sizes are chosen. `reaction_s` is the delay
of attentive perception, 0.3 s, not the 1 s of surprised drivers (Sivak, recalled): surprise
comes of lapses. Comfortable braking is softer than in the families (1.2-1.35 against 2 m/s²):
with 2 every queue joined would count as a conflict, 15-20 an ego-hour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.base.dist import Constant, Dist, LogNormal, Normal, Truncated, Uniform
from sim.family.drivers import MIN_GAP_M, InTraffic
from sim.logs.field.settings import Gap

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """A distribution of drivers.

    Attributes:
        traits: Each trait's distribution.
        ties: Correlation of the normal scores of pairs of traits; 0 where not named.
        krauss_share: Share that follows Krauss's law; the others follow `law`.
        law: Name of the car-following law of the rest.
    """

    traits: Mapping[str, Dist]
    ties: Mapping[tuple[str, str], float]
    law: str
    krauss_share: float = 0.0

    @property
    def correlation(self) -> Floats:
        """(T, T) correlation of the normal scores, in the order of `traits`."""
        names = list(self.traits)
        out = np.eye(len(names))
        for (a, b), tie in self.ties.items():
            i, j = names.index(a), names.index(b)
            out[i, j] = out[j, i] = tie
        return out

    def draw(self, n: int, rng: np.random.Generator) -> dict[str, Floats]:
        """n drivers, a trait to its (n,) values."""
        root = np.linalg.cholesky(self.correlation)
        u = ndtr(rng.standard_normal((n, len(self.traits))) @ root.T)
        u = np.clip(u, 1e-12, 1 - 1e-12)
        return {name: dist.ppf(u[:, k]) for k, (name, dist) in enumerate(self.traits.items())}


def _truncated(dist: LogNormal | Normal, low: float, high: float) -> Dist:
    return Truncated(dist, low, high)


_TIES = {
    ("desire", "headway_s"): -0.45,
    ("desire", "reaction_s"): -0.15,
    ("desire", "brake_mps2"): 0.35,
    ("desire", "accel_mps2"): 0.45,
    ("desire", "lateness"): 0.35,
    ("headway_s", "reaction_s"): 0.30,
    ("headway_s", "brake_mps2"): -0.35,
    ("headway_s", "min_gap_m"): 0.40,
    ("headway_s", "lateness"): -0.25,
    ("reaction_s", "lapse_s"): 0.30,
    ("reaction_s", "brake_mps2"): -0.15,
    ("lapses_per_s", "headway_s"): 0.15,
    ("lapses_per_s", "reaction_s"): 0.20,
    ("desire", "gap_s"): -0.30,
    ("lateness", "gap_s"): -0.30,
}


def _ties(share: float) -> Mapping[tuple[str, str], float]:
    return MappingProxyType({pair: share * tie for pair, tie in _TIES.items()})


POPULATIONS: Mapping[Gap, Population] = MappingProxyType(
    {
        "none": Population(
            law="idm",
            ties=_ties(0.0),
            traits=MappingProxyType(
                {
                    "desire": _truncated(Normal(1.0, 0.08), 0.75, 1.25),
                    "headway_s": InTraffic.headway,
                    "reaction_s": _truncated(LogNormal(0.30, 0.25), 0.1, 0.8),
                    "brake_mps2": _truncated(LogNormal(1.2, 0.20), 0.7, 2.5),
                    "brake_max_mps2": InTraffic.brake_max,
                    "accel_mps2": Constant(1.4),
                    "min_gap_m": Constant(MIN_GAP_M),
                    "lapse_s": Constant(1.0),
                    "lapses_per_s": InTraffic.lapses,
                    "lateness": Uniform(0.0, 1.0),
                    "gap_s": _truncated(LogNormal(6.0, 0.20), 4.0, 10.0),
                    "judgement": Constant(0.0),
                }
            ),
        ),
        "mild": Population(
            law="gipps",
            ties=_ties(0.7),
            traits=MappingProxyType(
                {
                    "desire": _truncated(Normal(1.02, 0.12), 0.65, 1.5),
                    "headway_s": _truncated(LogNormal(1.35, 0.45), 0.45, 6.0),
                    "reaction_s": _truncated(LogNormal(0.30, 0.40), 0.1, 1.2),
                    "brake_mps2": _truncated(LogNormal(1.35, 0.25), 0.7, 4.0),
                    "brake_max_mps2": _truncated(LogNormal(7.0, 0.15), 5.0, 9.0),
                    "accel_mps2": _truncated(LogNormal(1.5, 0.25), 0.7, 3.0),
                    "min_gap_m": _truncated(LogNormal(2.2, 0.30), 0.9, 5.0),
                    "lapse_s": LogNormal(1.3, 0.40),
                    "lapses_per_s": LogNormal(0.012, 0.8),
                    "lateness": Uniform(0.0, 1.0),
                    "gap_s": _truncated(LogNormal(5.5, 0.25), 3.5, 10.0),
                    "judgement": _truncated(LogNormal(0.12, 0.5), 0.02, 0.5),
                }
            ),
        ),
        "strong": Population(
            law="gipps",
            krauss_share=0.5,
            ties=_ties(1.0),
            traits=MappingProxyType(
                {
                    "desire": _truncated(Normal(1.05, 0.18), 0.55, 1.7),
                    "headway_s": _truncated(LogNormal(1.35, 0.57), 0.45, 8.0),
                    "reaction_s": _truncated(LogNormal(0.30, 0.55), 0.05, 2.0),
                    "brake_mps2": _truncated(LogNormal(1.35, 0.40), 0.6, 6.0),
                    "brake_max_mps2": _truncated(LogNormal(7.0, 0.20), 5.0, 9.0),
                    "accel_mps2": _truncated(LogNormal(1.6, 0.35), 0.6, 4.0),
                    "min_gap_m": _truncated(LogNormal(2.2, 0.45), 0.7, 7.0),
                    "lapse_s": LogNormal(1.3, 0.55),
                    "lapses_per_s": LogNormal(0.008, 0.8),
                    "lateness": Uniform(0.0, 1.0),
                    "gap_s": _truncated(LogNormal(5.2, 0.35), 3.0, 12.0),
                    "judgement": _truncated(LogNormal(0.18, 0.6), 0.02, 0.6),
                }
            ),
        ),
    }
)
