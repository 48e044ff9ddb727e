"""Every pair of a Log against looking at all of them, and the worst of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from naive_criticality import near
from random_traffic import following, log_of, random_log

from sim.base.errors import UserError
from sim.criticality import drac, iter_pairs, pairs, required_deceleration, summary, thw, ttc
from sim.criticality.pairs import MEASURES
from sim.world.log import Log, concat

KEY = ["episode_id", "ego_id", "other_id"]


@pytest.fixture(scope="module")
def busy() -> Log:
    """Two episodes on three lanes, one of them along y, in which some boxes touch."""
    log = random_log(3, episodes=2, users=8, frames=8)
    tracks, late = log.tracks.copy(), (log.tracks["episode_id"] == "random-3-1").to_numpy()
    hit, hitting = (tracks["track_id"] == track for track in (3, 0))
    tracks.loc[hit, "x_m"] = tracks.loc[hitting, "x_m"].to_numpy() + 3.0
    tracks.loc[hit, "y_m"] = tracks.loc[hitting, "y_m"].to_numpy()
    x, y = tracks["x_m"].to_numpy(copy=True), tracks["y_m"].to_numpy(copy=True)
    tracks.loc[late, "x_m"], tracks.loc[late, "y_m"] = -y[late], x[late]
    tracks.loc[late, "yaw_rad"] += 0.5 * np.pi
    askew = (tracks["track_id"] == 2).to_numpy()
    tracks.loc[askew, "yaw_rad"] += 0.3
    return Log.of(log.episodes, tracks)


@pytest.mark.parametrize("reach", [12.0, 30.0])
def test_pairs_are_those_of_looking_at_all_of_them(busy: Log, reach: float) -> None:
    table = pairs(busy, range_m=reach)
    want = near(busy.tracks, reach)
    keys = list(
        zip(table["episode_id"].astype(str), table["frame"], table["ego_id"], table["other_id"])
    )
    assert keys == sorted(want)
    away, gap, along = np.array([want[key] for key in keys]).T
    np.testing.assert_allclose(table["distance_m"], away, atol=1e-9)
    np.testing.assert_allclose(table["gap_m"], gap, atol=1e-9)
    assert 0.02 < np.isfinite(gap).mean() < 0.5
    speed = busy.tracks.set_index(["episode_id", "frame", "track_id"])["speed_mps"]
    own = speed.loc[list(zip(*(table[c] for c in ("episode_id", "frame", "ego_id"))))].to_numpy()
    np.testing.assert_allclose(table["ttc_s"], ttc(gap, own, along), rtol=1e-9)
    np.testing.assert_allclose(table["thw_s"], thw(gap, own), rtol=1e-9)
    np.testing.assert_allclose(table["drac_mps2"], drac(gap, own, along), rtol=1e-9)


def test_the_lead_is_the_nearest_in_the_way(busy: Log) -> None:
    table = pairs(busy, metrics=("gap",))
    row = table.groupby(["episode_id", "frame", "ego_id"], observed=True)
    least = row["gap_m"].transform("min")
    assert (table["lead"] == (table["gap_m"] == least)).all()
    assert row["lead"].sum().max() == 1
    assert (~table["lead"] & table["gap_m"].notna()).any()


def test_measures_of_the_plane_are_the_same_for_both(busy: Log) -> None:
    table = pairs(busy).set_index(["episode_id", "frame", "ego_id", "other_id"])
    back = table.reorder_levels([0, 1, 3, 2]).reindex(table.index)
    for name in ("distance_m", "ttc_2d_s", "wttc_s", "ttce_s", "dce_m"):
        assert table[name].notna().all()
        pd.testing.assert_series_equal(table[name], back[name])
    assert (table["wttc_s"] <= table["ttc_2d_s"]).all()
    assert (table["distance_m"] >= 0.0).all()
    assert ((table["distance_m"] == 0.0) == (table["ttc_2d_s"] == 0.0)).all()


def test_no_contact_without_contact(busy: Log) -> None:
    table = pairs(busy)
    touching = table["ttc_s"] == 0.0
    assert touching.any()
    assert (table["distance_m"][touching] == 0.0).all()


def test_parts_are_the_whole_and_hold_whole_frames(busy: Log) -> None:
    whole = pairs(busy)
    parts = list(iter_pairs(busy, batch=60))
    assert len(parts) > 4
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole)
    ends = [(part["episode_id"].iloc[-1], part["frame"].iloc[-1]) for part in parts]
    starts = [(part["episode_id"].iloc[0], part["frame"].iloc[0]) for part in parts]
    assert all(end != start for end, start in zip(ends, starts[1:]))
    pd.testing.assert_frame_equal(summary(busy, batch=60), summary(busy))


def test_an_episode_is_the_same_alone_and_among_others(busy: Log) -> None:
    alone = pd.concat([summary(busy.episode(k)) for k in range(len(busy))], ignore_index=True)
    both = summary(busy)
    assert alone["episode_id"].astype(str).tolist() == both["episode_id"].astype(str).tolist()
    columns = [name for name in both if name != "episode_id"]
    pd.testing.assert_frame_equal(alone[columns], both[columns])


def test_only_the_metrics_asked_for_and_known_ones(busy: Log) -> None:
    keys = ["episode_id", "frame", "t_s", "ego_id", "other_id", "lead"]
    assert list(pairs(busy, metrics=("dce",))) == [*keys, "dce_m"]
    assert list(pairs(busy)) == [*keys, *(column for column, _ in MEASURES.values())]
    with pytest.raises(UserError, match="metric: unknown name 'ttc2d', did you mean 'ttc_2d'"):
        pairs(busy, metrics=("ttc2d",))
    for reach in (0.0, -3.0, np.nan, np.inf):
        with pytest.raises(UserError, match="range_m: expected a positive number of metres"):
            pairs(busy, range_m=reach)
    with pytest.raises(UserError, match="threshold_s: expected more than 0 s"):
        summary(busy, threshold_s=0.0)
    with pytest.raises(UserError, match="pet_limit_s: expected a finite"):
        summary(busy, pet_limit_s=np.inf)


def test_nobody_near_makes_an_empty_table_of_the_same_columns(busy: Log) -> None:
    far = log_of([{"track_id": k, "x_m": 500.0 * k} for k in range(3)])
    for table in (pairs(far), pairs(far.select(np.empty(0, dtype=np.int64)))):
        assert len(table) == 0
        assert list(table) == list(pairs(busy))
    empty = summary(far)
    assert len(empty) == 0
    assert list(empty) == list(summary(busy))
    assert empty.dtypes.drop("episode_id").equals(summary(busy).dtypes.drop("episode_id"))


def test_the_worst_of_a_constant_approach_is_known() -> None:
    # gap 20 m, closing 5 m/s from 4 s to 0.1 s before contact, 40 frames
    log = following(20.0, 15.0, 10.0, frames=40)
    table = summary(log)
    assert table[["ego_id", "other_id", "frames"]].to_numpy().tolist() == [[0, 1, 40], [1, 0, 40]]
    behind, before = table.iloc[0], table.iloc[1]
    assert behind["min_ttc_s"] == pytest.approx(0.1, abs=1e-9)
    assert behind["max_drac_mps2"] == pytest.approx(25.0 / 1.0, rel=1e-9)
    assert np.isnan(before["min_ttc_s"])
    assert np.isnan(before["max_drac_mps2"])
    for side in (behind, before):
        assert side["min_distance_m"] == pytest.approx(0.5, abs=1e-9)
        assert side["min_ttc_2d_s"] == pytest.approx(0.1, abs=1e-9)
        assert side["tet_s"] in (pytest.approx(1.4), pytest.approx(1.5))  # 1.5 s is a tie
        assert side["tit_s2"] == pytest.approx(0.1 * sum(0.1 * k for k in range(15)), abs=1e-9)
        assert side["least_t_s"] == pytest.approx(3.9)
        assert np.isnan(side["pet_s"])  # who follows does not cross
        assert side["pet_first_id"] == -1


def test_required_deceleration_knows_that_the_lead_brakes() -> None:
    rows: list[dict[str, object]] = [
        {"track_id": 0, "speed_mps": 20.0, "accel_mps2": 0.0},
        {"track_id": 1, "speed_mps": 10.0, "x_m": 34.0, "accel_mps2": -3.0},
        {"track_id": 2, "speed_mps": 10.0, "x_m": -30.0},  # unknown acceleration
        {"track_id": 3, "speed_mps": 15.0, "x_m": -50.0, "accel_mps2": 0.0},
    ]
    table = pairs(log_of(rows), metrics=("required",)).set_index(["ego_id", "other_id"])
    need = table["required_mps2"]
    assert need[0, 1] == pytest.approx(float(required_deceleration(30.0, 20.0, 10.0, -3.0)))
    assert np.isnan(need[3, 2])
    assert np.isnan(need[1, 0])


def test_who_crosses_is_not_followed_but_who_stands_in_the_way_is() -> None:
    ego: dict[str, object] = {"track_id": 0, "speed_mps": 10.0}
    walker: dict[str, object] = {
        "track_id": 1, "x_m": 22.5, "yaw_rad": 1.5, "kind": "pedestrian", "length_m": 1.0,
        "width_m": 1.0,
    }  # fmt: skip
    for speed, follows in ((0.0, True), (1.4, False)):
        table = pairs(log_of([ego, walker | {"speed_mps": speed}]))
        mine = table[table["ego_id"] == 0].iloc[0]
        assert np.isfinite(mine["ttc_s"]) == follows
        assert mine["lead"] == follows
    standing = pairs(log_of([ego, walker | {"yaw_rad": 0.0}]))
    assert standing["ttc_s"][0] == pytest.approx(2.0)
    oncoming = pairs(
        log_of([ego, {"track_id": 1, "x_m": 24.0, "yaw_rad": np.pi, "speed_mps": 5.0}])
    )
    assert oncoming["ttc_s"].isna().all()
    assert oncoming["ttc_2d_s"].tolist() == pytest.approx([20.0 / 15.0] * 2)


def test_pairs_are_found_in_every_episode_of_many() -> None:
    logs = []
    for k in range(4):
        log = following(20.0, 15.0, 10.0, frames=10)
        tracks = log.tracks.assign(episode_id=f"e{k}")
        logs.append(Log.of(pd.DataFrame({"episode_id": [f"e{k}"]}), tracks))
    table = summary(concat(logs))
    assert table["episode_id"].astype(str).tolist() == [f"e{k}" for k in range(4) for _ in "ab"]
    assert table.groupby("episode_id", observed=True)["min_ttc_s"].min().nunique() == 1
