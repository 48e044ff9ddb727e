"""Coverage: counted by hand, and gaps that the next run closes."""

import dataclasses
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.base.store import write_json
from sim.cli.verbs import coverage as verb
from sim.family import Family, Terms, load_families
from sim.report.coverage import coverage_text
from sim.sampling import Covering, generate, input_coverage
from sim.sampling.cells.bins import Combos
from sim.sampling.coverage.advice import load_advice, save_advice
from sim.sampling.coverage.hints import densest, wilson_low
from sim.sampling.coverage.inputs import run_spans, spans_of, spread
from sim.sampling.coverage.nature import natural_shares
from sim.sampling.coverage.outcomes import (
    SEVERITIES,
    outcome_table,
    outcomes,
    preventability,
    severity,
)
from sim.sampling.opened import Opened, open_run

PINS = {"left_lane": 0.8, "right_lane": 0.95, "accepted": 3.0, "start": 3.0}
FAMILY = load_families()["cut_in"]().with_overrides(PINS)  # left: speed, gap, across
BOUND: Family = dataclasses.replace(
    FAMILY, variant=Terms(name="near_only", constraints=("gap < 8 or speed > 18.5",))
)
OPENED = Opened(Path(), FAMILY, {"name": "iid"}, 4, 0, 15.0)
RUN: dict[str, Any] = {"seed": 3, "seconds": 8.0, "jobs": 1, "progress": False}


def points(cells: list[tuple[int, int, int]], levels: int = 2) -> np.ndarray:
    """Points of the family in the middle of cells of speed, gap and across."""
    out = np.full((len(cells), FAMILY.dimensions), 0.5)
    for at, column in zip(FAMILY.space.scene_wide, np.array(cells).T):
        out[:, at] = (column + 0.5) / levels
    return out


def test_three_points_by_hand() -> None:
    found = input_coverage(FAMILY, points([(0, 0, 0), (0, 0, 1), (0, 1, 1)]), levels=2)
    assert found.bins.names == ("speed", "gap", "across")
    assert [t.covered for t in found.tallies] == [5, 7, 3]  # of 6, 12, 8
    assert [len(t.combos) for t in found.tallies] == [6, 12, 8]
    assert found.tallies[0].hits.tolist() == [3, 0, 2, 1, 1, 2]
    assert found.tallies[1].hits[:4].tolist() == [2, 1, 0, 0]  # speed x gap
    assert found.tallies[2].share == 3 / 8
    assert found.labels(0) == ["4 to 18.5", "18.5 to 33"]


def test_what_constraints_forbid_is_not_missing() -> None:
    found = input_coverage(BOUND, points([(0, 0, 0)]), levels=2)
    allowed = {
        tuple(np.ravel(found.tallies[2].combos.cells(np.array([k]))[1]))
        for k in np.flatnonzero(found.tallies[2].allowed)
    }
    # Slow speed with the larger half of gaps (above the median of 12.6 m) is forbidden.
    assert allowed == set(itertools.product(range(2), repeat=3)) - {(0, 1, 0), (0, 1, 1)}
    assert [t.covered for t in found.tallies] == [3, 3, 1]
    assert len(found.tallies[2].missing) == 5


def test_points_come_back_from_episodes() -> None:
    u = np.random.default_rng(1).random((50, FAMILY.dimensions))
    columns = FAMILY.columns(FAMILY.draw(u))
    table = pd.DataFrame({f"q.{name}": values for name, values in columns.items()})
    for back in spans_of(FAMILY, table):
        for k in FAMILY.space.scene_wide:
            np.testing.assert_allclose(back[:, k], u[:, k], atol=1e-9)
    with pytest.raises(UserError, match=r"episodes: expected a column q\.gap_m, got"):
        spans_of(FAMILY, table.drop(columns="q.gap_m"))


def test_a_value_that_tells_no_part_counts_for_all_of_them() -> None:
    """By day everybody sees as far, whatever the coordinate: the design is still whole."""
    family = load_families()["pedestrian_crossing"]()
    design = Covering()
    u, _ = design.ask(len(design.design(family.space, 1)), family.space, 1)
    span = family.span(family.draw(u))
    found = input_coverage(family, spread(*span), strength=2, span=span)
    assert found.tallies[1].share == 1.0
    many = np.random.default_rng(3).random((2000, family.dimensions))
    span = family.span(family.draw(many))
    single = input_coverage(family, spread(*span), strength=1, span=span).tallies[0]
    at = found.bins.names.index("sight")
    hits = single.hits[single.combos.offset[at] : single.combos.offset[at + 1]]
    assert np.abs(hits - 500).max() < 80


