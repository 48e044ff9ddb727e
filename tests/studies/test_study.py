"""The study on tables whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from feature_tables import make_table

from sim.base.errors import UserError
from sim.features import PLANE_PHYSICS, FeatureTable
from sim.learn.bootstrap import seed_weights
from sim.learn.units import Support
from sim.report import plots
from sim.report.page import page
from sim.studies.arms import ARMS
from sim.studies.compare import pairs
from sim.studies.data import StudyData, prepare
from sim.studies.pool import Pool
from sim.studies.results import Cell, Samples
from sim.studies.run import StudyResult, measure
from sim.studies.settings import StudySettings
from sim.studies.summary import records
from sim.studies.summary_rows import rounded

SMALL = StudySettings(
    fractions=(0.1, 1.0),
    seeds=2,
    detectors=("logistic",),
    spot_detectors=("hgb",),
    positives_max=2000,
    resamples=60,
    negatives_max=2000,
    alphas=(0.3, 3.0),
    tuning_events_min=100_000,
    sizes=(10,),
    variant_seeds=1,
)
ONE = replace(SMALL, spot_detectors=(), sizes=())
ARM_NAMES = {
    *("physics_ttc", "physics_mttc", "physics_drac", "physics_areq", "physics_ttc2"),
    *("physics_closing2", "physics_thw", "real", "real_class_weight", "real_oversample"),
    *("real_jitter", "real_ordinary_sim", "real_sim_pooled", "real_sim_weighted", "sim_only"),
    *("real_sim_shuffled", "real_extra", "real_half_a", "real_half_b"),
    *("best_recorded", "best_simulated", "best_simulated_shuffled"),
}
METRICS = {
    *("recall_at_6_fah", "recall_at_30_fah", "recall_at_val_threshold", "fah_at_val_threshold"),
    *("average_precision", "prevalence", "lead_time_s"),
    *(f"recall_at_{b}_fah_{lead}" for b in (6, 30) for lead in ("05s", "1s", "15s")),
}


def simulated(signal: float = 1.5, seed: int = 8) -> dict[str, FeatureTable]:
    return {
        "edge": make_table(
            site="edge", recordings=40, conflict_share=0.6, signal=signal, source="simulated"
        ),
        "ordinary": make_table(
            site="ordinary", recordings=10, conflict_share=0.0, source="simulated", seed=seed
        ),
    }


def material(train: FeatureTable, test: FeatureTable, **sim: FeatureTable) -> StudyData:
    return prepare(train, test, resamples=60, seed=0, **{**simulated(), **sim})


def both_sites(signal: float = 1.5) -> FeatureTable:
    """Two test sites: "a", on which training takes place too, and "b"."""
    same = make_table(site="a", recordings=6, signal=signal, seed=5)
    names = tuple(f"a-test-{k}" for k in range(6))
    renamed = {f"a-{k}": name for k, name in enumerate(names)}
    same = FeatureTable(
        **{
            **vars(same),
            "episode_names": names,
            "episode_group": names,
            "events": same.events.assign(episode_id=same.events["episode_id"].map(renamed)),
        }
    )
    new = make_table(site="b", recordings=6, signal=signal, shift=0.5, seed=6)
    return FeatureTable.concat([same, new])


@pytest.fixture(scope="module")
def small() -> StudyResult:
    rows = material(make_table(site="a", recordings=20), both_sites())
    return measure(rows, SMALL, kind="recorded", seed=0, pool=Pool(1))


def rows_of(summary: Mapping[str, Any], part: str, **wanted: object) -> list[dict[str, Any]]:
    return [r for r in summary[part] if all(r[k] == v for k, v in wanted.items())]


def in_full(result: StudyResult) -> dict[str, Any]:
    """The summary with every row of the tables."""
    tables = {"results": result.means, "comparisons": result.comparisons}
    return {**result.summary, **{part: records(table) for part, table in tables.items()}}


def test_every_arm_and_metric_is_there_under_its_name(small: StudyResult) -> None:
    assert {row["arm"] for row in small.summary["results"]} == ARM_NAMES
    # the rows know nothing of the plane, and no recording was left out by an examination
    assert set(ARMS) - ARM_NAMES == {*PLANE_PHYSICS, "real_unexamined"}
    assert {row["metric"] for row in small.summary["results"]} == METRICS
    assert {row["detector"] for row in small.summary["results"]} == {
        *("none", "logistic", "hgb", "chosen")
    }


def test_regimes_and_the_average_over_their_sites(small: StudyResult) -> None:
    places = {(row["regime"], row["site"]) for row in small.summary["results"]}
    assert places == {
        *(("same_site", "a"), ("same_site", "macro"), ("same_site", "pooled")),
        *(("new_site", "b"), ("new_site", "macro"), ("new_site", "pooled")),
    }


def test_fractions_are_null_where_no_recording_is_trained_on(small: StudyResult) -> None:
    for row in small.summary["results"]:
        without = row["arm"].startswith("physics") or row["arm"] == "sim_only"
        assert (row["fraction"] is None) is without
    assert not rows_of(small.summary, "results", arm="real_extra", fraction=1.0)
    assert rows_of(small.summary, "results", arm="real_extra", fraction=0.1)
    assert not rows_of(small.summary, "results", arm="real_half_a", fraction=0.1)


def test_spot_detectors_train_their_arms_at_both_ends_only(small: StudyResult) -> None:
    spot = {row["arm"] for row in small.summary["results"] if row["detector"] == "hgb"}
    assert spot == {*SMALL.spot_arms}


def test_comparisons_are_those_settled_beforehand(small: StudyResult) -> None:
    made = {(row["arm"], row["baseline"]) for row in small.summary["comparisons"]}
    absent = {*PLANE_PHYSICS, "real_unexamined"}
    assert made == {pair for pair in pairs() if not absent & {*pair}}
    for row in small.summary["comparisons"]:
        assert row["fraction"] in (0.1, 1.0)
        assert row["detector"] in ("logistic", "hgb", "chosen")
        if row["low"] is not None:
            assert row["low"] <= row["high"]
            assert row["detectable"] >= 0


def test_a_difference_is_that_of_the_means(small: StudyResult) -> None:
    at = {"detector": "logistic", "fraction": 1.0, "site": "b", "metric": "average_precision"}
    whole = in_full(small)
    mean = {
        arm: rows_of(whole, "results", arm=arm, **at)[0]["mean"]
        for arm in ("real", "real_sim_weighted")
    }
    found = rows_of(
        whole,
        "comparisons",
        arm="real_sim_weighted",
        baseline="real",
        kind=None,
        slice=None,
        **at,
    )[0]
    assert found["difference"] == pytest.approx(mean["real_sim_weighted"] - mean["real"])


def test_results_hold_one_row_an_arm_size_seed_site_and_metric(small: StudyResult) -> None:
    key = ["arm", "detector", "fraction", "regime", "site", "kind", "slice", "metric", "seed"]
    assert not small.results.duplicated(key).any()
    trained = small.results[small.results["detector"] != "none"]
    assert set(trained["seed"]) == {0, 1}


def test_the_summary_says_what_it_rests_on(small: StudyResult) -> None:
    logs = small.summary["logs"]
    assert logs["kind"] == "recorded"
    assert logs["train"]["recordings"] == 20
    assert set(logs["test"]) == {"a", "b"}
    assert logs["test"]["b"]["events"] > 0
    assert small.summary["cpu_seconds"] > 0
    assert small.summary["peak_mb"] > 50


def test_kinds_are_counted_by_side_and_regime(small: StudyResult) -> None:
    logs = small.summary["logs"]
    assert set(logs["kinds"]) == {"train", "test", "new_site", "same_site"}
    for regime in ("new_site", "same_site"):
        sites = [site for site in logs["test"].values() if site["regime"] == regime]
        assert sum(logs["kinds"][regime].values()) == sum(site["events"] for site in sites)
    assert sum(logs["kinds"]["test"].values()) == sum(s["events"] for s in logs["test"].values())
    assert sum(logs["kinds"]["train"].values()) == logs["train"]["events"]


def test_the_summary_leaves_out_what_the_report_does_not_read(
    small: StudyResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chart in ("share_curve", "size_curve", "arms"):
        monkeypatch.setattr(plots, chart, lambda *_: None)
    whole = rounded(in_full(small))

    def read(summary: dict[str, Any]) -> str:
        return page(summary).split("<h2>Every comparison</h2>")[0]

    assert read(small.summary) == read(whole)
    for part, most in (("results", 0.75), ("comparisons", 0.5)):
        assert len(small.summary[part]) < most * len(whole[part])
        assert all(row in whole[part] for row in small.summary[part][::50])


def test_the_same_numbers_whatever_the_number_of_workers(small: StudyResult) -> None:
    rows = material(make_table(site="a", recordings=20), both_sites())
    again = measure(rows, SMALL, kind="recorded", seed=0, pool=Pool(2))
    pd.testing.assert_frame_equal(small.results, again.results)
    pd.testing.assert_frame_equal(small.comparisons, again.comparisons)
    for name, model in small.models.items():
        table = rows.test
        np.testing.assert_array_equal(model.score(table), again.models[name].score(table))


def mean_of(result: StudyResult, arm: str, site: str = "b", **more: object) -> float:
    at = {"arm": arm, "detector": "logistic", "site": site, "metric": "average_precision", **more}
    return float(rows_of(in_full(result), "results", **at)[0]["mean"])


def test_a_planted_signal_is_found_by_simulation_alone() -> None:
    rows = material(
        make_table(site="a", recordings=12, signal=4.0, seed=11),
        both_sites(signal=4.0),
        edge=simulated(signal=4.0)["edge"],
    )
    found = measure(rows, ONE, kind="recorded", seed=0, pool=Pool(1))
    prevalence = rows_of(found.summary, "results", site="b", metric="prevalence")[0]["mean"]
    assert mean_of(found, "sim_only") > 0.9 > 10 * prevalence
    shuffled = mean_of(found, "real_sim_shuffled", fraction=0.1)
    assert mean_of(found, "real_sim_weighted", fraction=0.1) > shuffled


def test_nothing_is_found_where_there_is_nothing() -> None:
    rows = material(
        make_table(site="a", recordings=12, signal=0.0),
        both_sites(signal=0.0),
        edge=simulated(signal=0.0)["edge"],
    )
    found = measure(rows, ONE, kind="recorded", seed=0, pool=Pool(1))
    gains = rows_of(
        in_full(found),
        "comparisons",
        arm="real_sim_weighted",
        baseline="real",
        metric="average_precision",
        site="macro",
    )
    assert gains
    for row in gains:
        assert row["low"] <= 0.01
        assert row["high"] >= -0.01


def test_the_halves_differ_by_chance_only(small: StudyResult) -> None:
    rows = rows_of(
        in_full(small),
        "comparisons",
        arm="real_half_a",
        baseline="real_half_b",
        metric="average_precision",
    )
    assert rows
    assert all(row["low"] <= 0.0 <= row["high"] for row in rows if row["site"] == "macro")


def test_shuffled_simulation_is_not_better_than_none(small: StudyResult) -> None:
    for share in (0.1, 1.0):
        gain = mean_of(small, "real_sim_shuffled", fraction=share) - mean_of(
            small, "real", fraction=share
        )
        assert gain < 0.02


def test_sides_that_share_a_recording_or_a_group_are_refused() -> None:
    train = make_table(site="a", recordings=4)
    with pytest.raises(UserError, match="recording 'a-0' is on both sides"):
        material(train, make_table(site="a", recordings=4, seed=3))
    other = make_table(site="b", recordings=4)
    shared = FeatureTable(**{**vars(other), "episode_group": train.episode_group})
    with pytest.raises(UserError, match="group 'a/0' is on both sides"):
        material(train, shared)


def test_logs_without_a_conflict_are_refused() -> None:
    quiet = make_table(site="b", recordings=4, conflict_share=0.0)
    with pytest.raises(UserError, match="no conflict to be caught in the test"):
        material(make_table(site="a", recordings=4), quiet)
    with pytest.raises(UserError, match="no conflict in the simulated"):
        material(
            make_table(site="a", recordings=4),
            make_table(site="b", recordings=4),
            edge=make_table(site="edge", recordings=4, conflict_share=0.0),
        )


@pytest.mark.parametrize("name", ["pooled", "macro"])
def test_sites_named_as_what_a_report_adds_are_refused(name: str) -> None:
    with pytest.raises(UserError, match=f"a site cannot be called '{name}'"):
        material(make_table(site="a", recordings=4), make_table(site=name, recordings=4))


def test_two_arms_that_are_one_have_no_smallest_effect() -> None:
    """After a fall back both arms have one recipe: that they agree is no measurement."""
    place = ("hgb", 1.0, "new_site", "b", "", "")
    rng = np.random.default_rng(0)
    precision, other = rng.uniform(0.2, 0.4, (2, 2, 61))
    recall = np.full((2, 61), 0.5)  # two arms can catch the same conflicts and not be one
    values = {
        Cell(arm, *place, metric): value
        for arm, of in (("one", precision), ("twin", precision), ("another", other))
        for metric, value in (("average_precision", of), ("recall_at_30_fah", recall))
    }
    samples = Samples(values, seed_weights(2, 60, 0), {("new_site", "b", "", ""): Support(40, 20)})
    for metric in ("average_precision", "recall_at_30_fah"):
        one, twin, another = (Cell(arm, *place, metric) for arm in ("one", "twin", "another"))
        same = samples.difference(one, twin)
        assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
        assert np.isnan(same.detectable)
        assert samples.difference(one, another).detectable > 0.0
