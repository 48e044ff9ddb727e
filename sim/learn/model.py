"""A trained detector with the schema of its features, on disk as data that cannot run code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from sim.base.errors import UserError, expected
from sim.base.store import write_atomically
from sim.features import FeatureTable
from sim.learn import detectors

SCHEMA = 1
ALLOWED = frozenset(
    {
        "sim.learn.combine.Ensemble",
        "sim.learn.combine.Union",
        "sim.learn.fusion.Fusion",
        "sim.learn.transforms.Codes",
        "sim.learn.transforms.RobustScale",
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.tree._tree.Tree",
    }
)
"""The types in a model file beyond those that skops trusts by itself; nothing else is loaded."""


@dataclass(frozen=True)
class Model:
    """A fitted detector and what it has to be given.

    Attributes:
        pipeline: Fitted scikit-learn pipeline.
        columns: Names of its features, in order; a name ends in its unit.
        detector: Its name in `DETECTORS`.
        arm: What it was trained on.
        threshold: Alarm threshold from validation, NaN if there was none.
    """

    pipeline: Pipeline
    columns: tuple[str, ...]
    detector: str
    arm: str
    threshold: float

    def score(self, table: FeatureTable) -> NDArray[np.float64]:
        """(n,) probability of danger for each row, by the features' names.

        Raises:
            UserError: The table lacks a feature.
        """
        lacking = [name for name in self.columns if name not in table.columns]
        if lacking:
            own = "; features of your own are named in window.extra"
            raise UserError(f"model: the features lack {', '.join(lacking[:3])}{own}")
        where = [table.columns.index(name) for name in self.columns]
        return detectors.score(self.pipeline, table.X[:, where])

    def save(self, path: Path) -> Path:
        """Write the model, as a whole or not at all; returns its path.

        Raises:
            UserError: A user's own detector holds what cannot be written as data.
        """
        import skops.io  # here, as it loads the whole of scipy.stats to know what it trusts

        content = {"closecall_model": SCHEMA, **vars(self), "columns": list(self.columns)}
        try:
            data = skops.io.dumps(content)
        except Exception as error:  # of whatever a user's own estimator holds
            told = f"detector {self.detector}: its model cannot be saved"
            raise UserError(f"{told} ({type(error).__name__}: {error})") from error
        return write_atomically(path, lambda part: part.write_bytes(data))


def load(path: Path, *, trusted: Iterable[str] = ()) -> Model:
    """Read a model that `Model.save` wrote.

    Args:
        path: Of the file.
        trusted: Types that a user's own detector consists of, besides those of ours and of
            scikit-learn. Their modules are imported and may run code: trust the file's author.

    Raises:
        UserError: There is no such file, it is not a model of ours, or it holds a type that a
            model of ours never does.
    """
    if not path.is_file():
        raise expected("model", "a model file (*.skops)", str(path))
    import skops.io

    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise expected("model", "a model file (*.skops)", str(path))
    try:
        allowed = ALLOWED | set(trusted)
        foreign = sorted(set(skops.io.get_untrusted_types(data=data)) - allowed)
        if foreign:
            told = f"model: {path} holds types that no model of ours does: {', '.join(foreign)}"
            raise UserError(f"{told}; if you trust them, name them in trusted")
        content = skops.io.loads(data, trusted=sorted(allowed))
    except UserError:
        raise
    except Exception as error:  # a broken archive fails in many ways inside skops
        raise UserError(f"model: {path} cannot be read ({type(error).__name__})") from error
    return _model(content, path)


def _model(content: Any, path: Path) -> Model:
    if not isinstance(content, dict) or content.get("closecall_model") != SCHEMA:
        raise UserError(f"model: {path} is not a Closecall model of schema {SCHEMA}")
    try:
        return Model(
            pipeline=content["pipeline"],
            columns=tuple(str(name) for name in content["columns"]),
            detector=str(content["detector"]),
            arm=str(content["arm"]),
            threshold=float(content["threshold"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"model: {path} is incomplete ({error})") from error
