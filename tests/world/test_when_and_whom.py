"""When and with whom it was closest: against a plain search of what was logged."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from marks import compiled

from sim.criticality.swept import encroachments
from sim.family import EVENTS, load_families
from sim.laws.ttc_2d import ttc_2d
from sim.world.log import LOG_STEP_S, Log
from sim.world.rollout import simulate
from sim.world.rows import Rows

MANY = 24
PLANE = ("left_turn_gap", "cyclist_crossing", "pedestrian_jaywalk", "red_light_runner")
LANE = ("cut_in", "lead_brakes", "merge_squeeze")
MEASURES = ("min_ttc", "max_drac", "min_pet")


@cache
def ran(name: str, seed: int = 3) -> tuple[Log, float]:
    family = load_families()[name]()
    draws = family.draw(np.random.default_rng(seed).random((MANY, family.dimensions)))
    range_m = EVENTS[family.event].range_m
    episode = family.build(draws).episode(seed=seed)
    return simulate(episode, seconds=family.seconds, range_m=range_m), range_m


def times(rows: Rows, i: int, reach: float) -> dict[int, tuple[float, float]]:
    """Of one row: TTC and DRAC to everybody within reach in its frame, by track."""
    out = {}
    here = rows.slice_of[i]
    for j in range(rows.start[here], rows.start[here + 1]):
        dx, dy = rows.x[j] - rows.x[i], rows.y[j] - rows.y[i]
        if j == i or np.hypot(dx, dy) > reach:
            continue
        wx = rows.speed[j] * np.cos(rows.yaw[j]) - rows.speed[i] * np.cos(rows.yaw[i])
        wy = rows.speed[j] * np.sin(rows.yaw[j]) - rows.speed[i] * np.sin(rows.yaw[i])
        own = (rows.yaw[i], rows.length[i], rows.width[i])
        t = ttc_2d(dx, dy, wx, wy, *own, rows.yaw[j], rows.length[j], rows.width[j])
        need = 0.5 * np.hypot(wx, wy) / t if t > 0.0 else np.inf
        out[int(rows.track[j])] = (t, need)
    return out


@compiled
@pytest.mark.parametrize("name", PLANE)
def test_the_least_ttc_and_the_largest_drac_in_the_plane_are_where_a_search_finds_them(
    name: str,
) -> None:
    log, reach = ran(name)
    checked = 0
    for k in range(MANY):
        part = log.episode(k)
        rows, own = Rows.of(part), part.outcomes.iloc[0]
        for measure, column, place in (
            ("min_ttc", "min_ttc_s", 0),
            ("max_drac", "max_drac_mps2", 1),
        ):
            value, at, whom = own[column], own[f"{measure}_at_s"], own[f"{measure}_with"]
            assert np.isnan(at) == (whom == -1)
            if whom < 0 or own["collided"]:
                continue
            assert at == pytest.approx(LOG_STEP_S * round(at / LOG_STEP_S), abs=1e-9)
            mine = np.flatnonzero((rows.track == 0) & (rows.frame == round(at / LOG_STEP_S)))
            found = times(rows, int(mine[0]), reach)[int(whom)][place]
            # what is logged is rounded to single precision
            assert found == pytest.approx(value, rel=2e-3, abs=2e-3)
            checked += 1
    assert checked > MANY // 2


@compiled
@pytest.mark.parametrize("name", LANE)
def test_the_least_ttc_along_the_lane_is_that_to_whom_it_names(name: str) -> None:
    log, _ = ran(name)
    checked = 0
    for k in range(MANY):
        part = log.episode(k)
        own = part.outcomes.iloc[0]
        if own["min_ttc_with"] < 0 or own["collided"]:
            continue
        frame = round(own["min_ttc_at_s"] / LOG_STEP_S)
        at = part.tracks[part.tracks["frame"] == frame].set_index("track_id")
        me, other = at.loc[0], at.loc[own["min_ttc_with"]]
        gap = other["x_m"] - me["x_m"] - 0.5 * (other["length_m"] + me["length_m"])
        ttc = gap / (me["speed_mps"] - other["speed_mps"])
        assert ttc == pytest.approx(own["min_ttc_s"], rel=2e-3, abs=2e-3)
        checked += 1
    assert checked > MANY // 3


@compiled
@pytest.mark.parametrize("name", PLANE)
def test_the_least_pet_is_to_whom_the_tracks_give_it(name: str) -> None:
    log, _ = ran(name)
    rows = Rows.of(log)
    checked = 0
    for k in range(MANY):
        own = log.outcomes[log.outcomes["episode_id"] == log.episodes["episode_id"][k]].iloc[0]
        whom = int(own["min_pet_with"])
        assert (whom == -1) == np.isnan(own["min_pet_s"]) == np.isnan(own["min_pet_at_s"])
        if whom < 0:
            continue
        a, b = (
            np.flatnonzero((rows.episode == k) & (rows.track == track))[:1] for track in (0, whom)
        )
        told, _ = encroachments(rows, a, b, 5.0)
        assert told[0] == pytest.approx(own["min_pet_s"], abs=1e-6)
        frames = rows.frame[(rows.episode == k) & np.isin(rows.track, (0, whom))]
        assert frames.min() <= own["min_pet_at_s"] / LOG_STEP_S <= frames.max()
        checked += 1
    assert checked > 0


@compiled
def test_contact_with_the_leader_is_the_least_ttc_then_and_to_it() -> None:
    log, _ = ran("cut_out")
    zero = log.outcomes[log.outcomes["min_ttc_s"] == 0.0]
    assert len(zero) > 5
    np.testing.assert_array_equal(zero["min_ttc_with"], zero["other_id"])
    late = zero["min_ttc_at_s"] - zero["contact_s"]
    assert (late >= 0.0).all(), "one was struck from the side first"
    assert (late == 0.0).sum() >= len(zero) - 1


def test_outcomes_of_earlier_versions_are_read_as_of_nobody() -> None:
    log, _ = ran("cut_in")
    old = log.outcomes.drop(columns=[c for c in log.outcomes if c.endswith(("_at_s", "_with"))])
    read = Log.of(log.episodes, log.tracks, old).outcomes
    assert (read["min_ttc_with"] == -1).all()
    assert read["min_pet_at_s"].isna().all()
    same = [name for name in old if name != "episode_id"]
    pd.testing.assert_frame_equal(read[same], log.outcomes[same])
