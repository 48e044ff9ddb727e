"""Features of users: columns beside ours that look back only."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from random_traffic import random_log

from sim.base.errors import UserError
from sim.features import COLUMNS, WindowSettings, feature, featurize
from sim.features import own as own_module
from sim.features.own import OWN, PLUGINS, Ints, window_of
from sim.sensing import SENSORS, Observation, Sensors, ego_order
from sim.world.log import Log
from sim.world.rows import Rows


def nearest(seen: Observation, at: Ints, past: Ints) -> np.ndarray:
    """Least range now, and the number of detections over the window."""
    out = np.full((len(at), 2), np.nan)
    for i, (e, p) in enumerate(zip(at, past)):
        now = seen.range[seen.start[e] : seen.start[e + 1]]
        out[i] = now.min() if len(now) else np.nan, seen.start[e + 1] - seen.start[e - p]
    return out


def speed_change(seen: Observation, at: Ints, past: Ints) -> np.ndarray:
    """Speed now less speed at the window's start."""
    return seen.speed[at] - seen.speed[at - past]


def peeking(seen: Observation, at: Ints, past: Ints) -> np.ndarray:
    """Speed a frame later."""
    return seen.speed[np.minimum(at + 1, len(seen) - 1)]


def too_far(seen: Observation, at: Ints, past: Ints) -> np.ndarray:
    """Speed a frame before the window."""
    return seen.speed[np.maximum(at - past - 1, 0)]


def ranked(seen: Observation, at: Ints, past: Ints) -> np.ndarray:
    """Speed beside that of the other rows."""
    return seen.speed[at] - seen.speed.mean()


@pytest.fixture(scope="module")
def log() -> Log:
    return random_log(21, episodes=2, users=8, frames=60)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OWN, "_things", {**OWN._things})
    monkeypatch.setattr(PLUGINS, "_by_path", {})
    feature("nearest_m", "echoes", unit=("m", "1"))(nearest)
    for function in (speed_change, peeking, too_far, ranked):
        feature(f"{function.__name__}_mps", unit="m/s")(function)


@pytest.mark.usefixtures("known")
def test_own_columns_stand_behind_ours_and_change_none(log: Log) -> None:
    plain = featurize(log, seed=3)
    table = featurize(log, seed=3, window=WindowSettings(extra=("speed_change", "nearest")))
    assert table.columns == (*COLUMNS, "speed_change_mps", "nearest_m", "echoes")
    np.testing.assert_array_equal(table.X[:, : len(COLUMNS)], plain.X)
    assert np.isfinite(table.column("speed_change_mps")).all()
    assert (table.column("echoes") >= 0).all()
    assert np.nanmin(table.column("nearest_m")) > 0


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("at", [25, 40])
def test_no_registered_feature_changes_when_the_future_does(log: Log, at: int) -> None:
    good = tuple(name for name in OWN if name not in ("peeking", "too_far", "ranked"))
    window = WindowSettings(extra=good)
    tracks = log.tracks.copy()
    later = (tracks["frame"] > at).to_numpy()
    noise = np.random.default_rng(1).normal(0.0, 9.0, (int(later.sum()), 2))
    tracks.loc[later, ["x_m", "speed_mps"]] += noise
    one, other = (
        featurize(w, seed=3, window=window, unlabelled=True)
        for w in (log, Log.of(log.episodes, tracks))
    )
    a, b = (t.take(t.frame <= at) for t in (one, other))
    assert len(a) > 100
    np.testing.assert_array_equal(a.X, b.X)


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", ["peeking", "too_far", "ranked"])
def test_what_looks_beyond_its_window_is_refused(log: Log, name: str) -> None:
    with pytest.raises(UserError, match=f"feature {name}_mps: expected a value of the row and"):
        featurize(log, seed=3, window=WindowSettings(extra=(name,)))


def test_a_window_is_an_observation_of_its_own(log: Log) -> None:
    rows = Rows.of(log)
    names = log.episodes["episode_id"].tolist()
    outfit = next(s for s in SENSORS.values() if s.camera.on and s.cloud.on)
    seen = Sensors.of(rows, outfit, seed=1, names=names).observe(ego_order(rows))
    e = int(np.flatnonzero(seen.past == 9)[0])
    part = window_of(seen, e, 4)
    assert part.row.tolist() == seen.row[e - 4 : e + 1].tolist()
    assert part.past.tolist() == [0, 1, 2, 3, 4]
    for whole, cut in ((seen, part), (seen.camera, part.camera), (seen.cloud, part.cloud)):
        assert whole is not None
        assert cut is not None
        for back in range(5):
            a = whole.range[whole.start[e - back] : whole.start[e - back + 1]]
            b = cut.range[cut.start[4 - back] : cut.start[5 - back]]
            np.testing.assert_array_equal(a, b)


@pytest.mark.usefixtures("known")
def test_mistakes_are_told_in_one_line(
    log: Log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_senses.py").write_text(
        "import numpy as np\n"
        "def half(seen, at, past): return seen.speed[at] / 2\n"
        "def short(seen, at, past): return seen.speed[at][:-1]\n"
        "def endless(seen, at, past): return seen.speed[at] / 0.0\n"
        "def fails(seen, at, past): return seen.nothing\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))

    def columns(*names: str) -> tuple[str, ...]:
        return featurize(log, seed=3, window=WindowSettings(extra=names)).columns

    assert columns("own_senses:half")[-1] == "half"
    for name, told in (
        ("short", "feature short: expected an array of shape"),
        ("endless", "feature endless: expected finite numbers"),
        ("fails", "feature fails: AttributeError: .*own_senses.py:5"),
        ("missing", "window.extra: expected a function of .*own_senses.py"),
    ):
        with pytest.raises(UserError, match=told):
            columns(f"own_senses:{name}")
    with pytest.raises(UserError, match=r"window\.extra: unknown name 'speed_chang', did you mean"):
        columns("speed_chang")
    with pytest.raises(UserError, match="names not yet taken, got 'speed_change_mps'"):
        columns("speed_change", "speed_change")
    with pytest.raises(UserError, match="a name for each column"):
        feature("a_m", "b_m", unit=("m",))
    sys.modules.pop("own_senses")


@pytest.mark.usefixtures("known")
def test_features_are_shipped_and_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = own_module.shipped(["speed_change", "nearest"])
    assert set(shipped) == {"speed_change", "nearest"}
    monkeypatch.setattr(OWN, "_things", {})
    own_module.install(shipped)
    assert OWN["nearest"].columns[1].name == "echoes"
