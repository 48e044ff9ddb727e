"""The detectors: scikit-learn pipelines by name, made from a seed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from sim.base.errors import UserError, unknown
from sim.base.plugins import Plugins, in_one_line, is_ours
from sim.base.registry import Registry
from sim.features.schema import INDEX
from sim.learn import foreign, scoring
from sim.learn.combine import Ensemble, Union
from sim.learn.transforms import Codes, RobustScale

DETECTORS: Registry[Callable[..., Any]] = Registry("detector")
"""Each entry makes an unfitted estimator from a seed, some of them in several capacities."""

GROUP = "closecall.detectors"
"""The entry points by which installed packages announce detectors."""

ONE_CAPACITY = ("default",)
"""The capacities of a detector that has no choice of them."""

PLUGINS = Plugins(DETECTORS, GROUP, foreign.accept)


@dataclass(frozen=True)
class Sized:
    """A detector that comes in several capacities.

    Attributes:
        function: Makes it from a seed and a capacity.
        capacities: The names that the function knows, the usual one first.
    """

    function: Callable[[int, str], Any]
    capacities: tuple[str, ...]

    def __call__(self, seed: int, capacity: str | None = None) -> Any:
        """An unfitted estimator; of the usual capacity if none is named."""
        return self.function(seed, self.capacities[0] if capacity is None else capacity)


def sized(*capacities: str) -> Callable[[Callable[[int, str], Any]], Sized]:
    """A decorator for a function of seed and capacity that knows these capacities."""

    def enter(function: Callable[[int, str], Any]) -> Sized:
        return Sized(function, capacities)

    return enter


@DETECTORS.register("hgb")
@sized("small", "large")
def hgb(seed: int, capacity: str) -> Pipeline:
    """Gradient-boosted trees on binned features: the main detector.

    Stopping early is off: its random validation rows would be neighbours of training rows.
    Forty trees are as good on few recordings as a hundred at a lower rate, and a split that
    looks at three features in ten as good as one that looks at all; together they halve the
    time. With thousands of simulated episodes the large one is better. Leaves are shrunk by
    weight, as a number of rows means nothing where simulated rows weigh little.
    """
    large = capacity == "large"
    trees = HistGradientBoostingClassifier(
        learning_rate=0.1 if large else 0.2,
        max_iter=100 if large else 40,
        max_leaf_nodes=31 if large else 8,
        min_samples_leaf=20,
        l2_regularization=3.0,
        max_features=0.3,
        early_stopping=False,
        random_state=seed,
    )
    return Pipeline([("codes", Codes()), ("model", trees)])


@DETECTORS.register("logistic")
def logistic(seed: int) -> Pipeline:
    """Logistic regression on robustly scaled features: what a line can do.

    It has one capacity: on simulated episodes kept out of training its average precision is
    .409 at C = .1 and .412 at C = 10, and .29 to .32 with four or six linear splines a feature.
    """
    line = LogisticRegression(C=0.1, tol=1e-3, max_iter=100, random_state=seed)
    return Pipeline([("scale", RobustScale()), ("model", line)])


@DETECTORS.register("extra_trees")
@sized("small", "large")
def extra_trees(seed: int, capacity: str) -> Pipeline:
    """A hundred extremely randomised trees, each on a part of the rows.

    The small one sees a quarter of the rows, which is 4x faster to fit. Where capacity helps,
    smaller leaves and a choice among more features do it, not more trees: average precision on
    simulated episodes kept out of training is .436 for the small one, .462 with 300 trees of
    leaves of 2, .494 for the large one: three features in ten at a split, half of the rows.
    """
    large = capacity == "large"
    trees = ExtraTreesClassifier(
        n_estimators=100,
        min_samples_leaf=2 if large else 5,
        max_features=0.3 if large else "sqrt",
        bootstrap=True,
        max_samples=0.5 if large else 0.25,
        random_state=seed,
    )
    return Pipeline([("codes", Codes()), ("model", trees)])


@DETECTORS.register("ensemble")
@sized("small", "large")
def ensemble(seed: int, capacity: str) -> Pipeline:
    """The mean of the standardised scores of boosted trees, a line and randomised trees."""
    members = [hgb(seed, capacity), logistic(seed), extra_trees(seed, capacity)]
    return Pipeline([("model", Ensemble(members))])


@DETECTORS.register("hgb_or_mttc")
@sized("small", "large")
def hgb_or_mttc(seed: int, capacity: str) -> Pipeline:
    """Boosted trees or 1/MTTC, whichever gives the alarm: physics sees the last second best."""
    either = Union(hgb(seed, capacity), INDEX["lead_inverse_mttc_per_s"])
    return Pipeline([("model", either)])


def capacities(name: str) -> tuple[str, ...]:
    """The capacities of a detector, the usual one first.

    Raises:
        UserError: There is no such detector.
    """
    return tuple(getattr(resolve(name), "capacities", ONE_CAPACITY))


def make(name: str, seed: int, capacity: str | None = None) -> Any:
    """An unfitted detector, whose last step is called `model` and takes sample weights.

    Args:
        name: In `DETECTORS`, of an entry point, or `module:function`.
        seed: Of what is random in it.
        capacity: One of `capacities(name)`; None is the usual one.

    Raises:
        UserError: There is no such detector or capacity, or it cannot be made or used.
    """
    maker, known = resolve(name), capacities(name)
    if capacity is not None and capacity not in known:
        raise unknown(f"capacity of {name}", capacity, known)
    try:
        made = maker(seed) if capacity is None or known == ONE_CAPACITY else maker(seed, capacity)
    except (Exception, SystemExit) as error:
        raise UserError(f"detector {name}: {in_one_line(error)}") from error
    return made if is_ours(maker) else foreign.as_pipeline(name, made)


def resolve(name: str, *, where: str = "detector") -> Callable[..., Any]:
    """The maker that a name stands for, in any process.

    Raises:
        UserError: There is no such detector, or its module cannot be imported.
    """
    return PLUGINS.resolve(name, where=where)


def names() -> list[str]:
    """All detectors known by a plain name, those of installed packages included."""
    return PLUGINS.names()


def check(name: str, *, where: str = "study.detectors") -> None:
    """Whether a study can use a detector: others than ours are fitted to some rows.

    Raises:
        UserError: There is no such detector, it is none, or it fails.
    """
    maker = resolve(name, where=where)
    if not is_ours(maker):
        foreign.tried(name, make(name, 0))


def shipped(names: Iterable[str]) -> dict[str, bytes]:
    """What workers need for these detectors beyond what they find by name; for `install`.

    Raises:
        UserError: A detector registered at run time cannot be pickled.
    """
    return PLUGINS.shipped(names)


def install(shipped: Mapping[str, bytes]) -> None:
    """Make detectors known that another process registered at run time."""
    PLUGINS.install(shipped)


def fit(
    detector: Pipeline,
    X: NDArray[np.float32],
    y: NDArray[np.bool_],
    w: NDArray[np.float64],
) -> Pipeline:
    """Fit a detector on (n, d) features with (n,) labels and weights.

    What holds detectors back from their training rows counts in units of weight: give rows that
    matter alike in two fits the same weight in both.
    """
    with warnings.catch_warnings():
        # a line that is not quite settled is as good a detector: 100 steps bound its cost
        warnings.simplefilter("ignore", ConvergenceWarning)
        detector.fit(X, y, model__sample_weight=w)
    return detector


def score(detector: Pipeline, X: NDArray[np.float32]) -> NDArray[np.float64]:
    """(n,) the fitted detector's score in [0, 1], for most the probability of danger."""
    return scoring.danger(detector, X)
