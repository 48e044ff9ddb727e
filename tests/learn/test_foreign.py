"""Detectors of users: found by name in any process, wrapped, and refused in one line."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import BaseEstimator
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sim.base.errors import UserError
from sim.learn import detectors
from sim.learn.foreign import as_pipeline

OWN = """
from sklearn.linear_model import LogisticRegression
from helping_words import C
def make(seed): return LogisticRegression(C=C, random_state=seed)
def three(seed): return 3
def fails(seed): raise ValueError("no luck")
def broken(seed): return LogisticRegression(C=-1.0)
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A current directory with a module in it, and no trace of it afterwards."""
    (tmp_path / "own_words.py").write_text(OWN)
    (tmp_path / "helping_words.py").write_text("C = 0.5\n")
    (tmp_path / "faulty_words.py").write_text("x = 1\ny = 1 / 0\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(detectors.PLUGINS, "_by_path", {})
    monkeypatch.setattr(detectors.DETECTORS, "_things", {**detectors.DETECTORS._things})
    yield tmp_path
    for name in ("own_words", "helping_words", "faulty_words", "third_party"):
        sys.modules.pop(name, None)


def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X = np.random.default_rng(0).standard_normal((300, 3)).astype(np.float32)
    y = X[:, 0] > 0.5
    X[::7, 1] = np.nan
    X[:, 2] = np.nan
    return X, y, np.ones(300)


def test_a_function_of_a_module_in_the_current_directory_is_a_detector(here: Path) -> None:
    detectors.check("own_words:make")
    made = detectors.make("own_words:make", 4)
    assert list(made.named_steps) == ["impute", "scale", "model"]
    assert (made[-1].C, made[-1].random_state) == (0.5, 4)
    X, y, w = rows()
    scores = detectors.score(detectors.fit(made, X, y, w), X)
    assert scores[y].mean() > scores[~y].mean() + 0.5
    assert detectors.capacities("own_words:make") == ("default",)
    assert detectors.make("own_words:make", 4, "default")[-1].C == 0.5


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hbg", "unknown name 'hbg', did you mean 'hgb'.*or module:function"),
        ("own-words:make", "unknown name 'own-words:make'.*or module:function"),
        ("no_such_words:make", "expected module:function of a module installed or in the"),
        ("own_words:nothing", "expected a function of .*own_words.py, got 'nothing'"),
        ("own_words:C", "expected a function: seed -> scikit-learn estimator or Pipeline"),
        ("own_words:three", "expected a scikit-learn estimator or Pipeline, got 3"),
        ("own_words:fails", "ValueError: no luck .*own_words.py:6"),
        ("own_words:broken", "cannot be fitted and asked for scores: InvalidParameterError"),
        ("faulty_words:make", "ZeroDivisionError: division by zero .*faulty_words.py:2"),
        ("sklearn.neighbors:KNeighborsClassifier", "whose fit takes sample_weight"),
    ],
)
def test_what_is_no_detector_is_told_in_one_line(here: Path, name: str, told: str) -> None:
    with pytest.raises(UserError, match=told) as caught:
        detectors.check(name)
    assert "\n" not in str(caught.value)


def test_a_capacity_is_one_of_the_detectors() -> None:
    assert detectors.capacities("hgb") == ("small", "large")
    with pytest.raises(UserError, match="capacity of hgb: unknown name 'huge'"):
        detectors.make("hgb", 0, "huge")


def test_the_class_of_an_estimator_is_made_with_the_seed() -> None:
    made = detectors.make("sklearn.ensemble:RandomForestClassifier", 7)
    assert list(made.named_steps) == ["model"]  # it allows NaN
    assert (made[-1].random_state, made[-1].n_estimators) == (7, 100)


def test_pipelines_keep_their_steps_and_decision_functions_are_scores() -> None:
    made = as_pipeline("x", Pipeline([("s", StandardScaler()), ("last", LogisticRegression())]))
    assert list(made.named_steps) == ["s", "model"]
    linear = detectors.make("sklearn.svm:LinearSVC", 0)
    X, y, w = rows()
    scores = detectors.score(detectors.fit(linear, X, y, w), X)
    assert ((scores > 0) & (scores < 1)).all()
    assert scores[y].mean() > scores[~y].mean() + 0.2
    assert as_pipeline("x", RandomForestClassifier(n_jobs=None))[-1].n_jobs is None
    with pytest.raises(UserError, match="sample_weight"):
        as_pipeline("x", Pipeline([("last", KNeighborsClassifier())]))


def test_an_estimator_of_another_library_gets_one_processor() -> None:
    assert as_pipeline("x", Theirs())[-1].n_jobs == 1
    assert as_pipeline("x", Theirs(n_jobs=3))[-1].n_jobs == 3


class Theirs(BaseEstimator):  # type: ignore[misc]
    """An estimator that would take all processors."""

    def __init__(self, n_jobs: int | None = None) -> None:
        self.n_jobs = n_jobs

    def fit(self, X: np.ndarray, y: np.ndarray, sample_weight: np.ndarray) -> None:
        """Nothing."""

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Nothing either."""
        return X[:, 0]


def test_packages_announce_detectors_and_a_broken_one_is_left_out(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package, points in (("good", "gift = third_party:gift"), ("bad", "rot = no_words:rot")):
        info = here / f"{package}_detectors-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}-detectors\n")
        (info / "entry_points.txt").write_text(f"[closecall.detectors]\n{points}\n")
    gift = "from sklearn.naive_bayes import GaussianNB\ndef gift(seed): return GaussianNB()\n"
    (here / "third_party.py").write_text(gift)
    monkeypatch.setattr(detectors.PLUGINS, "_searched", False)
    sys.path.append(str(here))
    with pytest.warns(UserWarning, match="package bad-detectors: 'rot' of closecall.detectors"):
        detectors.check("gift")
    assert "gift" in detectors.names()
    assert "hgb" in detectors.names()
    with pytest.raises(UserError, match="unknown name 'rot'"):
        detectors.resolve("rot")


def test_what_a_script_registers_is_known_in_another_process(here: Path) -> None:
    script = {"__name__": "__main__"}
    exec(
        "from sklearn.naive_bayes import GaussianNB\n"
        "def mine(seed): return GaussianNB(var_smoothing=0.125)\n",
        script,
    )
    detectors.DETECTORS.register("mine")(script["mine"])  # type: ignore[arg-type]
    shipped = detectors.shipped(["mine", "hgb", "own_words:make"])
    assert set(shipped) == {"mine"}  # the others are found by name
    detectors.install(shipped)  # known already: nothing happens
    (here / "shipped").write_bytes(shipped["mine"])
    code = (
        "from pathlib import Path\nfrom sim.learn import detectors\n"
        "detectors.install({'mine': Path('shipped').read_bytes()})\n"
        "print(detectors.make('mine', 0)[-1].var_smoothing)\n"
        "print(detectors.make('own_words:make', 0)[-1].C)\n"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r})\n{code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["0.125", "0.5"]


def test_what_cannot_be_pickled_is_told(here: Path) -> None:
    lock = threading.Lock()
    detectors.DETECTORS.register("held")(lambda seed: lock)
    with pytest.raises(UserError, match="'held' cannot be sent to other processes"):
        detectors.shipped(["held"])
