"""Detectors: they learn, bear missing values, and come back from disk as they were."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import skops.io
from feature_tables import make_table
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline

from sim.base.errors import UserError
from sim.features import schema
from sim.learn.detectors import DETECTORS, capacities, fit, make, score
from sim.learn.model import Model, load
from sim.learn.transforms import CODES, Codes, RobustScale
from sim.learn.trees import BLOCK

WIDTH = schema.INDEX["lead_inverse_mttc_per_s"] + 2
COLUMNS = tuple(f"x{k}" for k in range(WIDTH))
CHOICES = [(name, capacity) for name in DETECTORS for capacity in capacities(name)]


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    X = rng.standard_normal((2000, WIDTH)).astype(np.float32)
    y = X[:, 0] + 0.3 * rng.standard_normal(2000) > 1.2
    X[:, WIDTH - 2] = X[:, 0]  # where 1/MTTC stands
    X[rng.random(X.shape) < 0.1] = np.nan
    X[:, 3] = np.nan  # a feature that this training set never saw
    return X, y, rng.uniform(0.5, 1.5, 2000)


@pytest.mark.parametrize(("name", "capacity"), CHOICES)
def test_every_detector_finds_a_plain_signal_and_is_the_same_twice(
    name: str, capacity: str, rows: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    X, y, w = rows
    detector = fit(make(name, 3, capacity), X, y, w)
    scores = score(detector, X)
    assert np.median(scores[y]) > np.quantile(scores[~y], 0.95)
    assert ((scores >= 0.0) & (scores <= 1.0)).all()
    again = score(fit(make(name, 3, capacity), X, y, w), X)
    np.testing.assert_array_equal(scores, again)
    other = X.copy()
    other[:, 3] = 7.0  # met for the first time
    assert np.isfinite(score(detector, other)).all()


@pytest.mark.parametrize("name", DETECTORS)
def test_a_weight_counts_as_repeated_rows_do(
    name: str, rows: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    """Two ways into danger: rows of the one that weighs more are ranked higher for it."""
    X, _, _ = rows
    first, second = X[:, 1] > 1.0, X[:, 2] > 1.0
    y = first | second

    def rank(w: np.ndarray) -> float:
        order = score(fit(DETECTORS[name](0), X, y, w), X).argsort().argsort()
        return float(order[first & ~second].mean() - order[second & ~first].mean())

    assert rank(np.where(first, 20.0, 1.0)) > rank(np.where(second, 20.0, 1.0))


@pytest.mark.parametrize(
    ("name", "capacity"), [c for c in CHOICES if c[0] in ("hgb", "extra_trees")]
)
def test_flat_trees_score_as_scikit_learn_does(
    name: str, capacity: str, rows: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    X, y, w = rows
    detector = fit(make(name, 1, capacity), X, y, w)
    rng = np.random.default_rng(2)
    new = rng.standard_normal((BLOCK + 103, WIDTH)).astype(np.float32) * 2.0
    new[:200] = np.nan
    new[rng.random(new.shape) < 0.2] = np.nan  # also in columns that were never missing
    np.testing.assert_allclose(
        score(detector, new), detector.predict_proba(new)[:, 1], rtol=0.0, atol=1e-12
    )


def test_a_feature_whose_absence_is_the_signal_is_split_on() -> None:
    """There the threshold is beyond every code, and what is missing goes its own way."""
    rng = np.random.default_rng(4)
    X = np.ones((3000, 2), np.float32)
    X[rng.random(3000) < 0.3, 0] = np.nan
    y = np.isnan(X[:, 0])
    for name in ("hgb", "extra_trees"):
        detector = fit(make(name, 0), X, y, np.ones(3000))
        scores = score(detector, X)
        np.testing.assert_allclose(scores, detector.predict_proba(X)[:, 1], rtol=0.0, atol=1e-12)
    assert scores[y].min() > scores[~y].max()


def test_no_rows_have_no_scores(rows: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    X, y, w = rows
    assert score(fit(DETECTORS["logistic"](0), X, y, w), X[:0]).shape == (0,)


def test_codes_keep_the_order_and_the_missing() -> None:
    X = np.random.default_rng(1).standard_normal((30_000, 2)).astype(np.float32)
    X[::7, 1] = np.nan
    codes = Codes().fit_transform(X)
    assert len(np.unique(codes[:, 0])) == CODES
    order = np.argsort(X[:, 0])
    assert (np.diff(codes[order, 0]) >= 0).all()
    np.testing.assert_array_equal(np.isnan(codes), np.isnan(X))
    # the last bin holds a thousandth: 1/TTC tells near from nearer up there
    assert (codes[:, 0] == CODES - 1).mean() == pytest.approx(0.001, rel=0.5)


def test_robust_scale_is_finite_and_bounded() -> None:
    X = np.array([[1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [1e9, np.nan]], np.float32)
    scaled = RobustScale().fit_transform(X)
    assert np.isfinite(scaled).all()
    assert np.abs(scaled).max() <= 5.0
    assert (scaled[:, 1] == 0.0).all()


@pytest.mark.parametrize("name", DETECTORS)
def test_a_model_comes_back_from_disk_as_it_was(
    name: str, tmp_path: Path, rows: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> None:
    X, y, w = rows
    model = Model(fit(make(name, 0), X, y, w), COLUMNS, name, "real", 0.25)
    again = load(model.save(tmp_path / "m.skops"))
    assert (again.columns, again.detector, again.arm) == (COLUMNS, name, "real")
    assert again.threshold == 0.25
    np.testing.assert_array_equal(score(again.pipeline, X), score(model.pipeline, X))


def test_a_model_reads_features_by_name() -> None:
    table = make_table(site="a", recordings=10)
    X, y = table.X[table.use], table.y[table.use]
    model = Model(
        fit(DETECTORS["hgb"](0), X, y, np.ones(len(y))), table.columns, "hgb", "real", 0.5
    )
    turned = type(table)(**{**vars(table), "columns": table.columns[::-1], "X": table.X[:, ::-1]})
    np.testing.assert_array_equal(model.score(table), model.score(turned))
    lacking = type(table)(**{**vars(table), "columns": ("x", *table.columns[1:])})
    with pytest.raises(UserError, match="lack ego_accel_mps2"):
        model.score(lacking)


def test_foreign_content_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "m.skops"
    with pytest.raises(UserError, match="expected a model file"):
        load(path)
    path.write_bytes(b"not a model")
    with pytest.raises(UserError, match="expected a model file"):
        load(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", "{}")
    with pytest.raises(UserError, match="cannot be read"):
        load(path)
    path.write_bytes(skops.io.dumps({"closecall_model": 1, "pipeline": zipfile.ZipInfo}))
    with pytest.raises(UserError, match="no model of ours"):
        load(path)
    with pytest.raises(UserError, match="incomplete"):  # trusted by the user, it is loaded
        load(path, trusted=["zipfile.ZipInfo"])
    path.write_bytes(skops.io.dumps({"some": 1}))
    with pytest.raises(UserError, match="not a Closecall model"):
        load(path)
    path.write_bytes(
        skops.io.dumps({"closecall_model": 1, "pipeline": Pipeline([("m", GaussianNB())])})
    )
    with pytest.raises(UserError, match="incomplete"):
        load(path)