@pytest.mark.parametrize("family", [FAMILY, BOUND], ids=["free", "bound"])
def test_advice_closes_the_gaps(family: Family, tmp_path: Path) -> None:
    some = np.random.default_rng(2).random((60, family.dimensions))
    some = some[family.feasible(some)][:20]
    before = input_coverage(family, some, levels=4)
    assert before.tallies[2].share < 0.6
    advice = save_advice(before, tmp_path / "advice.json")
    wanted = load_advice(advice, family.space).wanted
    assert np.array_equal(np.flatnonzero(wanted), before.tallies[2].missing)
    sampler = Covering(advice=advice)
    n = len(sampler.design(family.space, 5))
    assert n <= len(before.tallies[2].missing)
    more, log_weight = sampler.ask(n, family.space, 5)
    assert not log_weight.any()
    assert (sampler.proposals(n, family.space, 5) == -1).all()
    after = input_coverage(family, np.vstack([some, more]), levels=4)
    assert [t.share for t in after.tallies] == [1.0, 1.0, 1.0]
    nothing = save_advice(after, tmp_path / "done.json")
    with pytest.raises(UserError, match="nothing that the family allows is left to cover"):
        Covering(advice=nothing).ask(1, family.space, 5)


def test_advice_is_data_that_is_checked(tmp_path: Path) -> None:
    good = save_advice(input_coverage(FAMILY, points([(0, 0, 0)]), levels=2), tmp_path / "a.json")
    held = json.loads(good.read_text())
    three = ["speed", "gap", "across"]
    for change, said in (
        ({"closecall": "other"}, "closecall: expected a file of closecall coverage"),
        ({"levels": 1.5}, "levels: expected a whole number in 2-20, got 1.5"),
        ({"levels": 3}, "sizes: expected this family's quantities"),
        ({"strength": 4}, "strength: expected a whole number in 1-3, got 4"),
        ({"missing": {}}, "missing: expected a list"),
        ({"missing": [3]}, "expected keys 'of' and 'cells', got 3"),
        ({"missing": [{"of": ["x", "gap", "across"], "cells": [[0, 0, 0]]}]}, "unknown quantity"),
        ({"missing": [{"of": ["speed"], "cells": [[0]]}]}, "3 quantities in the family's order"),
        ({"missing": [{"of": three, "cells": [[0, 0, 2]]}]}, "expected cells below"),
        ({"missing": [{"of": three, "cells": [[0, 0]]}]}, "lists of 3 whole numbers"),
        ({"missing": [{"of": three, "cells": []}]}, "lists of 3 whole numbers"),
    ):
        bad = write_json(held | change, tmp_path / "bad.json")
        with pytest.raises(UserError, match=said):
            Covering(advice=bad).ask(1, FAMILY.space, 1)
    with pytest.raises(UserError, match="lists of 3 whole numbers"):
        generate(FAMILY, n=2, out=tmp_path / "run", sampler=Covering(advice=bad), **RUN)
    assert not (tmp_path / "run").exists()
    with pytest.raises(UserError, match=r"sampler.advice: expected the file with SHA-256 00"):
        Covering(advice=good, digest="00")


def test_severity_by_hand() -> None:
    egos = pd.DataFrame(
        {
            "min_ttc_s": [np.nan, 2.9, 3.1, 0.0, 0.0, 0.0],
            "min_pet_s": np.nan,
            "collided": [False, False, False, True, True, True],
            "impact_speed_mps": [np.nan, np.nan, np.nan, 8.0, 16.0, 16.0],
            "harder_mps": [np.nan, np.nan, np.nan, 4.1, 4.2, 9.0],
        }
    )
    told = ["ordinary", "near", "ordinary", "light", "moderate", "severe"]
    assert severity(FAMILY, egos).tolist() == told


