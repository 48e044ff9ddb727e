"""Features look back only, see only what was sensed, and do not know where they are."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from random_traffic import following, log_of, random_log

from sim.base.errors import UserError
from sim.features import (
    COLUMNS,
    FEATURES,
    PHYSICS,
    FeatureTable,
    WindowSettings,
    audit_missing,
    clipped,
    detections,
    featurize,
    randomise_missing,
)
from sim.features.missing import GROUPS
from sim.features.table import EVENT_COLUMNS
from sim.sensing import SENSORS
from sim.world.log import Log

IDEAL = SENSORS["ideal"]
WHOLE = WindowSettings(cut_share=0.0)


@pytest.fixture(scope="module")
def busy() -> Log:
    return random_log(21, episodes=3, users=12, frames=90)


@pytest.fixture(scope="module")
def table(busy: Log) -> FeatureTable:
    return featurize(busy, seed=7)


def with_noise(log: Log, rows: np.ndarray) -> Log:
    """The log with everything measured replaced by noise in some rows."""
    rng = np.random.default_rng(99)
    tracks = log.tracks.copy()
    n = int(rows.sum())
    for name, scale in (("x_m", 60.0), ("y_m", 10.0), ("yaw_rad", 2.0), ("speed_mps", 9.0)):
        tracks.loc[rows, name] = rng.normal(0.0, scale, n)
    return Log.of(log.episodes, tracks)


def by_key(table: FeatureTable, keep: np.ndarray) -> pd.DataFrame:
    frame = table.to_frame()[keep]
    return frame.set_index(["episode_id", "ego_id", "t_s"])


@pytest.mark.parametrize("at", [20, 47, 80])
def test_no_feature_changes_when_the_future_does(busy: Log, table: FeatureTable, at: int) -> None:
    later = (busy.tracks["frame"] > at).to_numpy()
    other = featurize(with_noise(busy, later), seed=7)
    a = by_key(table, table.frame <= at)[list(COLUMNS)]
    b = by_key(other, other.frame <= at)[list(COLUMNS)]
    both = a.index.intersection(b.index)
    assert len(both) > 50
    pd.testing.assert_frame_equal(a.loc[both], b.loc[both], check_exact=True)


@pytest.mark.parametrize("at", [30, 46])
def test_no_label_changes_when_the_past_does(busy: Log, table: FeatureTable, at: int) -> None:
    earlier = (busy.tracks["frame"] < at - 5).to_numpy()
    other = featurize(with_noise(busy, earlier), seed=7)
    columns = ["y", "short", "weight"]
    # these cars drive through each other, and what begins in contact is the same conflict
    met = pd.concat([table.events, other.events])
    met = met[(met["severity"] == "crash") & (met["start_s"] < 0.1 * at)]
    met = met[met["end_s"] >= 0.1 * at]
    crashed = pd.MultiIndex.from_frame(met[["episode_id", "ego_id"]])
    a, b = (by_key(one, one.frame >= at)[columns] for one in (table, other))
    a, b = (one[~one.index.droplevel("t_s").isin(crashed)] for one in (a, b))
    assert a["y"].any()
    pd.testing.assert_frame_equal(a, b)


def test_nothing_changes_when_the_scene_is_turned_and_shifted(
    busy: Log, table: FeatureTable
) -> None:
    angle = 2.2
    c, s = np.cos(angle), np.sin(angle)
    tracks = busy.tracks.copy()
    x, y = busy.tracks["x_m"], busy.tracks["y_m"]
    tracks["x_m"], tracks["y_m"] = c * x - s * y + 412.0, s * x + c * y - 73.0
    tracks["yaw_rad"] = np.remainder(tracks["yaw_rad"] + angle + np.pi, 2 * np.pi) - np.pi
    other = featurize(Log.of(busy.episodes, tracks), seed=7)
    assert np.array_equal(table.y, other.y)
    assert np.array_equal(table.use, other.use)
    assert pytest.approx(table.X, rel=1e-5, abs=1e-5, nan_ok=True) == other.X


def test_an_episode_alone_has_the_same_rows(busy: Log, table: FeatureTable) -> None:
    alone = featurize(busy.episode(1), seed=7).to_frame()
    together = table.to_frame()
    mine = together[together["episode_id"] == alone["episode_id"][0]].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, alone, check_exact=True)


def test_rows_do_not_depend_on_where_the_parts_are_cut(
    busy: Log, table: FeatureTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.features.parts.PART", 40)
    other = featurize(busy, seed=7)
    assert np.array_equal(table.X, other.X, equal_nan=True)


def test_schema_has_unique_names_that_end_in_their_unit() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
    endings = {
        "m": "_m",
        "m/s": "_mps",
        "m/s²": "_mps2",
        "m/s³": "_mps3",
        "1/s": "_per_s",
        "rad/s": "_radps",
    }
    for feature in FEATURES:
        assert feature.description
        if feature.unit == "1":
            assert feature.name.endswith(("_count", "_missing", "_new")), feature
        else:
            assert feature.name.endswith(endings[feature.unit]), feature


def test_every_feature_takes_more_than_one_value(table: FeatureTable) -> None:
    for name in COLUMNS:
        values = table.column(name)
        assert np.unique(values[~np.isnan(values)]).size > 1, name
    assert not np.isinf(table.X).any()


def test_physics_of_a_known_approach() -> None:
    log = following(60.0, 20.0, 10.0, frames=60)
    features = featurize(log, sensor=IDEAL, window=WHOLE, seed=1)
    row = np.flatnonzero((features.ego == 0) & (features.frame == 20))[0]
    gap, closing = 60.0 - 20.0, 10.0
    wanted = {
        "lead_gap_m": gap,
        "lead_closing_mps": closing,
        "lead_inverse_ttc_per_s": closing / gap,
        "lead_inverse_mttc_per_s": closing / gap,
        "lead_drac_mps2": closing**2 / (2 * gap),
        "lead_required_mps2": closing**2 / (2 * gap),
        "lead_inverse_headway_per_s": 20.0 / gap,
        "lead_speed_mps": 10.0,
        "lead_accel_10_mps2": 0.0,
        "second_missing": 1.0,
        "lidar_front_m": gap,
        "own_count": 1.0,
        "traffic_speed_mps": -10.0,
    }
    for name, value in wanted.items():
        assert features.column(name)[row] == pytest.approx(value, abs=1e-4), name
    assert features.physics["physics_ttc"][row] == pytest.approx(0.25)
    assert set(features.physics) == set(PHYSICS)


def test_a_braking_lead_shows_in_all_windows() -> None:
    log = following(40.0, 15.0, 15.0, frames=80, brake=3.0)
    features = featurize(log, sensor=IDEAL, window=WHOLE, seed=1)
    row = np.flatnonzero((features.ego == 0) & (features.frame == 46))[0]
    for window in ("05", "10", "15"):
        accel = features.column(f"lead_accel_{window}_mps2")[row]
        assert accel == pytest.approx(-3.0, abs=0.05)
    # the filter delays the speeds by its 0.3 s
    assert features.column("lead_closing_mps")[row] == pytest.approx(3.0 * (2.6 - 0.3), abs=0.2)


def test_the_second_leader_is_told_from_the_first() -> None:
    rows: list[dict[str, object]] = []
    for f in range(50):
        for k, v in enumerate((15.0, 14.0, 8.0)):
            rows.append({"track_id": k, "frame": f, "x_m": 25.0 * k + 0.1 * f * v, "speed_mps": v})
    features = featurize(log_of(rows), sensor=IDEAL, window=WHOLE, seed=1)
    row = np.flatnonzero((features.ego == 0) & (features.frame == 18))[0]
    first, second = 21.0 - 1.8, 46.0 - 7.0 * 1.8
    wanted = {
        "lead_gap_m": first,
        "second_gap_m": second,
        "second_closing_mps": 7.0,
        "second_inverse_ttc_per_s": 7.0 / second,
        "second_space_m": second - first,
        "second_first_closing_mps": 6.0,
        "second_closing2_per_s": 7.0 / first,
    }
    for name, value in wanted.items():
        assert features.column(name)[row] == pytest.approx(value, rel=1e-4), name


def test_a_neighbour_moving_in_is_told_from_one_that_stays() -> None:
    rows: list[dict[str, object]] = []
    for f in range(50):
        t = 0.1 * f
        rows.append({"track_id": 0, "frame": f, "x_m": 15.0 * t, "speed_mps": 15.0})
        for track, y in ((1, 4.0 - 0.8 * t), (2, -3.5)):
            place = {"x_m": 40.0 + 12.0 * t, "y_m": y, "speed_mps": 12.0}
            rows.append({"track_id": track, "frame": f} | place)
    features = featurize(log_of(rows), sensor=IDEAL, window=WHOLE, seed=1)
    row = np.flatnonzero((features.ego == 0) & (features.frame == 18))[0]
    assert features.column("left_inward_mps")[row] == pytest.approx(0.8, abs=0.02)
    assert features.column("right_inward_mps")[row] == pytest.approx(0.0, abs=0.02)
    assert features.column("left_offset_m")[row] == pytest.approx(2.56, abs=0.1)
    left = features.column("left_inverse_ttc_per_s")[row]
    assert features.column("cut_in_inverse_ttc_per_s")[row] == left > 0


def test_history_is_cut_alike_and_is_no_feature(busy: Log) -> None:
    whole = featurize(busy, seed=7, window=WHOLE)
    short = featurize(busy, seed=7, window=WindowSettings(cut_share=1.0, cut_to_s=0.3))
    name = "lead_accel_15_mps2"
    assert not np.array_equal(whole.column(name), short.column(name), equal_nan=True)
    # a short past costs precision, not values
    absent = np.isnan(short.column(name)).mean() - np.isnan(whole.column(name)).mean()
    assert absent < 0.02
    assert not any("history" in name for name in COLUMNS)


def test_the_stride_is_kept(busy: Log) -> None:
    table = featurize(busy, seed=7, stride_s=0.4)
    assert (table.frame % 4 == 0).all()
    assert table.hours == pytest.approx(table.use.sum() * 0.4 / 3600)
    with pytest.raises(UserError, match="stride_s: expected a multiple"):
        featurize(busy, seed=7, stride_s=0.25)


def test_first_egos_are_those_with_the_lowest_track(busy: Log, table: FeatureTable) -> None:
    first = featurize(busy, seed=7, egos="first")
    assert set(first.ego.tolist()) == {0}
    assert set(first.events["ego_id"].tolist()) <= {0}
    assert np.array_equal(first.X, table.X[table.ego == 0], equal_nan=True)


def test_an_empty_answer_is_a_table() -> None:
    table = featurize(following(50.0, 10.0, 10.0, frames=8), seed=1)
    assert len(table) == 0
    assert table.X.shape == (0, len(COLUMNS))
    assert list(table.events) == list(EVENT_COLUMNS)
    assert len(table.to_frame()) == 0


def test_tables_are_joined_and_parted(busy: Log, table: FeatureTable) -> None:
    more = featurize(random_log(22, episodes=1), seed=7)
    both = FeatureTable.concat([table, more])
    assert len(both) == len(table) + len(more)
    assert len(both.events) == len(table.events) + len(more.events)
    back = both.select([3])
    assert back.episode_names == more.episode_names
    assert np.array_equal(back.X, more.X, equal_nan=True)
    pd.testing.assert_frame_equal(back.events, more.events)
    with pytest.raises(ValueError, match="stands in two"):
        FeatureTable.concat([table, table])
    order = np.lexsort((both.t, both.ego, both.episode))
    assert np.array_equal(order, np.arange(len(both)))
    frame = table.to_frame()
    assert list(frame)[:6] == ["episode_id", "group", "site", "source", "ego_id", "t_s"]
    assert list(frame)[-4:] == ["y", "use", "short", "weight"]


def test_detections_are_those_that_features_saw(busy: Log, table: FeatureTable) -> None:
    listed = pd.concat(list(detections(busy, seed=7)), ignore_index=True)
    assert (listed["frame"] % 2 == 0).all()
    seen = listed[(listed["missed_reason"] == "") & (listed["track_id"] >= 0)]
    key = (seen["episode_id"] == table.episode_names[0]) & (seen["ego_id"] == table.ego[0])
    now = seen[key & (seen["frame"] == table.frame[0])]
    assert table.column("ahead_count")[0] >= len(now) > 0


def test_missing_values_are_audited_and_randomised(table: FeatureTable) -> None:
    X = table.X.copy()
    second = [table.columns.index(f.name) for f in FEATURES if f.group == "second"]
    flag = table.columns.index("second_missing")
    rng = np.random.default_rng(1)
    hint = rng.random(len(table)) < np.where(table.y, 0.7, 0.2)
    X[:, second] = np.where(hint[:, None], np.nan, 1.0)
    X[:, flag] = hint
    telling = FeatureTable(**{**table.__dict__, "X": X})

    def lean(of: FeatureTable) -> float:
        audit = audit_missing(of).set_index("feature").loc["second_gap_m"]
        assert audit["share"] == pytest.approx(np.isnan(of.column("second_gap_m")[of.use]).mean())
        assert audit["flag_ap"] >= audit["prevalence"]
        return float(audit["share_y"] - audit["share_not_y"])

    cured = randomise_missing(telling, 3, level=1.0)
    assert lean(telling) > 0.25
    assert abs(lean(cured)) < 0.08
    assert np.array_equal(cured.column("lead_gap_m"), table.column("lead_gap_m"), equal_nan=True)
    absent = np.isnan(cured.column("second_gap_m"))
    assert (cured.column("second_missing")[absent] == 1.0).all()
    plain = randomise_missing(table, 3, share=0.2, level=0.0)
    for group in GROUPS:
        columns = [table.columns.index(f.name) for f in FEATURES if f.group == group]
        had = ~np.isnan(table.X[:, columns]).all(axis=1)
        gone = np.isnan(plain.X[:, columns]).all(axis=1)
        assert gone[had].mean() == pytest.approx(0.2, abs=0.05), group
    with pytest.raises(UserError, match=r"missing.share: expected a share"):
        randomise_missing(table, 3, share=2.0)


def test_rows_for_scoring_reach_the_end_of_the_log_and_hold_all_labelled_ones(
    busy: Log, table: FeatureTable
) -> None:
    scored = featurize(busy, seed=7, unlabelled=True)
    assert scored.frame.max() > table.frame.max()
    both = table.to_frame().merge(scored.to_frame(), on=["episode_id", "ego_id", "t_s"])
    assert len(both) == len(table)
    np.testing.assert_array_equal(both["lead_gap_m_x"], both["lead_gap_m_y"])


def test_clips_hold_the_rows_and_conflicts_of_the_whole() -> None:
    log = random_log(5, episodes=2, users=16, frames=200)
    whole = featurize(log, seed=3)
    cut = clipped(whole, 6.0)
    assert len(whole.events) > 0
    assert len(cut) == len(whole)
    assert cut.hours == whole.hours
    assert len(cut.episode_names) == 8
    assert set(cut.episode_group) == set(whole.episode_group)
    clip_s = np.array([int(name.split("#")[1]) for name in cut.episode_names]) * 6.0
    inside = cut.t - clip_s[cut.episode]
    assert (inside > -1e-9).all()
    assert (inside < 6.0).all()
    key = list(zip(cut.episode, cut.ego, cut.t, strict=True))
    assert key == sorted(key)
    starts = [*zip(cut.events["ego_id"], cut.events["start_s"], strict=True)]
    assert set(starts) <= {*zip(whole.events["ego_id"], whole.events["start_s"], strict=True)}
    assert set(cut.events["episode_id"]) <= set(cut.episode_names)
    uncut = clipped(whole, 60.0)
    np.testing.assert_array_equal(uncut.X, whole.X)
    assert uncut.episode_names == whole.episode_names
