"""Estimators that users bring: wrapped so that they take weights and missing values."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags

from sim.base.errors import UserError, expected
from sim.base.plugins import in_one_line
from sim.features import COLUMNS
from sim.learn import scoring

MODEL = "model"
"""Name of a pipeline's last step, which takes the sample weights."""
TRIAL_ROWS = 400
"""Rows of the trial that shows mistakes before a study begins."""


def accept(where: str, found: object) -> Callable[..., Any]:
    """A maker from what a name led to: a function of a seed, or an estimator's class."""
    if inspect.isclass(found) and hasattr(found, "get_params"):
        return _Seeded(found)
    if not callable(found) or hasattr(found, "get_params"):
        raise expected(where, "a function: seed -> scikit-learn estimator or Pipeline", found)
    return found


class _Seeded:
    """An estimator's class as a maker."""

    def __init__(self, kind: Callable[[], Any]) -> None:
        self.function = kind

    def __call__(self, seed: int) -> Any:
        made = self.function()
        return made.set_params(random_state=seed) if "random_state" in made.get_params() else made


def as_pipeline(name: str, made: object) -> Pipeline:
    """A pipeline whose last step is called `model`, takes weights and gets no NaN it cannot use.

    An estimator that does not allow NaN (by its tags) gets columns of mean 0 and variance 1,
    with medians for what is missing. One that would take all processors is given one: a study
    has a process for each.

    Raises:
        UserError: It is no estimator, or its last step does not take sample weights.
    """
    if not hasattr(made, "fit") or not hasattr(made, "get_params"):
        raise expected(f"detector {name}", "a scikit-learn estimator or Pipeline", made)
    steps = made.steps[:-1] if isinstance(made, Pipeline) else []
    model: Any = made.steps[-1][1] if isinstance(made, Pipeline) else made
    taken = inspect.signature(model.fit).parameters
    anything = any(p.kind is inspect.Parameter.VAR_KEYWORD for p in taken.values())
    if "sample_weight" not in taken and not anything:
        raise expected(f"detector {name}", "an estimator whose fit takes sample_weight", made)
    if not hasattr(model, "predict_proba") and not hasattr(model, "decision_function"):
        wanted = "an estimator with predict_proba or decision_function"
        raise expected(f"detector {name}", wanted, made)
    theirs = not type(model).__module__.startswith("sklearn.")  # whose None means one already
    if theirs and model.get_params().get("n_jobs", 1) is None:
        model.set_params(n_jobs=1)
    if not steps and not get_tags(model).input_tags.allow_nan:
        imputer = SimpleImputer(strategy="median", keep_empty_features=True)
        steps = [("impute", imputer), ("scale", StandardScaler())]
    return Pipeline([*steps, (MODEL, model)])


def tried(name: str, detector: Pipeline) -> None:
    """Fit and score some made-up rows, to learn of mistakes before a study begins.

    Raises:
        UserError: That fails, or does not give a finite score for each row.
    """
    rng = np.random.default_rng(0)
    X = rng.standard_normal((TRIAL_ROWS, len(COLUMNS))).astype(np.float32)
    y = X[:, 0] > 1.0
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, -1] = np.nan
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of convergence, on rows that mean nothing
            detector.fit(X, y, **{f"{MODEL}__sample_weight": np.ones(len(y))})
            scores = scoring.danger(detector, X)
    except (Exception, SystemExit) as error:
        told = f"detector {name}: cannot be fitted and asked for scores"
        raise UserError(f"{told}: {in_one_line(error)}") from error
    if scores.shape != y.shape or not np.isfinite(scores).all():
        raise expected(f"detector {name}", "a finite score for each row", scores)