def test_outcomes_by_hand(tmp_path: Path) -> None:
    """Four episodes: a turn into a bicycle, hard braking, a lane change, and nothing."""
    ids = ["a-0", "a-1", "a-2", "a-3"]
    episodes = pd.DataFrame(
        {"episode_id": ids, "log_weight": np.log([1.0, 2.0, 0.5, 0.5]), "proposal": [0, 1, 1, 0]}
    )
    t = np.arange(5) * 0.1
    yaw = {"a-0": [0, 0.3, 0.6, 0.6, 0.6], "a-1": [6.2, 6.28, 0.05, 0.05, 0.05]}
    ego = {
        "yaw_rad": np.concatenate([yaw.get(name, np.zeros(5)) for name in ids]),
        "accel_mps2": np.repeat([0.0, -4.0, 0.0, 0.0], 5),
        "lane": np.array([1] * 12 + [2] * 3 + [1] * 5),
    }
    tracks = pd.DataFrame(
        {"episode_id": np.repeat(ids, 5), "track_id": 0, "t_s": np.tile(t, 4)} | ego
    )
    rows = [
        ("a-0", 0, "car", 0.0, True, 2, "left", 9.0, 5.0, 0.3),
        ("a-0", 1, "car", 5.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-0", 2, "bicycle", 0.0, True, 0, "front", 9.0, 5.0, 0.3),
        ("a-1", 0, "car", 2.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-1", 1, "truck", 2.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-1", 2, "car", 9.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-2", 0, "car", 7.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-2", 1, "car", 8.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-2", 2, "truck", 9.0, False, -1, None, np.nan, np.nan, np.nan),
        ("a-3", 0, "car", 9.0, False, -1, None, np.nan, np.nan, np.nan),
    ]
    names = ["episode_id", "track_id", "kind", "min_ttc_s", "collided", "other_id"]
    names += ["contact_side", "impact_speed_mps", "delta_v_mps", "contact_s"]
    ends = pd.DataFrame(rows, columns=names).assign(min_pet_s=np.nan)
    ends = ends.assign(max_drac_mps2=0.0, contact_x_m=np.nan, contact_y_m=np.nan)
    ends["min_ttc_with"] = [1, 0, 0, 1, 0, 0, -1, -1, -1, -1]
    for table, frame in (("episodes", episodes), ("outcomes", ends), ("tracks", tracks)):
        (tmp_path / table).mkdir()
        frame.to_parquet(tmp_path / table / "part-00000.parquet")
    run = dataclasses.replace(OPENED, folder=tmp_path)
    met = outcomes(run)
    assert met["severity"].tolist() == ["moderate", "near", "ordinary", "ordinary"]
    assert met["who"].tolist() == ["bicycle", "truck", "several", "nobody"]
    assert met["manoeuvre"].tolist() == ["turns", "brakes", "changes lane", "goes on"]
    assert met["side"].tolist() == ["left", "", "", ""]
    shares = natural_shares(met)
    assert shares is not None
    assert {name: one.share for name, one in shares.items()} == pytest.approx(
        {"ordinary": 0.25, "near": 0.5, "light": 0.0, "moderate": 0.25, "severe": 0.0}
    )
    assert natural_shares(met.assign(weight=np.nan)) is None
    table = outcome_table(met)
    assert table.to_numpy().sum() == 4
    assert table.shape == (4 * 4, 5)
    assert table.loc[("bicycle", "turns"), "moderate"] == 1


def test_the_densest_bins_are_ranked_by_what_is_sure() -> None:
    cells = [(0, 0, 0)] * 12 + [(1, 1, 1)] * 40 + [(0, 1, 0)] * 3
    hit = np.array([True] * 12 + [True] * 30 + [False] * 10 + [True] * 3)
    u = points(cells)
    (first, *_) = densest(input_coverage(FAMILY, u, levels=2), u, hit)
    assert first.where == {"speed": "4 to 18.5", "across": "0.4 to 1.1"}
    assert (first.episodes, first.share) == (15, 1.0)
    low = wilson_low(np.array([12, 30, 3, 0]), np.array([12, 40, 3, 0]))
    assert low == pytest.approx([0.7575, 0.5981, 0.4385, 0.0], abs=1e-4)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("runs")
    first = generate(FAMILY, n=24, out=folder / "first", shard=16, **RUN)
    out = verb.run(verb.Settings(path=first, out=folder / "c1", levels=3), "x: 1\n")
    sampler = Covering(advice=out / "advice.json")
    n = len(sampler.design(FAMILY.space, 3))
    second = generate(FAMILY, n=n, out=folder / "second", sampler=sampler, **RUN)
    return first, second


def test_the_verb_from_gap_to_none(
    runs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = runs
    alone = verb.run(verb.Settings(path=first, out=tmp_path / "alone", levels=3), "x: 1\n")
    text = capsys.readouterr().out
    assert "cut_in: 24 episodes" in text
    assert "sampler=covering sampler.advice=" in text
    figures = json.loads((alone / "coverage.json").read_text())
    assert figures["ways"]["3-way"]["share"] < 1
    assert sum(figures["bins"]["gap"]["episodes"]) == 24
    assert sum(row[s] for row in figures["outcomes"] for s in SEVERITIES) == 24
    shares = figures["natural_shares"]
    assert sum(one["share"] for one in shares.values()) == pytest.approx(1.0)
    assert "in nature (95 % interval)" in text
    both = verb.run(
        verb.Settings(path=first, also=[second], out=tmp_path / "both", levels=3), "x: 1\n"
    )
    text = capsys.readouterr().out
    figures = json.loads((both / "coverage.json").read_text())
    assert [way["share"] for way in figures["ways"].values()] == [1.0, 1.0, 1.0]
    assert figures["natural_shares"] is None
    assert "every feasible 3-way bin is covered" in text
    assert "no probability sample" in text
    assert {p.name for p in both.iterdir()} == {
        "advice.json",
        "config.yaml",
        "coverage.json",
        "coverage.png",
    }


def test_a_run_keeps_what_its_advice_was(runs: tuple[Path, Path]) -> None:
    sampler = json.loads((runs[1] / "manifest.json").read_text())["configuration"]["sampler"]
    assert sampler["name"] == "covering"
    assert len(sampler["digest"]) == 64
    episodes = open_run(runs[1]).episodes()
    assert (episodes["proposal"] == -1).all()
    assert (open_run(runs[0]).episodes()["proposal"] == 0).all()


def test_runs_of_different_families_are_not_mixed(runs: tuple[Path, Path], tmp_path: Path) -> None:
    one = open_run(runs[0])
    other = dataclasses.replace(one, family=one.family.with_overrides({"gap": 9}))
    with pytest.raises(UserError, match="also: expected a run of the same family and distr"):
        run_spans([one, other])
    with pytest.raises(UserError, match="path: expected a folder that closecall generate wrote"):
        verb.run(verb.Settings(path=tmp_path), "")
    (runs[0] / "outcomes").rename(tmp_path / "outcomes")
    try:
        with pytest.raises(UserError, match=r"path: expected part-00000\.parquet in outcomes"):
            outcomes(one)
    finally:
        (tmp_path / "outcomes").rename(runs[0] / "outcomes")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"levels": 1}, "levels: expected a whole number in 2-20, got 1"),
        ({"strength": 4}, "strength: expected 1, 2 or 3, got 4"),
    ],
)
def test_impossible_settings(settings: dict[str, int], said: str) -> None:
    with pytest.raises(UserError, match=said):
        input_coverage(FAMILY, points([(0, 0, 0)]), **settings)
    with pytest.raises(UserError, match=said):
        verb.Settings(path=Path(), **settings)  # type: ignore[arg-type]


def test_percentages_never_round_to_all_or_nothing() -> None:
    u = points(list(itertools.product(range(13), repeat=3))[1:], levels=13)
    found = input_coverage(FAMILY, u, levels=13)
    text = coverage_text(found, pd.DataFrame({"who": []}), None, {}, [], "")
    assert ">99.9%" in text
    assert "avoid" not in text


def test_preventability_counts_labelled_crashes_alone() -> None:
    met = pd.DataFrame({"side": ["left", "front", "rear", "", "left"]})
    assert preventability(met) == {}
    labelled = met.assign(preventable=["all", "none", "all", "all", ""])
    shares = preventability(labelled)
    assert shares == pytest.approx({"all": 2 / 3, "none": 1 / 3})
    found = input_coverage(FAMILY, points([(0, 0, 0)]), levels=2)
    text = coverage_text(found, pd.DataFrame({"who": []}), None, shares, [], "")
    assert "crashes that reference drivers avoid: all 66.7%, none 33.3%" in text


def test_more_combinations_than_can_be_counted_are_refused() -> None:
    with pytest.raises(UserError, match=r"at most 20,000,000 combinations .* got 900,000,000$"):
        Combos.of([30_000, 30_000], 2)
    with pytest.raises(UserError, match="strength: expected at most"):
        Combos.of([2**22] * 3, 3)  # more than 64 bits hold
    assert len(Combos.of([20] * 14, 3)) == 2_912_000
